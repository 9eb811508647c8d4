import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import {
  basic,
  createRig,
  secretOf,
  TRANSFER,
  type Rig,
  type TokenDocument,
  ANY_NUMBER,
  ANY_STRING,
  matching,
  json,
} from './support.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.emulator.close())

const IDENTITY_SET = 'urn:globus:auth:scope:auth.globus.org:view_identity_set'

const userinfo = (token: string, method = 'GET'): Promise<Response> =>
  rig.emulator.fetch(
    new Request(`${rig.emulator.origin}/v2/oauth2/userinfo`, { method, headers: { authorization: `Bearer ${token}` } }),
  )

const introspect = async (token: string, include = '', client?: string): Promise<Record<string, unknown>> =>
  json(await rig.post('/v2/oauth2/token/introspect', { token, include }, client))

describe('userinfo', () => {
  test.each([
    ['openid', ['sub']],
    ['openid email', ['sub', 'email']],
    [
      'openid profile',
      ['sub', 'name', 'preferred_username', 'identity_provider', 'identity_provider_display_name', 'organization'],
    ],
    [`openid ${IDENTITY_SET}`, ['sub', 'identity_set']],
  ])('of a token with %s has the keys %j', async (scope, keys) => {
    const { access_token } = await rig.login({ scope })
    for (const method of ['GET', 'POST']) {
      const document = await json(await userinfo(access_token, method))
      expect(Object.keys(document)).toEqual(keys)
    }
  })

  test('lists linked identities', async () => {
    const { access_token } = await rig.login({ scope: `openid ${IDENTITY_SET}` })
    expect(await (await userinfo(access_token)).json()).toMatchObject({
      identity_set: [
        {
          sub: demo.people.maya,
          username: 'maya.okafor@harbour.example',
          status: 'used',
          last_authentication: ANY_NUMBER,
        },
        { sub: demo.people.mayaOrcid, identity_provider_display_name: 'ORCID', last_authentication: null },
      ],
    })
  })

  test('answers 401 for what is no live token of Globus Auth and 403 without openid', async () => {
    const tokens = await rig.login({ scope: `email ${TRANSFER}`, access_type: 'offline' })
    expect((await userinfo(tokens.access_token)).status).toBe(403)
    for (const token of [tokens.other_tokens[0]?.access_token ?? '', tokens.refresh_token ?? '', 'nonsense']) {
      const response = await userinfo(token)
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({
        errors: [{ status: '401', code: 'UNAUTHORIZED' }],
        error: 'unauthorized',
      })
    }
    const bare = await rig.emulator.fetch(new Request(`${rig.emulator.origin}/v2/oauth2/userinfo`))
    expect(bare.status).toBe(401)
  })

  test('answers 401 once the token has expired or is revoked', async () => {
    const [one, two] = [await rig.login(), await rig.login()]
    await rig.post('/v2/oauth2/token/revoke', { token: one.access_token })
    expect((await userinfo(one.access_token)).status).toBe(401)
    expect((await userinfo(two.access_token)).status).toBe(200)
    rig.emulator.world.timeShift.age('access_tokens', 172_800_000)
    expect((await userinfo(two.access_token)).status).toBe(401)
  })
})

