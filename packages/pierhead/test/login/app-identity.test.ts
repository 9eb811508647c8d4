import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAppIdentity, type AppIdentity, type SessionStore } from '../../src/index.ts'
import { scopes } from '../../src/globus.ts'
import { memoryStore } from '../../src/session-store/memory.ts'
import { sqliteStore } from '../../src/session-store/sqlite.ts'
import { startAuth, type Auth } from '../support/auth-service.ts'
import { createGate, createTestClock, drive, until, type TestClock } from '../support/clock.ts'
import { clientId, clientSecret } from '../support/provider.ts'
import { secret } from '../support/rig.ts'

const transfer = 'transfer.api.globus.org'
const groups = 'groups.api.globus.org'
const wanted = [scopes.transfer.all, scopes.groups.viewMyGroupsAndMemberships]

let folder = ''
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pierhead-app-'))
})
afterAll(() => rm(folder, { recursive: true }))

function identity(auth: Auth, clock: TestClock, store?: SessionStore): AppIdentity {
  const shared = store && { store, secrets: [secret] }
  return createAppIdentity({
    clientId,
    clientSecret,
    issuer: auth.issuer,
    clock,
    logger: () => {},
    ...(shared && { shared }),
  })
}

const asked = (auth: Auth): number => auth.grants.filter(({ grant }) => grant === 'client_credentials').length

describe('an application that acts as itself', () => {
  it('asks once for all its scopes, by HTTP Basic, and keeps the tokens until a minute before their end', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const tokens = identity(auth, clock).tokens(wanted)
    expect(auth.grants).toEqual([])
    const [first, second] = await Promise.all([tokens.accessToken(transfer), tokens.accessToken(groups)])
    expect(first).not.toBe(second)
    expect(auth.grants).toEqual([
      {
        grant: 'client_credentials',
        scope: wanted.join(' '),
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      },
    ])
    await clock.advance(172_739_000)
    expect(await tokens.accessToken(transfer)).toBe(first)
    await clock.advance(1000)
    expect(await tokens.accessToken(transfer)).not.toBe(first)
    expect(asked(auth)).toBe(2)
  })

  it('asks once for callers that come together', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const tokens = identity(auth, clock).tokens(wanted)
    const all = await Promise.all(Array.from({ length: 50 }, () => tokens.accessToken(transfer)))
    expect([new Set(all).size, asked(auth)]).toEqual([1, 1])
  })

  it('asks again when a service refused the token, at most once in half a minute', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const tokens = identity(auth, clock).tokens(wanted)
    const first = await tokens.accessToken(transfer)
    expect(await tokens.accessToken(transfer, { refused: first })).toBe(first)
    await clock.advance(30_000)
    const second = await tokens.accessToken(transfer, { refused: first })
    expect(second).not.toBe(first)
    expect(await tokens.accessToken(transfer, { refused: first })).toBe(second)
    expect(asked(auth)).toBe(2)
  })

  it('goes on with a token that lives while the provider is down, and says so when none lives', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const tokens = identity(auth, clock).tokens(wanted)
    const first = await tokens.accessToken(transfer)
    auth.fail = 503
    await clock.advance(172_750_000)
    expect(await tokens.accessToken(transfer)).toBe(first)
    await clock.advance(50_000)
    await expect(tokens.accessToken(transfer)).rejects.toMatchObject({ code: 'provider_error' })
    auth.fail = undefined
    expect(await tokens.accessToken(transfer)).not.toBe(first)
  })

  it('has no token of a service that none of its scopes belongs to', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const tokens = identity(auth, clock).tokens([scopes.transfer.all])
    await expect(tokens.accessToken(groups)).rejects.toMatchObject({ code: 'token_missing' })
    await expect(tokens.accessToken('constructor')).rejects.toMatchObject({ code: 'token_missing' })
  })

  it('needs scopes, an id, a secret and good secrets for a shared place', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const options = { clientId, clientSecret, issuer: auth.issuer }
    expect(() => identity(auth, clock).tokens([])).toThrow('at least one scope')
    expect(() => createAppIdentity({ ...options, clientId: '' })).toThrow('clientId is missing')
    expect(() => createAppIdentity({ ...options, clientSecret: ' ' })).toThrow('clientSecret is missing')
    expect(() => createAppIdentity({ ...options, issuer: 'http://auth.example' })).toThrow('issuer must be https')
    const shared = { store: memoryStore(), secrets: ['short'] }
    expect(() => createAppIdentity({ ...options, shared })).toThrow('at least 32 are needed')
  })
})

