import { describe, expect, it } from 'vitest'
import { isLoginRequiredError } from '../../src/index.ts'
import { createGate, drive, settle, until, watch } from '../support/clock.ts'
import { ben } from '../support/provider.ts'
import { createRig, logIn, openSession, type Rig, type RigOptions } from '../support/rig.ts'

const transfer = 'transfer.api.globus.org'

/** Someone logged in whose tokens last an hour. */
async function loggedIn(options: RigOptions = {}, expiresIn = 3600): Promise<Rig> {
  const rig = await createRig(options)
  rig.provider.behave.expiresIn = expiresIn
  await logIn(rig)
  return rig
}

/** A request renews the tokens of Auth and of Transfer, which end at the same time. */
const both = 2
const refreshes = (rig: Rig): number => rig.provider.count('token', 'refresh_token')
const times = <Value>(count: number, make: () => Value): Value[] => Array.from({ length: count }, make)

describe('access tokens', () => {
  it('S2.12 are kept by resource server and given as they are until a minute before their end', async () => {
    const rig = await loggedIn()
    const session = await openSession(rig.login, rig.browser)
    const first = await session.accessToken(transfer)
    expect(rig.provider.issued.find((token) => token.text === first)?.resourceServer).toBe(transfer)
    await rig.clock.advance(3_539_000)
    expect(await session.accessToken(transfer)).toBe(first)
    expect(refreshes(rig)).toBe(0)
    await rig.clock.advance(1000)
    expect(await session.accessToken(transfer)).not.toBe(first)
    expect(refreshes(rig)).toBe(1)
  })

  it('say which resource servers they are for, and nothing of the tokens', async () => {
    const rig = await loggedIn()
    const { tokens } = await openSession(rig.login, rig.browser)
    expect(tokens.map((token) => [token.resourceServer, token.hasRefreshToken])).toEqual([
      ['auth.globus.org', true],
      [transfer, true],
    ])
    expect(JSON.stringify(tokens)).not.toContain('CANARY')
  })

  it('are missing for a resource server that nobody asked for, whatever its name', async () => {
    const rig = await loggedIn()
    const session = await openSession(rig.login, rig.browser)
    for (const name of ['groups.api.globus.org', '__proto__', 'constructor', 'toString', '']) {
      await expect(session.accessToken(name)).rejects.toMatchObject({ code: 'token_missing' })
    }
  })

  it('S1.14 S1.20 S2.15 without refresh tokens the session ends a minute before its first token', async () => {
    const rig = await loggedIn({ options: { refreshTokens: false } })
    await rig.clock.advance(3_539_000)
    expect((await rig.browser.visit('/')).body).toBe('hello Ada Tester')
    await rig.clock.advance(1000)
    expect((await rig.browser.visit('/')).body).toBe('hello stranger')
  })
})