describe('revocation', () => {
  const active = async (token: string | undefined): Promise<unknown> => (await introspect(token ?? ''))['active']

  test('of a refresh token leaves the access token, and the other way round', async () => {
    const [one, two] = [await rig.login({ access_type: 'offline' }), await rig.login({ access_type: 'offline' })]
    const response = await rig.post('/v2/oauth2/token/revoke', {
      token: one.refresh_token ?? '',
      token_type_hint: 'refresh_token',
    })
    expect([response.status, await response.json()]).toEqual([200, { active: false }])
    await rig.post('/v2/oauth2/token/revoke', { token: two.access_token })
    expect([await active(one.refresh_token), await active(one.access_token)]).toEqual([false, true])
    expect([await active(two.refresh_token), await active(two.access_token)]).toEqual([true, false])
  })

  test('SEC-100 of another client’s or an unknown token says the same and does nothing', async () => {
    const { access_token } = await rig.login()
    for (const token of [access_token, 'nonsense']) {
      const response = await rig.post('/v2/oauth2/token/revoke', { token }, demo.clients.exampleApp)
      expect([response.status, await response.json()]).toEqual([200, { active: false }])
    }
    expect(await active(access_token)).toBe(true)
  })

  test('wants a client and a token', async () => {
    const anonymous = await rig.emulator.fetch(
      new Request(`${rig.emulator.origin}/v2/oauth2/token/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ token: 'x' }),
      }),
    )
    expect(anonymous.status).toBe(401)
    expect((await rig.post('/v2/oauth2/token/revoke', {})).status).toBe(400)
  })

  test('of an instance’s token works with the client_id of its template', async () => {
    const { access_token } = await rig.login()
    const { world } = rig.emulator
    const portal = world.clients.find(demo.clients.portal)
    if (portal === undefined) throw new Error('no portal')
    world.clients.put({ ...portal, parentClient: demo.clients.cli })
    const body = new URLSearchParams({ token: access_token, client_id: demo.clients.cli })
    await rig.emulator.fetch(new Request(`${rig.emulator.origin}/v2/oauth2/token/revoke`, { method: 'POST', body }))
    expect(await active(access_token)).toBe(false)
  })
})

describe('introspection', () => {
  let tokens: TokenDocument

  beforeEach(async () => {
    tokens = await rig.login({ scope: `openid email ${demo.scopes.tideApi}`, access_type: 'offline' })
  })

  test('tells the client about its own token', async () => {
    const document = await introspect(tokens.access_token)
    expect(document).toEqual({
      active: true,
      token_type: 'Bearer',
      scope: 'email openid',
      client_id: demo.clients.portal,
      sub: demo.people.maya,
      username: 'maya.okafor@harbour.example',
      name: 'Maya Okafor',
      email: 'maya.okafor@harbour.example',
      iss: 'http://127.0.0.1:8889',
      aud: ['auth.globus.org', demo.clients.portal],
      exp: Number(document['iat']) + 172_800,
      iat: ANY_NUMBER,
      nbf: document['iat'],
    })
  })

  test('tells the service about a token for it, with what it includes', async () => {
    const token = tokens.other_tokens[0]?.access_token ?? ''
    const document = await introspect(token, 'session_info,identity_set,identity_set_detail', demo.clients.tideApi)
    expect(document).toMatchObject({
      active: true,
      scope: demo.scopes.tideApi,
      aud: [demo.clients.tideApi, demo.clients.portal],
      dependent_tokens_cache_id: matching(/^[0-9a-f]{64}$/),
      identity_set: [demo.people.maya, demo.people.mayaOrcid],
      identity_set_detail: [{ id: demo.people.maya, sub: demo.people.maya }, { id: demo.people.mayaOrcid }],
      session_info: {
        session_id: ANY_STRING,
        authentications: {
          [demo.people.maya]: {
            idp: demo.providers.harbourUniversity,
            auth_time: ANY_NUMBER,
            custom_claims: {},
          },
        },
      },
    })
  })

  test.each([
    ['another client', () => introspect(tokens.access_token, '', demo.clients.exampleApp)],
    ['a service the token is not for', () => introspect(tokens.access_token, '', demo.clients.tideApi)],
    ['an unknown token', () => introspect('nonsense')],
  ])('SEC-100 tells nothing to or about %s', async (_, ask) => {
    expect(await ask()).toEqual({ active: false })
  })

  test('is refused to public clients and to nobody in particular', async () => {
    for (const client_id of [demo.clients.browserApp, '']) {
      const body = new URLSearchParams({ token: tokens.access_token, client_id })
      const response = await rig.emulator.fetch(
        new Request(`${rig.emulator.origin}/v2/oauth2/token/introspect`, { method: 'POST', body }),
      )
      expect(response.status).toBe(401)
    }
  })
})

test('validate tells the client whether its own token of either kind is alive', async () => {
  const { access_token, refresh_token } = await rig.login({ access_type: 'offline' })
  const ask = async (token: string | undefined, client?: string): Promise<unknown> =>
    (await rig.post('/v2/oauth2/token/validate', { token: token ?? '' }, client)).json()
  expect(await ask(access_token)).toEqual({ active: true })
  expect(await ask(refresh_token)).toEqual({ active: true })
  expect(await ask(access_token, demo.clients.exampleApp)).toEqual({ active: false })
  expect(await ask('nonsense')).toEqual({ active: false })
})

test('SEC-105 the log names no secret, whatever happens', async () => {
  const tokens = await rig.login({ access_type: 'offline', nonce: 'the-nonce', state: 'the-state' })
  await userinfo(tokens.access_token)
  await rig.post('/v2/oauth2/token', { grant_type: 'refresh_token', refresh_token: 'the-wrong-refresh-token' })
  await rig.emulator.fetch(
    new Request(`${rig.emulator.origin}/v2/oauth2/authorize?client_id=the-unknown-client&state=the-state`),
  )
  const { world } = rig.emulator
  const secrets = [
    tokens.access_token,
    tokens.refresh_token,
    tokens.id_token,
    secretOf(rig.emulator, demo.clients.portal),
  ]
  const passwords = world.identities.people().map(({ password }) => password)
  const log = rig.lines.join('\n')
  expect(rig.lines.length).toBeGreaterThan(5)
  for (const secret of [
    ...secrets,
    ...passwords,
    'the-state',
    'the-nonce',
    'the-wrong-refresh-token',
    basic('', '').slice(6),
  ]) {
    expect(secret).toBeTruthy()
    expect(log).not.toContain(secret)
  }
})
