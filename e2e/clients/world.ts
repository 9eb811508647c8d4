import { randomBytes, randomUUID } from 'node:crypto'
import { demo, startEmulator, type RunningEmulator } from '@pierhead/emulator'
import { freePort } from '../../tools/lib/ports.ts'
import { describeCollections } from './judged-files.ts'

/** The emulator that the judges use. */
export interface JudgedWorld {
  readonly emulator: RunningEmulator
  /** What a judge's process gets beside its own environment. */
  readonly env: Readonly<Record<string, string>>
  /** Answers of 500 and above since the list was last emptied, as the emulator logs them. */
  readonly answers: string[]
}

/** Starts it, and registers the applications that have an address of their own. */
export async function openWorld(): Promise<JudgedWorld> {
  const answers: string[] = []
  const log = (line: string): void => {
    const [, request, reason = ''] = /^(.* 5\d\d) \d+ms(.*)$/.exec(line) ?? []
    if (request !== undefined) answers.push(request + reason)
    if (line.startsWith('warning: defect')) answers.push(line)
  }
  const emulator = await startEmulator({ port: 0, hosts: ['127.0.0.1'], tls: true, control: true, log })
  const world = JSON.stringify(
    describe(emulator, { tornado: await freePort(), apache: await freePort(), express: await freePort() }),
  )
  // Loopback never goes through a proxy, and nobody's own settings are read or written.
  const env = { ...emulator.info().env, EMULATOR_WORLD: world, NO_PROXY: '127.0.0.1,localhost' }
  return { emulator, env, answers }
}

function describe(emulator: RunningEmulator, ports: { tornado: number; apache: number; express: number }): object {
  const { people, clients, scopes } = demo
  const secretOf = (client: string): string | undefined => emulator.world.clients.secrets(client).at(-1)
  return {
    url: emulator.origin,
    control: emulator.info().control,
    collections: describeCollections(emulator),
    ...placesOf(emulator),
    people: {
      maya: { ...person(emulator, people.maya), linked: people.mayaOrcid },
      ingrid: person(emulator, people.ingrid),
      sam: person(emulator, people.sam),
      zoe: person(emulator, people.zoe),
    },
    ...describeServices(),
    clients: {
      native: { id: clients.tutorial },
      browser: { id: clients.browserApp, redirect_uri: 'http://localhost:5173/callback' },
      app: {
        id: clients.exampleApp,
        secret: secretOf(clients.exampleApp),
        redirect_uri: 'http://localhost:5000/login',
      },
      service: { id: clients.tideApi, secret: secretOf(clients.tideApi), scope: scopes.tideApi },
      tornado: {
        ...register(emulator, 'Tornado tutorial', `http://localhost:${ports.tornado}/login`),
        port: ports.tornado,
      },
      apache: register(emulator, 'Apache', `http://localhost:${ports.apache}/private/callback`),
      express: register(emulator, 'Express', `http://localhost:${ports.express}/callback`),
      authjs: register(emulator, 'Auth.js', 'http://localhost:3000/auth/callback/globus'),
    },
  }
}

/** Where the files of collections are: on this machine, and over HTTPS. */
function placesOf(emulator: RunningEmulator): object {
  const { collections } = emulator.info()
  return {
    places: Object.fromEntries(collections.map(({ id, root }) => [id, root])),
    servers: Object.fromEntries(collections.map(({ id, https_server: server }) => [id, server])),
  }
}

const describeServices = (): object => ({
  groups: {
    tide_crew: demo.groups.tideCrew,
    portal_users: demo.groups.portalUsers,
    harbour_subscription: demo.groups.harbourSubscription,
    subscription: demo.groups.subscription,
  },
  search_index: demo.searchIndexes.harbourData,
})

function person({ world }: RunningEmulator, id: string): object {
  const found = world.identities.find(id)
  return { id, name: found?.name, username: found?.username, email: found?.email }
}

function register({ world, clock }: RunningEmulator, name: string, redirectUri: string): object {
  const [id, secret] = [randomUUID(), randomBytes(32).toString('base64')]
  world.clients.put({
    id,
    name,
    clientType: 'confidential_client',
    parentClient: null,
    redirectUris: [redirectUri],
    privacyPolicy: null,
    termsAndConditions: null,
  })
  world.clients.addSecret(id, randomUUID(), secret, clock.now())
  return { id, secret, redirect_uri: redirectUri }
}
