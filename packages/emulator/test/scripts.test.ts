import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEmulator, createUserAgent, demo } from '../src/index.ts'
import { ANY_STRING, claimsOf, containing, createRig, TRANSFER, type Rig } from './support.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.emulator.close())

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  rig.emulator.fetch(new Request(new URL(path, rig.emulator.origin), { headers }))

const userinfo = (token: string): Promise<Response> => get('/v2/oauth2/userinfo', { authorization: `Bearer ${token}` })

describe('tokens without a login', () => {
  const order = { client: demo.clients.portal, identity: demo.people.maya, scopes: `openid email ${TRANSFER}` }

  test('are a token response like any other', async () => {
    const tokens = await rig.emulator.issueTokens({ ...order, lifetime: 60 })
    expect(tokens).toEqual({
      access_token: ANY_STRING,
      token_type: 'Bearer',
      expires_in: 60,
      resource_server: 'auth.globus.org',
      scope: 'email openid',
      refresh_token: ANY_STRING,
      id_token: ANY_STRING,
      other_tokens: [
        {
          access_token: ANY_STRING,
          token_type: 'Bearer',
          expires_in: 60,
          resource_server: 'transfer.api.globus.org',
          scope: TRANSFER,
          refresh_token: ANY_STRING,
        },
      ],
    })
    expect(claimsOf(tokens.id_token)).toMatchObject({ sub: demo.people.maya, aud: demo.clients.portal })
    expect((await userinfo(tokens.access_token)).status).toBe(200)
    const refreshed = await rig.post('/v2/oauth2/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    })
    expect(refreshed.status).toBe(200)
    const introspected = await rig.post('/v2/oauth2/token/introspect', {
      token: tokens.access_token,
      include: 'session_info',
    })
    expect(await introspected.json()).toMatchObject({
      active: true,
      session_info: { authentications: { [demo.people.maya]: {} } },
    })
  })

  test('count as consent, so that the next login asks nothing', async () => {
    await rig.emulator.issueTokens({ ...order, scopes: ['openid', 'profile', 'email'], refreshTokens: false })
    await rig.browser.authorize(rig.authorizeUrl(), { as: demo.people.maya })
    expect(rig.emulator.requestCounts.has('/p/consent')).toBe(false)
  })

  test('take names in the place of ids, and a linked identity logs in for its account', async () => {
    const tokens = await rig.emulator.issueTokens({
      client: 'Harbour Portal',
      identity: '0000-0000-0042-0010@orcid.org',
      scopes: 'openid',
      refreshTokens: false,
    })
    expect(tokens).not.toHaveProperty('refresh_token')
    expect(claimsOf(tokens.id_token)['sub']).toBe(demo.people.maya)
    await expect(rig.emulator.issueTokens({ ...order, identity: 'maya OKAFOR' })).resolves.toHaveProperty('id_token')
  })

  test.each([
    [{ client: 'nobody' }, 'no client'],
    [{ identity: 'nobody' }, 'nobody with the id'],
    [{ scopes: 'urn:nothing' }, 'registered urn:nothing'],
    [{ scopes: 'openid[' }, 'scopes: '],
    [{ scopes: [] }, 'at least one scope'],
  ])('are refused for %j', async (changes, words) => {
    await expect(rig.emulator.issueTokens({ ...order, ...changes })).rejects.toThrow(words)
  })
})

test('consent given beforehand covers everything in brackets', async () => {
  const scopes = `openid ${demo.scopes.tideApi}[*urn:globus:auth:scope:groups.api.globus.org:all]`
  const grant = { client: demo.clients.portal, identity: demo.people.maya, scopes }
  expect(rig.emulator.preApprove(grant)).toBeGreaterThanOrEqual(3)
  await rig.browser.authorize(rig.authorizeUrl({ scope: scopes }), { as: demo.people.maya })
  expect(rig.emulator.requestCounts.has('/p/consent')).toBe(false)
})

describe('a login walked through by a script', () => {
  test('gives the redirect with its code and state', async () => {
    const done = await rig.emulator.authorize({ url: rig.authorizeUrl().href, as: 'Maya Okafor' })
    expect(done).toMatchObject({ code: ANY_STRING, state: 'state-1', error: null })
    expect((await rig.redeem(done.code ?? '')).status).toBe(200)
  })

  test('takes names as the page shows them', async () => {
    const url = rig.authorizeUrl({ prompt: 'login' }).href
    for (const as of ['Zoë <b>Núñez</b>', 'zoe.nunez@harbour.example', demo.people.zoe]) {
      const { code } = await rig.emulator.authorize({ url, as })
      const tokens = await (await rig.redeem(code ?? '')).json()
      expect(tokens).toMatchObject({ id_token: ANY_STRING })
    }
  })

  test('can deny', async () => {
    const done = await rig.emulator.authorize({ url: rig.authorizeUrl().href, as: demo.people.maya, decision: 'deny' })
    expect(done).toMatchObject({ code: null, error: 'access_denied' })
  })

  test('tells the words of an error page', async () => {
    const url = rig.authorizeUrl({ redirect_uri: 'http://localhost:1/' }).href
    await expect(rig.emulator.authorize({ url, as: demo.people.maya })).rejects.toThrow('Mismatching redirect URI.')
  })
})

describe('without pages', () => {
  const withBehaviour = (autoLogin: string | null, autoConsent: boolean): void => {
    rig.emulator.close()
    rig = createRig({ behaviour: { autoLogin, autoConsent } })
  }

  /** Where a browser ends that only follows redirects. */
  const followOnly = async (url: URL): Promise<URL> => {
    const browser = createUserAgent({ fetch: rig.emulator.fetch })
    let address = url
    for (let step = 0; step < 5; step += 1) {
      const location = (await browser.request(address)).headers.get('location')
      if (location === null) return address
      address = new URL(location, address)
      if (address.origin !== rig.emulator.origin) return address
    }
    throw new Error('It goes round in circles')
  }

  test('auto-login and auto-consent lead straight back to the app, and say so in the log', async () => {
    withBehaviour('maya.okafor@harbour.example', true)
    const back = await followOnly(rig.authorizeUrl())
    const tokens = await (await rig.redeem(back.searchParams.get('code') ?? '')).json()
    expect(tokens).toMatchObject({ scope: 'email openid profile' })
    expect(rig.lines).toContainEqual(containing('auto-login'))
    expect(rig.lines).toContainEqual(containing('auto-consent'))
  })

  test('auto-login alone leaves the decision to the person, auto-consent alone the login', async () => {
    withBehaviour('Maya Okafor', false)
    expect((await followOnly(rig.authorizeUrl())).pathname).toBe('/p/consent')
    withBehaviour(null, true)
    expect((await followOnly(rig.authorizeUrl())).pathname).toBe('/p/login')
    const back = await rig.browser.authorize(rig.authorizeUrl(), { as: demo.people.zoe })
    expect(back.searchParams.has('code')).toBe(true)
  })

  test('a login that demands somebody else stays with the person', async () => {
    withBehaviour(demo.people.maya, true)
    const url = rig.authorizeUrl({ session_required_identities: demo.people.ingrid })
    expect((await followOnly(url)).pathname).toBe('/p/login')
  })

  test('somebody who does not exist is refused at the start', () => {
    expect(() => createEmulator({ behaviour: { autoLogin: 'nobody' } })).toThrow('nobody with the id')
  })
})
