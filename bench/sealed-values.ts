// Opens sealed sessions with the kit and with its peers, in turn, in one process on one core.
import { decode, encode, getToken } from '@auth/core/jwt'
import { getIronSession, sealData, unsealData } from 'iron-session'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { createSealer } from '../packages/pierhead/src/lib/session/seal.ts'
import { answerParent } from './child.ts'
import { createSessions } from './sessions.ts'

export interface SealedValuesQuestion {
  readonly count: number
  readonly rounds: number
  /** Milliseconds of processor time for each contender in each round. */
  readonly slice: number
}

export interface SealedValuesAnswer {
  /** Length of the JSON that the peers seal. */
  readonly payloadBytes: number
  /** Openings in a second of processor time, round by round. */
  readonly rates: { readonly [contender: string]: readonly number[] }
}

const warmUps = 3
const turns = 5
const password = 'one password of these measurements, 32 bytes and more'
const cookieName = 'session'
const ironOptions = { password, cookieName }
const joseKey = crypto.getRandomValues(new Uint8Array(32))

type Payload = Record<string, unknown>
/** Opens the value with this number and throws when nobody is in it. */
type Open = (index: number) => Promise<void>

answerParent(async (question) => {
  // Sent by run.ts.
  const { count, rounds, slice } = question as SealedValuesQuestion
  const { login, cookies } = await createSessions({ count, rememberBytes: 0 })
  const payloads = await Promise.all(cookies.map((cookie) => readPayload(login, cookie)))
  const contenders: Record<string, Open> = {
    pierhead: kitContender(payloads),
    'pierhead login.open': (index) => openKit(login, cookies[index]),
    ...(await ironContenders(payloads)),
    ...(await authContenders(payloads)),
    ...(await joseContenders(payloads)),
  }
  const rates: Record<string, number[]> = {}
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [name, rate] of Object.entries(await measureRound(contenders, count, slice))) {
      if (round >= 0) (rates[name] ??= []).push(rate)
    }
  }
  await login.close()
  return { payloadBytes: Buffer.byteLength(JSON.stringify(payloads[0])), rates } satisfies SealedValuesAnswer
})

/** The kit's sealer by itself: what the peers' decode calls are, one value in, one object out. */
function kitContender(payloads: readonly Payload[]): Open {
  const sealer = createSealer({ secrets: [password], purpose: 'bench', context: cookieName, now: Date.now })
  const seals = payloads.map((payload) => sealer.seal(JSON.stringify(payload)))
  return async (index) => {
    const opened = sealer.open(seals[index] ?? '')
    // Sealed a few lines above.
    check('text' in opened ? (JSON.parse(opened.text) as Payload) : undefined)
  }
}

type Login = Awaited<ReturnType<typeof createSessions>>['login']

async function openKit(login: Login, cookie: string | undefined): Promise<void> {
  const visit = await login.open(requestWith(cookie))
  check(visit.session?.claims.sub)
}

/** What an application would have to seal to know the same: who it is, and a token for each resource server. */
async function readPayload(login: Login, cookie: string): Promise<Payload> {
  const { session } = await login.open(requestWith(cookie))
  if (session === undefined) throw new Error('A session did not open.')
  const tokens = session.tokens.map(async ({ resourceServer, scopes, expiresAt }) => ({
    resourceServer,
    scope: scopes.join(' '),
    expiresAt,
    accessToken: await session.accessToken(resourceServer),
  }))
  return { claims: session.claims, createdAt: session.createdAt, tokens: await Promise.all(tokens) }
}

function requestWith(cookie: string | undefined): Parameters<Login['open']>[0] {
  return { method: 'GET', target: '/', header: (name) => (name === 'cookie' ? cookie : undefined) }
}

async function ironContenders(payloads: readonly Payload[]): Promise<Record<string, Open>> {
  const seals = await Promise.all(payloads.map((payload) => sealData(payload, { password })))
  const read = async (value: string): Promise<Payload> =>
    getIronSession<Payload>({ read: () => value, names: () => [], write: () => undefined }, ironOptions)
  return {
    'iron-session': async (index) => check(await unsealData<Payload>(seals[index] ?? '', { password })),
    'iron-session getIronSession': async (index) => check(await read(seals[index] ?? '')),
  }
}

async function authContenders(payloads: readonly Payload[]): Promise<Record<string, Open>> {
  const shared = { secret: password, salt: cookieName }
  const tokens = await Promise.all(payloads.map((token) => encode({ token, ...shared })))
  const request = (index: number): { headers: Record<string, string> } => ({
    headers: { cookie: `${cookieName}=${tokens[index]}` },
  })
  return {
    'auth-core': async (index) => check(await decode({ token: tokens[index] ?? '', ...shared })),
    'auth-core getToken': async (index) => check(await getToken({ req: request(index), cookieName, ...shared })),
  }
}

async function joseContenders(payloads: readonly Payload[]): Promise<Record<string, Open>> {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  const header = { alg: 'dir', enc: 'A256GCM' }
  const tokens = await Promise.all(
    payloads.map((payload) =>
      new CompactEncrypt(encoder.encode(JSON.stringify(payload))).setProtectedHeader(header).encrypt(joseKey),
    ),
  )
  return {
    jose: async (index) => {
      const { plaintext } = await compactDecrypt(tokens[index] ?? '', joseKey)
      // Sealed a few lines above.
      check(JSON.parse(decoder.decode(plaintext)) as Payload)
    },
  }
}

function check(value: unknown): void {
  const found = typeof value === 'object' && value !== null && 'claims' in value ? value.claims : value
  if (found === undefined || found === null) throw new Error('A sealed value opened to nothing.')
}

/** Openings in a second of processor time. The contenders take turns several times, so that noise hits them alike. */
async function measureRound(
  contenders: Readonly<Record<string, Open>>,
  count: number,
  slice: number,
): Promise<Record<string, number>> {
  const totals: Record<string, { opened: number; used: number }> = {}
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, open] of Object.entries(contenders)) {
      const total = (totals[name] ??= { opened: 0, used: 0 })
      const before = total.used
      while (total.used - before < (slice * 1000) / turns) {
        const start = process.cpuUsage()
        for (let step = 0; step < 100; step += 1) await open(total.opened++ % count)
        const { user, system } = process.cpuUsage(start)
        total.used += user + system
      }
    }
  }
  return Object.fromEntries(
    Object.entries(totals).map(([name, { opened, used }]) => [name, (opened / used) * 1_000_000]),
  )
}
