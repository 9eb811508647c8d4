import { describe, expect, it } from 'vitest'
import { isPierheadError } from '../../src/index.ts'
import { createTransactions, type Transaction } from '../../src/lib/login/transactions.ts'
import { createCookiePolicy } from '../../src/lib/session/cookies.ts'
import { createSealer } from '../../src/lib/session/seal.ts'
import { memoryStore } from '../../src/session-store/memory.ts'
import { createTestClock } from '../support/clock.ts'
import { receive } from '../support/keepers.ts'

function createRig(store = memoryStore({ now: () => clock.now() })) {
  const policy = createCookiePolicy({ clientId: 'app', redirectUri: 'https://portal.example/login' })
  const sealer = (purpose: string) =>
    createSealer({ secrets: ['a-secret-a-secret-a-secret-a-secret'], purpose, context: 'app', now: clock.now })
  const create = () => createTransactions({ policy, store, sealer: sealer('transaction'), now: clock.now })
  return { policy, sealer, store, transactions: create(), another: create }
}

let clock = createTestClock()
const jar = new Map<string, string>()

const begin = (state: string, more: Partial<Transaction> = {}): Transaction => ({
  state,
  nonce: `nonce-${state}`,
  codeVerifier: `verifier-${state}`.padEnd(43, '.'),
  issuer: 'https://auth.example',
  returnTo: '/there',
  created: clock.now(),
  ...more,
})

function fresh() {
  clock = createTestClock()
  jar.clear()
  return createRig()
}

describe('logins under way', () => {
  it('S1.18 come back whole, once', async () => {
    const { transactions } = fresh()
    receive(jar, transactions.start(begin('s1'), jar))
    expect(await transactions.take('s1', jar)).toEqual(begin('s1'))
    await expect(transactions.take('s1', jar)).rejects.toMatchObject({ code: 'login_replayed' })
  })

  it('REL-29 are used once across processes that share a store, whoever comes first', async () => {
    const { transactions, another } = fresh()
    receive(jar, transactions.start(begin('s1'), jar))
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? transactions : another()).take('s1', jar)),
    )
    expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1)
  })

  it('SEC-44 the newest six can finish, an older one is dropped', async () => {
    const { transactions } = fresh()
    for (let index = 0; index < 10; index += 1) {
      receive(jar, transactions.start(begin(`s${index}`), jar))
      await clock.advance(1000)
    }
    expect(jar.size).toBe(6)
    for (let index = 4; index < 10; index += 1)
      expect((await transactions.take(`s${index}`, jar)).state).toBe(`s${index}`)
    await expect(transactions.take('s3', jar)).rejects.toMatchObject({ code: 'unknown_login' })
  })

  it('C04 SEC-44 all our cookies stay under 8 kB, whatever else is there', async () => {
    const { transactions, policy } = fresh()
    jar.set(policy.session, 'x'.repeat(4000))
    jar.set(`${policy.session}-tokens`, 'x'.repeat(6144 - 4000 - 2 * policy.session.length - 13))
    for (let index = 0; index < 200; index += 1) {
      receive(jar, transactions.start(begin(`s${index}`, { returnTo: `/${'r'.repeat((index * 37) % 1024)}` }), jar))
      await clock.advance(100)
      const bytes = [...jar].reduce((sum, [name, value]) => sum + name.length + value.length + 3, 0)
      expect(bytes).toBeLessThanOrEqual(8192)
      expect((await transactions.take(`s${index}`, jar)).state).toBe(`s${index}`)
    }
  })

  it('drops cookies of its own that do not open or are too old', async () => {
    const { transactions, policy } = fresh()
    receive(jar, transactions.start(begin('old'), jar))
    jar.set(`${policy.transactionPrefix}junk`, 'junk')
    await clock.advance(600_001)
    for (let index = 0; index < 5; index += 1) receive(jar, transactions.start(begin(`s${index}`), jar))
    expect([...jar.keys()].every((name) => !name.endsWith('junk'))).toBe(true)
    await expect(transactions.take('old', jar)).rejects.toMatchObject({ code: 'unknown_login' })
  })

  it.each([
    [600_000, undefined],
    [600_001, 'login_expired'],
    [3_600_000, 'login_expired'],
  ])('REL-56 SEC-07 after %i ms: %s', async (after, code) => {
    const { transactions } = fresh()
    receive(jar, transactions.start(begin('s1'), jar))
    await clock.advance(after)
    const taken = transactions.take('s1', jar).then(
      () => undefined,
      (error: unknown) => (isPierheadError(error) ? error.code : error),
    )
    expect(await taken).toBe(code)
    expect(transactions.returnTo('s1', jar)).toBe('/there')
  })

  it('SEC-02 a state that is not exactly ours finds nothing', async () => {
    const { transactions } = fresh()
    receive(jar, transactions.start(begin('State-1'), jar))
    for (const state of [
      '',
      'state-1',
      'STATE-1',
      'State-',
      'State-12',
      ' State-1',
      'State-1 ',
      'State-1\0',
      '_default',
      'é',
    ])
      await expect(transactions.take(state, jar)).rejects.toMatchObject({ code: 'unknown_login' })
    expect(await transactions.take('State-1', jar)).toBeDefined()
  })

  it('SEC-08 a cookie under the name of another state finds nothing', async () => {
    const { transactions } = fresh()
    receive(jar, transactions.start(begin('s1'), jar))
    receive(jar, transactions.start(begin('s2'), jar))
    const [[first, a] = ['', ''], [second, b] = ['', '']] = [...jar]
    const swapped = new Map([
      [first, b],
      [second, a],
    ])
    for (const state of ['s1', 's2']) {
      await expect(transactions.take(state, swapped)).rejects.toMatchObject({ code: 'unknown_login' })
    }
  })

  it('SEC-09 a value sealed for another purpose is no transaction', async () => {
    const { transactions, sealer } = fresh()
    receive(jar, transactions.start(begin('s1'), jar))
    const [name = ''] = jar.keys()
    for (const purpose of ['identity', 'ticket', 'login request']) {
      const cookies = new Map([[name, sealer(purpose).seal(JSON.stringify(begin('s1')))]])
      await expect(transactions.take('s1', cookies)).rejects.toMatchObject({ code: 'unknown_login' })
      expect(transactions.returnTo('s1', cookies)).toBeUndefined()
    }
  })

  it('S1.10 the cookie shows neither state nor verifier, and is deleted when the login is over', () => {
    const { transactions } = fresh()
    receive(jar, transactions.start(begin('state-of-this-login'), jar))
    expect([...jar].flat().join()).not.toMatch(/state-of-this-login|verifier/)
    receive(jar, transactions.finish('state-of-this-login', jar))
    expect(jar.size).toBe(0)
    expect(transactions.finish('unknown', jar)).toEqual([])
  })
})
