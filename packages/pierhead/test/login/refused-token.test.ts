import { describe, expect, it } from 'vitest'
import { createGate, until } from '../support/clock.ts'
import { createRig, logIn, openSession, type Rig, type RigOptions } from '../support/rig.ts'

const transfer = 'transfer.api.globus.org'

async function loggedIn(options: RigOptions = {}): Promise<Rig> {
  const rig = await createRig(options)
  await logIn(rig)
  return rig
}

const refreshes = (rig: Rig): number => rig.provider.count('token', 'refresh_token')
const accessTokens = (rig: Rig): string[] =>
  rig.provider
    .live()
    .filter(({ kind, resourceServer }) => kind === 'access' && resourceServer === transfer)
    .map(({ text }) => text)

describe.each(['store', 'cookie'] as const)('an access token that a service refused, with sessions in: %s', (kind) => {
  const rigOptions: RigOptions = kind === 'cookie' ? { store: 'cookie' } : {}

  it('is refreshed before its time, once for all who were refused, and ends at the provider', async () => {
    const rig = await loggedIn(rigOptions)
    const sessions = await Promise.all(Array.from({ length: 20 }, () => openSession(rig.login, rig.browser)))
    const [refused = ''] = new Set(await Promise.all(sessions.map((session) => session.accessToken(transfer))))
    const gate = createGate()
    rig.provider.behave.hold.token = gate.promise
    const asked = Promise.all(sessions.map((session) => session.accessToken(transfer, { refused })))
    await until(() => refreshes(rig) === 1)
    gate.open()
    const [next, ...others] = new Set(await asked)
    expect([others, refreshes(rig)]).toEqual([[], 1])
    expect(next).not.toBe(refused)
    await until(() => accessTokens(rig).length === 1)
    expect(accessTokens(rig)).toEqual([next])
  })

  it('comes back when it was refreshed a moment ago, so that a service that refuses all costs one refresh', async () => {
    const rig = await loggedIn(rigOptions)
    const session = await openSession(rig.login, rig.browser)
    const first = await session.accessToken(transfer)
    const second = await session.accessToken(transfer, { refused: first })
    expect(await session.accessToken(transfer, { refused: second })).toBe(second)
    expect(await session.accessToken(transfer, { refused: first })).toBe(second)
    expect(refreshes(rig)).toBe(1)
    await rig.clock.advance(31_000)
    expect(await session.accessToken(transfer, { refused: second })).not.toBe(second)
    expect(refreshes(rig)).toBe(2)
  })

  it('leads to a login when there is no refresh token, or the refresh token is dead too', async () => {
    const without = await loggedIn({ ...rigOptions, options: { refreshTokens: false } })
    const session = await openSession(without.login, without.browser)
    const refused = await session.accessToken(transfer)
    await expect(session.accessToken(transfer, { refused })).rejects.toMatchObject({ code: 'login_required' })

    const rig = await loggedIn(rigOptions)
    const other = await openSession(rig.login, rig.browser)
    const token = await other.accessToken(transfer)
    rig.provider.behave.fail.token = 'invalid_grant'
    await expect(other.accessToken(transfer, { refused: token })).rejects.toMatchObject({ code: 'login_required' })
  })

  it('is not the end of the session when the provider is down', async () => {
    const rig = await loggedIn(rigOptions)
    const session = await openSession(rig.login, rig.browser)
    const refused = await session.accessToken(transfer)
    rig.provider.behave.fail.token = 503
    await expect(session.accessToken(transfer, { refused })).rejects.toMatchObject({ code: 'provider_error' })
    rig.provider.behave.fail = {}
    await rig.clock.advance(1001)
    expect(await session.accessToken(transfer, { refused })).not.toBe(refused)
  })
})

describe('an access token that was refused in one process', () => {
  it('was replaced by another process already: nobody asks again', async () => {
    const rig = await loggedIn()
    const second = await rig.another()
    const [here, there] = [await openSession(rig.login, rig.browser), await openSession(second.login, rig.browser)]
    const refused = await here.accessToken(transfer)
    const next = await there.accessToken(transfer, { refused })
    expect(await here.accessToken(transfer, { refused })).toBe(next)
    expect(refreshes(rig)).toBe(1)
    expect((await rig.browser.visit(`/token/${transfer}`)).body).toBe(next)
  })

  it('reaches the browser with the headers when the session lives in a cookie', async () => {
    let refused: string | undefined
    const rig = await createRig({
      store: 'cookie',
      app: async ({ require }) => ({
        body: await require().accessToken(transfer, refused === undefined ? {} : { refused }),
      }),
    })
    await logIn(rig)
    refused = (await rig.browser.visit('/')).body
    const next = (await rig.browser.visit('/')).body
    expect(next).not.toBe(refused)
    refused = undefined
    expect((await rig.browser.visit('/')).body).toBe(next)
  })
})