for (const mode of ['memory store', 'cookie'] as const) {
  const options: RigOptions = mode === 'cookie' ? { store: 'cookie' } : {}

  describe(`refreshing with sessions in: ${mode}`, () => {
    it('asks once for 100 requests at once', async () => {
      const rig = await loggedIn(options)
      await rig.clock.advance(3_601_000)
      const sessions = await Promise.all(times(100, () => openSession(rig.login, rig.browser)))
      const tokens = await Promise.all(sessions.map((session) => session.accessToken(transfer)))
      expect(new Set(tokens).size).toBe(1)
      expect(refreshes(rig)).toBe(1)
    })

    it('SEC-49 gives each person their own token when all refresh at once', async () => {
      const rig = await loggedIn(options)
      const other = rig.newBrowser()
      await logIn({ provider: rig.provider, browser: other }, { who: ben })
      await rig.clock.advance(3_601_000)
      const browsers = times(20, () => [rig.browser, other]).flat()
      const sessions = await Promise.all(browsers.map((browser) => openSession(rig.login, browser)))
      const tokens = await Promise.all(sessions.map((session) => session.accessToken(transfer)))
      const owners = tokens.map((text) => rig.provider.issued.find((token) => token.text === text)?.sub)
      expect(owners).toEqual(sessions.map((session) => session.claims.sub))
      expect(refreshes(rig)).toBe(2)
    })

    it('serves the old token while it lives and the provider is down, and asks again later', async () => {
      const rig = await loggedIn(options)
      await rig.clock.advance(3_570_000)
      rig.provider.behave.fail.token = 503
      const session = await openSession(rig.login, rig.browser)
      const old = await session.accessToken(transfer)
      expect(rig.provider.issued.find((token) => token.text === old)?.alive).toBe(true)
      await session.accessToken(transfer)
      expect(refreshes(rig)).toBe(1)
      await rig.clock.advance(31_000)
      const late = await openSession(rig.login, rig.browser)
      await expect(late.accessToken(transfer)).rejects.toMatchObject({ code: 'provider_error' })
      rig.provider.behave.fail = {}
      await rig.clock.advance(1001)
      expect(await late.accessToken(transfer)).not.toBe(old)
    })

    it('keeps a refreshed token although the provider is unreachable right after', async () => {
      const rig = await loggedIn(options)
      await rig.clock.advance(3_601_000)
      const fresh = (await rig.browser.visit(`/token/${transfer}`)).body
      rig.provider.behave.fail.token = 'reset'
      await rig.clock.advance(60_000)
      expect((await rig.browser.visit(`/token/${transfer}`)).body).toBe(fresh)
    })

    it('ends a token that the provider calls dead, and only that', async () => {
      const rig = await loggedIn(options)
      await rig.clock.advance(3_601_000)
      for (const token of rig.provider.issued) {
        if (token.kind === 'refresh' && token.resourceServer === transfer) rig.provider.kill(token.text)
      }
      const session = await openSession(rig.login, rig.browser)
      await expect(session.accessToken(transfer)).rejects.toSatisfy(isLoginRequiredError)
      expect(await session.accessToken('auth.globus.org')).toContain('CANARY-access')
      expect((await rig.browser.visit('/')).body).toBe('hello Ada Tester')
      expect((await rig.browser.visit(`/token/${transfer}`)).status).toBe(303)
    })

    it('REL-24 waits no longer than ten seconds for a slow provider while the old token lives', async () => {
      const rig = await loggedIn(options)
      await rig.clock.advance(3_550_000)
      const gate = createGate()
      rig.provider.behave.hold.token = gate.promise
      const session = await openSession(rig.login, rig.browser)
      const asked = session.accessToken(transfer)
      await until(() => refreshes(rig) === 1)
      await rig.clock.advance(10_000)
      const old = await asked
      gate.open()
      const fresh = await drive(rig.clock, session.accessToken(transfer))
      expect(fresh).not.toBe(old)
      expect(refreshes(rig)).toBe(1)
    })

    it('gives up on a provider that never answers after thirty seconds', async () => {
      const rig = await loggedIn(options)
      await rig.clock.advance(3_601_000)
      const gate = createGate()
      rig.provider.behave.hold.token = gate.promise
      const session = await openSession(rig.login, rig.browser)
      const asked = session.accessToken(transfer)
      const state = watch(asked)
      await until(() => refreshes(rig) === 1)
      await rig.clock.advance(29_999)
      expect(state.done).toBe(false)
      await rig.clock.advance(1)
      await expect(asked).rejects.toMatchObject({ code: 'provider_timeout' })
      gate.open()
    })

    it('uses a rotated refresh token the next time', async () => {
      const rig = await loggedIn(options)
      rig.provider.behave.rotate = true
      for (let round = 0; round < 3; round += 1) {
        await rig.clock.advance(3_601_000)
        expect((await rig.browser.visit(`/token/${transfer}`)).body).toContain('CANARY-access')
      }
      const alive = rig.provider.live().filter((token) => token.resourceServer === transfer)
      expect(alive.map((token) => token.kind).toSorted()).toEqual(['access', 'refresh'])
    })

    it('SEC-29 refuses and revokes the result when it is for another resource server', async () => {
      const rig = await loggedIn(options)
      await rig.clock.advance(3_601_000)
      rig.provider.behave.tokenResponse = (response) => ({ ...response, resource_server: 'elsewhere.example' })
      const session = await openSession(rig.login, rig.browser)
      await expect(session.accessToken(transfer)).rejects.toMatchObject({ code: 'invalid_token_response' })
      expect(rig.provider.live().filter((token) => token.kind === 'access')).toEqual([])
      expect(rig.provider.live().filter((token) => token.kind === 'refresh')).toHaveLength(2)
    })

    it('REL-27 a refresh that races logout leaves no live token', async () => {
      const rig = await loggedIn(options)
      await rig.clock.advance(3_601_000)
      const gate = createGate()
      rig.provider.behave.hold.token = gate.promise
      const session = await openSession(rig.login, rig.browser)
      const asked = session.accessToken(transfer)
      watch(asked)
      await until(() => refreshes(rig) === 1)
      const token = (await openSession(rig.login, rig.browser)).csrfToken
      await rig.browser.visit('/logout', { method: 'POST', form: { csrf_token: token } })
      gate.open()
      await expect(asked).rejects.toSatisfy(isLoginRequiredError)
      await settle()
      expect(rig.provider.live()).toEqual([])
    })

    it('logout by an older cookie takes along what was refreshed meanwhile', async () => {
      const rig = await loggedIn(options)
      await rig.clock.advance(3_601_000)
      const older = rig.browser.copy()
      const token = (await rig.browser.visit('/csrf')).body
      await rig.browser.visit(`/token/${transfer}`)
      await older.visit('/logout', { method: 'POST', form: { csrf_token: token } })
      expect(rig.provider.live()).toEqual([])
    })
  })
}

describe('refreshing in a cookie session', () => {
  it('keeps the result thirty seconds for requests that still come with the old cookie', async () => {
    const rig = await loggedIn({ store: 'cookie' })
    await rig.clock.advance(3_601_000)
    const old = rig.browser.copy()
    const fresh = (await rig.browser.visit(`/token/${transfer}`)).body
    await rig.clock.advance(29_000)
    const stale = old.copy()
    expect((await stale.visit(`/token/${transfer}`)).body).toBe(fresh)
    expect((await stale.visit(`/token/${transfer}`)).body).toBe(fresh)
    expect(refreshes(rig)).toBe(both)
    await rig.clock.advance(2000)
    expect((await old.visit(`/token/${transfer}`)).body).not.toBe(fresh)
    expect(refreshes(rig)).toBe(2 * both)
  })

  it('REL-26 warns loudly when the provider rotates refresh tokens', async () => {
    const rig = await loggedIn({ store: 'cookie' })
    rig.provider.behave.rotate = true
    await rig.clock.advance(3_601_000)
    await rig.browser.visit(`/token/${transfer}`)
    const warnings = rig.events.filter((event) => event.event === 'token_refreshed' && event.level === 'warn')
    expect(warnings).toHaveLength(both)
    for (const { message } of warnings) expect(message).toMatch(/rotates .* Use a store/)
  })

  it('says in events what was refreshed and what failed', async () => {
    const rig = await loggedIn()
    await rig.clock.advance(3_601_000)
    rig.provider.behave.fail.token = 500
    await rig.browser.visit(`/token/${transfer}`)
    const failed = rig.events.find((event) => event.event === 'token_refresh_failed')
    expect(failed).toMatchObject({ level: 'warn', code: 'provider_error', resourceServer: transfer })
  })
})
