import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createControlClient,
  demo,
  startEmulator,
  type ControlClient,
  type Removable,
  type RunningEmulator,
} from '../src/index.ts'
import { basic, createRig, PORTAL_REDIRECT, secretOf, tokensOf, TRANSFER, type Rig } from './support.ts'

const { portal } = demo.clients
const { maya, sam } = demo.people

describe('taking out of the world', () => {
  let emulator: RunningEmulator
  let control: ControlClient

  beforeEach(async () => {
    emulator = await startEmulator({ port: 0, hosts: ['127.0.0.1'], control: true })
    control = createControlClient(emulator.info())
  })

  afterEach(() => emulator.close())

  const tokenOf = async (identity: string): Promise<string> =>
    (await control.tokens({ client: portal, identity, scopes: ['openid', TRANSFER] })).access_token

  const userinfo = async (token: string): Promise<number> =>
    (await fetch(`${emulator.origin}/v2/oauth2/userinfo`, { headers: { authorization: `Bearer ${token}` } })).status

  const live = async (): Promise<number> => (await control.census()).reduce((sum, each) => sum + each.live, 0)

  const authorizeUrl = (): string => {
    const url = new URL('/v2/oauth2/authorize', emulator.origin)
    const parameters = { client_id: portal, redirect_uri: PORTAL_REDIRECT, response_type: 'code', scope: 'openid' }
    url.search = new URLSearchParams(parameters).toString()
    return url.href
  }

  test('a person takes along linked identities, tokens and consents, and cannot log in again', async () => {
    const [hers, his] = [await tokenOf(maya), await tokenOf(sam)]
    const linked = emulator.world.identities.account(maya).map(({ id }) => id)
    expect(linked.length).toBeGreaterThan(1)
    expect(await control.remove('identity', maya)).toBe(true)
    expect([await userinfo(hers), await userinfo(his)]).toEqual([401, 200])
    const { identities } = await control.info()
    expect(identities.filter(({ id }) => linked.includes(id))).toEqual([])
    await expect(control.authorize({ url: authorizeUrl(), as: maya })).rejects.toThrow('Wrong username or password')
    expect(await control.remove('identity', maya)).toBe(false)
  })

  test('a code of a person who is gone gives no tokens, and no failure', async () => {
    const { code } = await control.authorize({ url: authorizeUrl(), as: maya })
    const form = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: PORTAL_REDIRECT }
    await control.remove('identity', maya)
    const response = await fetch(`${emulator.origin}/v2/oauth2/token`, {
      method: 'POST',
      headers: { authorization: basic(portal, emulator.world.clients.secrets(portal)[0] ?? '') },
      body: new URLSearchParams(form),
    })
    expect([response.status, await response.json()]).toEqual([400, { error: 'invalid_grant' }])
  })

  test('a client takes its tokens along, and is unknown at authorize', async () => {
    const token = await tokenOf(maya)
    expect(await control.remove('client', portal)).toBe(true)
    expect(await userinfo(token)).toBe(401)
    expect(await live()).toBe(0)
    expect((await fetch(authorizeUrl())).status).toBe(400)
  })

  test('a scope or a consent takes along the tokens that rest on it, and no others', async () => {
    const token = await tokenOf(maya)
    expect(await control.remove('scope', TRANSFER)).toBe(true)
    expect(emulator.world.tokens.census(Date.now()).map(({ resourceServer }) => resourceServer)).not.toContain(
      'transfer.api.globus.org',
    )
    expect(await userinfo(token)).toBe(200)
    const [consent] = emulator.world.consents.list({ client: portal, identity: maya })
    expect(await control.remove('consent', String(consent?.id))).toBe(true)
    expect(await userinfo(token)).toBe(401)
  })

  test('a project takes along its clients and policies', async () => {
    const project = demo.projects.harbour
    const clients = emulator.world.clients.inProject(project).map(({ id }) => id)
    expect(clients.length).toBeGreaterThan(0)
    expect(await control.remove('policy', demo.policies.hospital)).toBe(true)
    expect(emulator.world.policies.find(demo.policies.hospital)).toBeUndefined()
    expect(await control.remove('project', project)).toBe(true)
    expect(clients.flatMap((id) => emulator.world.clients.find(id) ?? [])).toEqual([])
    expect(emulator.world.policies.inProject(project)).toEqual([])
  })

  test('a token ends alone', async () => {
    const [one, other] = [await tokenOf(maya), await tokenOf(maya)]
    expect(await control.remove('token', one)).toBe(true)
    expect([await userinfo(one), await userinfo(other)]).toEqual([401, 200])
  })

  test('what belongs to the demo world comes back with a reset, what a seed added does not', async () => {
    await control.remove('identity', sam)
    await control.reset()
    expect(await userinfo(await tokenOf(sam))).toBe(200)
  })

  test.each(['identity', 'client', 'scope', 'consent', 'policy', 'project', 'token'] as const)(
    'an unknown %s is told from one that was there',
    async (what: Removable) => {
      for (const id of ['nobody', '', '-1', '0']) expect(await control.remove(what, id)).toBe(false)
      expect(emulator.world.clients.find(portal)).toBeDefined()
    },
  )
})