/** For each process a store: the same object in memory, or a connection of its own to the same file. */
const stores: Readonly<Record<string, (now: () => number) => () => SessionStore>> = {
  'one memory store'(now) {
    const store = memoryStore({ now })
    return () => store
  },
  'one SQLite file'(now) {
    files += 1
    const path = join(folder, `${files}.db`)
    return () => sqliteStore(path, { now })
  },
}

describe.each(Object.entries(stores))('processes that share tokens through %s', (_name, open) => {
  it('ask once together, and again together at the end', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const storeOf = open(clock.now)
    const sources = Array.from({ length: 8 }, () => identity(auth, clock, storeOf()).tokens(wanted))
    const gate = createGate()
    auth.hold = gate.promise
    const first = Promise.all(sources.map((source) => source.accessToken(transfer)))
    await until(() => asked(auth) === 1)
    await clock.advance(5000)
    expect(asked(auth)).toBe(1)
    gate.open()
    expect(new Set(await drive(clock, first)).size).toBe(1)
    await clock.advance(172_800_000)
    const second = Promise.all(sources.toReversed().map((source) => source.accessToken(transfer)))
    expect(new Set(await drive(clock, second)).size).toBe(1)
    expect(asked(auth)).toBe(2)
  })

  it('take over from one that died while it asked', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const storeOf = open(clock.now)
    const frozen = createTestClock(clock.now())
    auth.hold = new Promise(() => {})
    identity(auth, frozen, storeOf())
      .tokens(wanted)
      .accessToken(transfer)
      .catch(() => {})
    await until(() => asked(auth) === 1)
    auth.hold = undefined
    const waiting = identity(auth, clock, storeOf()).tokens(wanted).accessToken(transfer)
    await clock.advance(11_000)
    expect(asked(auth)).toBe(1)
    expect(await drive(clock, waiting)).toMatch(/^Ag/)
    expect(asked(auth)).toBe(2)
  })

  it('take what another one got in place of a token that was refused', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const storeOf = open(clock.now)
    const [here, there] = [
      identity(auth, clock, storeOf()).tokens(wanted),
      identity(auth, clock, storeOf()).tokens(wanted),
    ]
    const refused = await here.accessToken(transfer)
    expect(await there.accessToken(transfer)).toBe(refused)
    await clock.advance(30_000)
    const next = await there.accessToken(transfer, { refused })
    expect(await here.accessToken(transfer, { refused })).toBe(next)
    expect(asked(auth)).toBe(2)
  })

  it('let the next one ask when one was refused by the provider', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const storeOf = open(clock.now)
    auth.fail = 500
    const one = identity(auth, clock, storeOf()).tokens(wanted)
    await expect(one.accessToken(transfer)).rejects.toMatchObject({ code: 'provider_error' })
    auth.fail = undefined
    expect(await identity(auth, clock, storeOf()).tokens(wanted).accessToken(transfer)).toMatch(/^Ag/)
  })
})

describe('a shared place', () => {
  it('holds no token in the clear, and nothing for an application with another secret', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const store = memoryStore({ now: clock.now })
    const values: string[] = []
    const seen: SessionStore = {
      ...store,
      create: (id, value, entry) => {
        values.push(value)
        return store.create(id, value, entry)
      },
      replace: (id, previous, next, entry) => {
        values.push(next)
        return store.replace(id, previous, next, entry)
      },
    }
    const token = await identity(auth, clock, seen).tokens(wanted).accessToken(transfer)
    expect(values).toHaveLength(2)
    expect(values.join()).not.toContain(token)
    const other = createAppIdentity({
      clientId,
      clientSecret,
      issuer: auth.issuer,
      clock,
      logger: () => {},
      shared: { store, secrets: [secret.toUpperCase()] },
    })
    expect(await other.tokens(wanted).accessToken(transfer)).not.toBe(token)
  })

  it('that is broken leaves each process to itself', async () => {
    const clock = createTestClock()
    const auth = await startAuth()
    const store = { ...memoryStore(), read: () => Promise.reject(new Error('disk')) }
    expect(await identity(auth, clock, store).tokens(wanted).accessToken(transfer)).toMatch(/^Ag/)
  })
})
