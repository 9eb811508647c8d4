import { describe, expect, it } from 'vitest'
import { createGate, drive, settle, until, watch } from '../support/clock.ts'
import { createRig, logIn, openSession, type Rig, type RigOptions } from '../support/rig.ts'

const transfer = 'transfer.api.globus.org'

/** Someone logged in, with a session in cookies, whose two tokens last an hour. */
async function loggedIn(options: RigOptions = {}): Promise<Rig> {
  const rig = await createRig({ store: 'cookie', ...options })
  rig.provider.behave.expiresIn = 3600
  await logIn(rig)
  return rig
}

const refreshes = (rig: Rig): number => rig.provider.count('token', 'refresh_token')
const expiry = async (rig: Rig): Promise<(number | undefined)[]> =>
  (await openSession(rig.login, rig.browser)).tokens.map(({ expiresAt }) => expiresAt)

describe('tokens of a cookie session that end within five minutes', () => {
  it('are renewed before the handler runs, and the new cookies leave with its answer', async () => {
    const rig = await loggedIn()
    await rig.clock.advance(3_299_000)
    expect((await rig.browser.visit('/')).headers.getSetCookie().join()).not.toContain('tokens=;')
    expect(refreshes(rig)).toBe(0)
    const [before] = await expiry(rig)
    await rig.clock.advance(1000)
    const answer = await rig.browser.visit('/')
    expect([answer.body, refreshes(rig)]).toEqual(['hello Ada Tester', 2])
    const after = await expiry(rig)
    expect(after.every((time) => (time ?? 0) > (before ?? Infinity))).toBe(true)
    await rig.browser.visit('/')
    expect(refreshes(rig)).toBe(2)
  })

  it('reach the browser also where the handler asks for a token after its headers have left', async () => {
    const rig = await loggedIn()
    await rig.clock.advance(3_550_000)
    await rig.browser.visit('/')
    const session = await openSession(rig.login, rig.browser)
    await session.accessToken(transfer)
    expect(refreshes(rig)).toBe(2)
  })

  it('are renewed once for requests that come together', async () => {
    const rig = await loggedIn()
    await rig.clock.advance(3_400_000)
    await Promise.all(Array.from({ length: 20 }, () => rig.browser.copy().visit('/')))
    expect(refreshes(rig)).toBe(2)
  })

  it('are left alone in a session with a store, and on the routes of the login itself', async () => {
    const stored = await createRig()
    stored.provider.behave.expiresIn = 3600
    await logIn(stored)
    await stored.clock.advance(3_400_000)
    await stored.browser.visit('/')
    const rig = await loggedIn()
    await rig.clock.advance(3_400_000)
    await rig.browser.visit('/logout')
    expect([refreshes(stored), refreshes(rig)]).toEqual([0, 0])
  })

  it('keep nobody waiting for more than two seconds, and only the first; what comes later is found by the next', async () => {
    const rig = await loggedIn()
    await rig.clock.advance(3_400_000)
    const gate = createGate()
    rig.provider.behave.hold.token = gate.promise
    const first = rig.browser.visit('/')
    const state = watch(first)
    await until(() => refreshes(rig) === 2)
    await rig.clock.advance(1999)
    expect(state.done).toBe(false)
    await rig.clock.advance(1)
    expect((await first).body).toBe('hello Ada Tester')
    expect((await rig.browser.visit('/')).body).toBe('hello Ada Tester')
    gate.open()
    await settle(200)
    const [before] = await expiry(rig)
    await rig.browser.visit('/')
    expect([refreshes(rig), (await expiry(rig))[0]]).not.toEqual([2, before])
    expect(refreshes(rig)).toBe(2)
  })

  it('cost one attempt in half a minute while the provider is down, and every request is served', async () => {
    const rig = await loggedIn()
    await rig.clock.advance(3_310_000)
    rig.provider.behave.fail.token = 503
    for (let second = 0; second < 60; second += 1) {
      expect((await rig.browser.visit('/')).body).toBe('hello Ada Tester')
      await rig.clock.advance(1000)
    }
    expect(refreshes(rig)).toBeLessThanOrEqual(2 * 2)
  })

  it('that are dead leave the session, which goes on with what lives', async () => {
    const rig = await loggedIn()
    await rig.clock.advance(3_400_000)
    rig.provider.behave.fail.token = 'invalid_grant'
    expect((await rig.browser.visit('/')).body).toBe('hello Ada Tester')
    const { tokens } = await openSession(rig.login, rig.browser)
    expect(tokens.map(({ hasRefreshToken }) => hasRefreshToken)).toEqual([false, false])
    expect((await rig.browser.visit(`/token/${transfer}`)).status).toBe(200)
  })

  it('that have ended already are renewed too, with more patience', async () => {
    const rig = await loggedIn()
    await rig.clock.advance(3_700_000)
    const gate = createGate()
    rig.provider.behave.hold.token = gate.promise
    const visit = rig.browser.visit('/')
    await until(() => refreshes(rig) === 2)
    await rig.clock.advance(5000)
    gate.open()
    await drive(rig.clock, visit)
    expect((await expiry(rig)).every((time) => (time ?? 0) * 1000 > rig.clock.now())).toBe(true)
  })
})
