import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type {
  APIRequestContext,
  Fixtures,
  PlaywrightTestArgs,
  PlaywrightTestOptions,
  PlaywrightWorkerArgs,
  PlaywrightWorkerOptions,
} from '@playwright/test'
import { createControlClient, type ControlClient } from './control-client.ts'
import type { EmulatorInfo } from './info.ts'
import { randomAlphanumeric, systemRandom } from './random.ts'
import type { SeedIdentity } from './seed.ts'
import { startEmulator, type StartOptions } from './server.ts'

/** The emulator as the tests of one worker see it. */
export interface GlobusForTests {
  /** Its address, without a trailing slash. */
  readonly url: string
  /** The variables by which the official clients find the services. */
  readonly env: Readonly<Record<string, string>>
  /** People, clients and collections as they were when it started. */
  readonly info: EmulatorInfo
  readonly control: ControlClient
}

/** Somebody whom no other test knows. */
export interface TestPerson {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly email: string
  readonly password: string
}

/** What each test is given. */
export interface GlobusFixtures {
  /** What is special about the people of a test, such as `{ mfa: true }`; for `test.use`. */
  readonly personDetails: Partial<SeedIdentity>
  /** A new person, who is logged in at the emulator with the test's browser context: an app's login shows no login page. */
  readonly person: TestPerson
}

/** What all tests of a worker share. */
export interface GlobusWorkerFixtures {
  /**
   * How the worker's own emulator is started; for `use` in the configuration. By default every consent is given without a page:
   * `behaviour: { autoConsent: false }` shows the page.
   */
  readonly globusOptions: StartOptions
  /** An emulator for the worker, or the one whose `--info` file `PIERHEAD_EMULATOR_INFO` names, started with `--control`. */
  readonly globus: GlobusForTests
}

type AllFixtures = Fixtures<
  GlobusFixtures,
  GlobusWorkerFixtures,
  PlaywrightTestArgs & PlaywrightTestOptions,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
>

/** Fixtures for `test.extend` of Playwright's test runner. */
export const globusFixtures: AllFixtures = {
  globusOptions: [{}, { option: true, scope: 'worker' }],
  globus: [
    async ({ globusOptions }, use) => {
      const file = process.env['PIERHEAD_EMULATOR_INFO']
      if (file !== undefined) return use(describe(readInfo(file)))
      const { behaviour, ...options } = globusOptions
      const started = { port: 0, control: true, behaviour: { autoConsent: true, ...behaviour }, ...options }
      await using emulator = await startEmulator(started)
      return await use(describe(emulator.info()))
    },
    { scope: 'worker' },
  ],
  personDetails: [{}, { option: true }],
  person: async ({ globus, context, personDetails }, use) => {
    const person = newPerson()
    const { id = person.id, username = person.username, password = person.password } = personDetails
    await globus.control.seed({ identities: [{ ...person, ...personDetails }] })
    await logIn(context.request, globus.url, { username, password })
    const { name, email } = personDetails
    await use({ id, username, name: name ?? person.name, email: email ?? person.email, password })
  },
}

const describe = (info: EmulatorInfo): GlobusForTests => ({
  url: info.url,
  env: info.env,
  info,
  control: createControlClient(info),
})

// What writeInfo of the same release wrote; a file without a control API is refused by createControlClient.
const readInfo = (file: string): EmulatorInfo => JSON.parse(readFileSync(file, 'utf8')) as EmulatorInfo

function newPerson(): TestPerson {
  const id = randomUUID()
  const username = `test-${id.slice(0, 8)}@harbour.example`
  const password = randomAlphanumeric(systemRandom, 16)
  return { id, username, name: `Test Person ${id.slice(0, 8)}`, email: username, password }
}

/** Signs in at the emulator itself; the context keeps its cookie. @throws Error when it does not let that person in */
async function logIn(
  request: APIRequestContext,
  url: string,
  { username, password }: Pick<TestPerson, 'username' | 'password'>,
): Promise<void> {
  const form = { next: '/v2/web/identities', username, password }
  const response = await request.post(`${url}/p/sign-in`, { form, headers: { origin: url }, maxRedirects: 0 })
  if (response.status() !== 303) throw new Error(`The emulator did not log ${username} in: status ${response.status()}`)
}
