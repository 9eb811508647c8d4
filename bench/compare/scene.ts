import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mock } from 'node:test'
import { startEmulator, type RunningEmulator } from '@pierhead/emulator'
import { Visitor } from './visitor.ts'

/** What became of one defect in one library. */
export interface Outcome {
  /** The library does what its user expects. */
  readonly holds: boolean
  /** What was seen, in few words. */
  readonly seen: string
}

/** A provider whose login and consent need nobody, and which gives another refresh token at each refresh. */
export interface Scene {
  readonly issuer: string
  register(redirectUri: string): { readonly clientId: string; readonly clientSecret: string }
  /** Runs the work while the provider takes a fifth of a second, and tells how many token requests were made. */
  countTokenRequests<Result>(
    work: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly requests: number }>
  /** Every access token that exists expires, by every clock. */
  expire(): void
  readonly close: () => Promise<void>
}

/** Seconds that an access token lives. */
const lifetime = 600

/** Stops the clocks of this process, libraries and provider alike, so that tokens expire when it is told. */
export async function startScene(): Promise<Scene> {
  mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const emulator = await startEmulator({
    port: 0,
    hosts: ['127.0.0.1'],
    behaviour: {
      refreshRotation: 'rotate',
      autoLogin: 'maya.okafor@harbour.example',
      autoConsent: true,
      accessTokenLifetime: lifetime,
    },
  })
  const requests = (): number => emulator.requestCounts.get('/v2/oauth2/token') ?? 0
  return {
    issuer: emulator.origin,
    register: (redirectUri) => registerClient(emulator, redirectUri),
    async countTokenRequests(work) {
      emulator.faults.next('token', { kind: 'delay', milliseconds: 200 }, 20)
      const before = requests()
      const result = await work()
      emulator.faults.clear()
      return { result, requests: requests() - before }
    },
    expire: () => mock.timers.tick((lifetime + 1) * 1000),
    async close() {
      await emulator.close()
      mock.timers.reset()
    },
  }
}

/** A confidential client that nobody else uses. */
export function registerClient(
  { world }: RunningEmulator,
  redirectUri: string,
): { clientId: string; clientSecret: string } {
  const [clientId, clientSecret] = [randomUUID(), randomUUID()]
  world.clients.put({
    id: clientId,
    name: 'Comparison',
    clientType: 'confidential_client',
    parentClient: null,
    redirectUris: [redirectUri],
    privacyPolicy: null,
    termsAndConditions: null,
  })
  world.clients.addSecret(clientId, randomUUID(), clientSecret, Date.now())
  return { clientId, clientSecret }
}

export interface Server {
  readonly origin: string
  readonly close: () => Promise<void>
}

/** Listens first, because an app must know its own address before it is made. */
export async function serve(makeApp: (origin: string) => RequestListener | Promise<RequestListener>): Promise<Server> {
  let listener: RequestListener = (_, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  // An address of a TCP server is an object.
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  listener = await makeApp(origin)
  return {
    origin,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

/** What four requests for a token should get: all of them one, by one token request. */
export function describeRefreshes(statuses: readonly number[], requests: number): Outcome {
  const seen = statuses.toSorted((left, right) => left - right).join(', ')
  return { holds: seen === '200, 200, 200, 200' && requests === 1, seen: `${seen}; token requests: ${requests}` }
}

/** R3: a request that only reads is under way while another writes; which of the two is kept. */
export async function writeDuringRead(
  { origin, gate }: { readonly origin: string; readonly gate: Gate },
  visitor: Visitor,
): Promise<Outcome> {
  await visitor.text(`${origin}/put?text=old`)
  const slow = visitor.copy().text(`${origin}/slow`)
  await gate.reached
  await visitor.text(`${origin}/put?text=new`)
  gate.open()
  await slow
  const read = await visitor.text(`${origin}/get`)
  return { holds: read === 'new', seen: `wrote "new" over "old", read ${JSON.stringify(read)}` }
}

/** R5: what two logins that start in one browser keep apart. */
export async function startTwoLogins(origin: string): Promise<Outcome> {
  const visitor = new Visitor()
  const start = async (): Promise<string | null> => {
    const { headers } = await visitor.request(`${origin}/login`)
    return new URL(headers.get('location') ?? '').searchParams.get('state')
  }
  const states = new Set([await start(), await start()])
  const cookies = visitor.cookies(origin).size
  return {
    holds: states.size === 2 && cookies === 2,
    seen: `states for two logins: ${states.size}, cookies: ${cookies}`,
  }
}

/** A door that a request waits at. */
export interface Gate {
  /** Resolves when somebody waits. */
  readonly reached: Promise<void>
  readonly pass: () => Promise<void>
  readonly open: () => void
}

export function createGate(): Gate {
  const arrival = Promise.withResolvers<void>()
  const opening = Promise.withResolvers<void>()
  return {
    reached: arrival.promise,
    pass: () => {
      arrival.resolve()
      return opening.promise
    },
    open: () => opening.resolve(),
  }
}
