import { onTestFinished } from 'vitest'
import { createLogin, type Login, type LoginEvent, type LoginOptions, type SessionStore } from '../../src/index.ts'
import { scopes } from '../../src/globus.ts'
import { memoryStore } from '../../src/session-store/memory.ts'
import { adapters, type App, type Mount, type Mounted, type TestData, type TestSession } from './adapters.ts'
import { createBrowser, type Browser, type WireAnswer } from './browser.ts'
import { createTestClock, type TestClock } from './clock.ts'
import { ada, clientId, clientSecret, startProvider, type Person, type TestProvider } from './provider.ts'

export const secret = 'CANARY-session-secret-0123456789-abcdefghij'
export const redirectUri = 'http://localhost:5000/login'

type Options = LoginOptions<TestData | undefined>

export interface RigOptions {
  /** `cookie`: no store at all. A function: called for each process. Default: one store in memory. */
  readonly store?: SessionStore | 'cookie' | ((now: () => number) => SessionStore)
  readonly options?: Partial<Omit<Options, 'session'>>
  readonly session?: Partial<Options['session']>
  readonly mount?: Mount
  readonly app?: App
}

/** A provider, a login and an application that uses it, closed when the test ends. */
export interface Rig {
  readonly provider: TestProvider
  readonly clock: TestClock
  readonly login: Login<TestData | undefined>
  readonly events: LoginEvent[]
  readonly app: Mounted
  readonly browser: Browser
  /** Another process of the same application: same provider and store, nothing else in common. Default: the same clock. */
  another(own?: TestClock): Promise<{ login: Login<TestData | undefined>; app: Mounted }>
  newBrowser(): Browser
}

const inMemory: Mount = (login, app) => {
  const mount = adapters['Hono in memory']
  if (mount === undefined) throw new TypeError('The adapter is gone.')
  return mount(login, app)
}

export async function createRig(rig: RigOptions = {}): Promise<Rig> {
  const clock = createTestClock()
  const provider = await startProvider(clock.now)
  onTestFinished(provider.close)
  const events: LoginEvent[] = []
  const shared = memoryStore({ now: clock.now })
  const start = async (own = clock): Promise<{ login: Login<TestData | undefined>; app: Mounted }> => {
    const login = createLogin<TestData | undefined>({
      ...loginOptions({ issuer: provider.issuer, clock: own, logger: (event) => void events.push(event) }),
      // For servers that run as in production.
      dangerouslyAllowLocalIssuerInProduction: true,
      session: { secrets: [secret], ...storeOption(rig.store ?? shared, clock.now), ...rig.session },
      ...rig.options,
    })
    onTestFinished(() => login.close())
    const app = await (rig.mount ?? inMemory)(login, rig.app)
    onTestFinished(app.close)
    return { login, app }
  }
  const { login, app } = await start()
  const home = new URL(rig.options?.redirectUri ?? redirectUri).origin
  const newBrowser = (): Browser => createBrowser(app.send, new Map(), home)
  return { provider, clock, login, events, app, browser: newBrowser(), another: start, newBrowser }
}

function storeOption(store: NonNullable<RigOptions['store']>, now: () => number): { store?: SessionStore } {
  if (store === 'cookie') return {}
  return { store: typeof store === 'function' ? store(now) : store }
}

export function loginOptions(options: Partial<Options>): Options {
  return {
    clientId,
    clientSecret,
    redirectUri,
    scopes: [scopes.openid, scopes.profile, scopes.email, scopes.transfer.all],
    session: { secrets: [secret] },
    ...options,
  }
}

/** Starts a login and returns the address at the provider. */
export async function start(browser: Browser, target = '/login'): Promise<string> {
  const answer = await browser.visit(target)
  return answer.headers.get('location') ?? ''
}

/** The whole way: start, consent, back. */
export async function logIn(
  { provider, browser }: { provider: TestProvider; browser: Browser },
  options: { who?: Person; from?: string } = {},
): Promise<WireAnswer> {
  const location = await start(browser, options.from)
  return browser.visit(provider.approve(location, options.who ?? ada))
}

export async function logOut(browser: Browser): Promise<WireAnswer> {
  const { body } = await browser.visit('/csrf')
  return browser.visit('/logout', { method: 'POST', form: { csrf_token: body } })
}

/** Opens the session of a browser in one process, as a request does. */
export async function openSession(login: Login<TestData | undefined>, browser: Browser): Promise<TestSession> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const { session } = await login.open({
    method: 'GET',
    target: '/',
    header: (name) => (name === 'cookie' ? cookie : undefined),
  })
  if (session === undefined) throw new TypeError('The browser has no session.')
  return session
}