describe('sweeping', () => {
  const day = 86_400_000
  let now = Date.now()
  let rig: Rig

  beforeEach(() => {
    now = Date.now()
    const clock = { now: () => now, sleep: async (): Promise<void> => undefined }
    rig = createRig({
      clock,
      behaviour: { refreshRotation: 'detect', accessTokenLifetime: 3600, refreshTokenLifetime: 7200 },
    })
  })

  afterEach(() => rig.emulator.close())

  /** How many records there are, of logins and what they left. */
  const kept = (): number => {
    const { tables } = rig.emulator.world.snapshot()
    const names = ['codes', 'tokens', 'auth_sessions', 'attempts', 'browser_sessions']
    return names.reduce((sum, name) => sum + (tables.get(name)?.length ?? 0), 0)
  }

  const refresh = (token: string | undefined): Promise<Response> =>
    rig.post('/v2/oauth2/token', { grant_type: 'refresh_token', refresh_token: token ?? '' })

  test('forgets what ended a day ago, a little at each request, and keeps what lives', async () => {
    for (let i = 0; i < 20; i += 1) await rig.login({ access_type: 'offline' })
    expect(kept()).toBeGreaterThan(60)
    now += 40 * day
    const fresh = await rig.login({ access_type: 'offline' })
    for (let i = 0; i < 5; i += 1) {
      now += 1000
      await rig.post('/v2/oauth2/token', {})
    }
    expect(kept()).toBeLessThan(10)
    expect((await refresh(fresh.refresh_token)).status).toBe(200)
  })

  test('keeps what ended less than a day ago', async () => {
    await rig.login({ access_type: 'offline' })
    const before = kept()
    now += 7200_000 + day - 60_000
    await rig.post('/v2/oauth2/token', {})
    expect(kept()).toBeGreaterThanOrEqual(before - 1)
  })

  test('still notices the reuse of a refresh token that was replaced long ago, while its login lives', async () => {
    const first = await rig.login({ access_type: 'offline' })
    let newest = first.refresh_token
    for (let hour = 0; hour < 72; hour += 1) {
      now += 3600_000
      newest = (await tokensOf(await refresh(newest))).refresh_token
    }
    expect(kept()).toBeGreaterThan(72)
    expect((await refresh(first.refresh_token)).status).toBe(400)
    expect((await refresh(newest)).status).toBe(400)
  })

  test('keeps a used code for as long as its tokens, so that its second use still ends them', async () => {
    const code = await rig.code({ access_type: 'offline' })
    await rig.redeem(code)
    now += 2 * 3600_000 - 1000
    await rig.post('/v2/oauth2/token', {})
    expect((await rig.redeem(code)).status).toBe(400)
    expect(rig.emulator.world.tokens.census(now)).toEqual([])
  })
})

test('secrets of the demo world stay as they are over a sweep', () => {
  const rig = createRig()
  const secret = secretOf(rig.emulator, portal)
  rig.emulator.world.sweep.old(Date.now() + 1e12)
  expect(secretOf(rig.emulator, portal)).toBe(secret)
  rig.emulator.close()
})
