import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import { claimsOf, containing, createRig, json, tokensOf, TRANSFER, type Rig, type TokenDocument } from './support.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.emulator.close())

const portal: string = demo.clients.portal
const tideApi: string = demo.clients.tideApi
const TIDES: string = demo.scopes.tideApi
const GROUPS = 'urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships'
const DEPENDENT = 'urn:globus:auth:grant_type:dependent_token'

const token = (form: Record<string, string>, client = portal): Promise<Response> =>
  rig.post('/v2/oauth2/token', form, client)

const credentials = (scope: string, client = portal): Promise<Response> =>
  token({ grant_type: 'client_credentials', scope }, client)

const introspect = async (value: string, client = portal, include = ''): Promise<Record<string, unknown>> =>
  json(await rig.post('/v2/oauth2/token/introspect', { token: value, include }, client))

const scopesOf = (identity: string): string[] =>
  rig.emulator.world.consents.list({ client: portal, identity }).map(({ scope }) => scope)

describe('client credentials', () => {
  test('make the client act as its own identity, at every resource server', async () => {
    const document = await tokensOf(await credentials(`openid profile ${TRANSFER} ${GROUPS}`))
    expect(document.resource_server).toBe('auth.globus.org')
    expect(document.other_tokens.map(({ resource_server }) => resource_server)).toEqual([
      'transfer.api.globus.org',
      'groups.api.globus.org',
    ])
    expect(document).not.toHaveProperty('refresh_token')
    expect(document).not.toHaveProperty('state')
    expect(claimsOf(document.id_token)).toMatchObject({
      sub: portal,
      aud: portal,
      preferred_username: `${portal}@clients.auth.globus.org`,
      name: 'Harbour Portal',
      identity_provider: '3a74877b-e2a3-44b1-8958-ede1031b1827',
      identity_provider_display_name: 'Globus Auth',
      last_authentication: null,
    })
    expect(await introspect(document.access_token, portal, 'session_info,identity_set')).toMatchObject({
      sub: portal,
      username: `${portal}@clients.auth.globus.org`,
      identity_set: [portal],
      session_info: { authentications: {} },
    })
  })

  test('for one resource server put its token on top, with an empty list beside it and no ID token', async () => {
    const document = await tokensOf(await credentials(TRANSFER))
    expect(document).toMatchObject({ resource_server: 'transfer.api.globus.org', scope: TRANSFER, other_tokens: [] })
    expect(document).not.toHaveProperty('id_token')
  })

  test('record what was asked for as consented by the client, brackets included', async () => {
    await credentials(`${TRANSFER}[*${GROUPS}]`)
    expect(scopesOf(portal)).toEqual([TRANSFER, GROUPS])
  })

  test.each([
    ['', 'invalid_scope'],
    ['a[', 'invalid_scope'],
    ['offline_access', 'invalid_scope'],
  ])('with the scope "%s" are refused', async (scope, error) => {
    const response = await credentials(scope)
    expect([response.status, await response.json()]).toEqual([400, { error }])
  })

  test('with an unknown scope are refused, naming it', async () => {
    const response = await credentials('https://auth.globus.org/scopes/nobody/nothing')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      errors: [{ code: 'UNKNOWN_SCOPE_ERROR', detail: containing('scopes/nobody/nothing') }],
    })
  })

  test('are not for public clients', async () => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'openid',
      client_id: demo.clients.tutorial,
    })
    const response = await rig.emulator.fetch(
      new Request(`${rig.emulator.origin}/v2/oauth2/token`, { method: 'POST', body }),
    )
    expect([response.status, await response.json()]).toEqual([400, { error: 'unauthorized_client' }])
  })
})

/** Logs Maya in at the portal for the tide service; gives the token that the portal would send there. */
const tideToken = async (scope = TIDES): Promise<string> => (await rig.login({ scope })).access_token

const dependent = (value: string, extra: Record<string, string> = {}, client = tideApi): Promise<Response> =>
  token({ grant_type: DEPENDENT, token: value, ...extra }, client)

type Entry = Omit<TokenDocument, 'other_tokens' | 'id_token'>

describe('dependent tokens', () => {
  test('are an array with a token for each service behind the service', async () => {
    const response = await dependent(await tideToken(`${TIDES}[*${GROUPS}]`))
    const entries = await json<Entry[]>(response)
    expect(entries.map(({ resource_server, scope, token_type }) => [resource_server, scope, token_type])).toEqual([
      ['transfer.api.globus.org', TRANSFER, 'bearer'],
      ['groups.api.globus.org', GROUPS, 'bearer'],
    ])
    for (const entry of entries) {
      expect(Object.keys(entry)).toEqual(['access_token', 'token_type', 'expires_in', 'resource_server', 'scope'])
    }
    expect(await introspect(entries[0]?.access_token ?? '', tideApi)).toMatchObject({
      sub: demo.people.maya,
      client_id: tideApi,
    })
  })

  test('come with refresh tokens for offline access, which the service can use', async () => {
    const [entry] = await json<Entry[]>(await dependent(await tideToken(), { access_type: 'offline' }))
    const refreshed = await tokensOf(
      await token({ grant_type: 'refresh_token', refresh_token: entry?.refresh_token ?? '' }, tideApi),
    )
    expect(refreshed).toMatchObject({ resource_server: 'transfer.api.globus.org', scope: TRANSFER })
  })

  test('can be limited by scope', async () => {
    const value = await tideToken(`${TIDES}[*${GROUPS}]`)
    const entries = await json<Entry[]>(await dependent(value, { scope: GROUPS }))
    expect(entries.map(({ scope }) => scope)).toEqual([GROUPS])
  })

  test('that the person did not allow are refused, naming the scopes', async () => {
    const response = await dependent(await tideToken(), { scope: `${TRANSFER} ${GROUPS}` })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      error: 'dependent_consent_required',
      error_description: containing('unapproved_scopes'),
      errors: [{ code: 'DEPENDENT_CONSENT_REQUIRED', status: '403', unapproved_scopes: [GROUPS] }],
    })
  })

  test('are refused for a required dependency whose consent is gone', async () => {
    const value = await tideToken()
    const { consents } = rig.emulator.world
    const [, transfer] = consents.list({ client: portal, identity: demo.people.maya })
    consents.remove(transfer?.id ?? 0)
    const response = await dependent(value)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ errors: [{ unapproved_scopes: [TRANSFER] }] })
  })

  test('are made for the service only that the token is for', async () => {
    const transfer = (await rig.login({ scope: TRANSFER })).access_token
    for (const [value, client] of [
      [transfer, tideApi],
      [await tideToken(), portal],
      ['nonsense', tideApi],
    ] as const) {
      const response = await dependent(value, {}, client)
      expect([response.status, await response.json()]).toEqual([400, { error: 'invalid_grant' }])
    }
    expect(await (await token({ grant_type: DEPENDENT }, tideApi)).json()).toEqual({ error: 'invalid_request' })
  })
})

describe('revoking a refresh token', () => {
  const refreshTokenOf = async (): Promise<TokenDocument> => rig.login({ scope: TRANSFER, access_type: 'offline' })

  test('leaves the access token alone', async () => {
    const { access_token, refresh_token = '' } = await refreshTokenOf()
    await rig.post('/v2/oauth2/token/revoke', { token: refresh_token })
    expect(await introspect(access_token)).toMatchObject({ active: true })
    expect(await introspect(refresh_token)).toEqual({ active: false })
  })

  test('takes the access token along by an option', async () => {
    rig.emulator.behaviour.refreshRevocationCascades = true
    const { access_token, refresh_token = '' } = await refreshTokenOf()
    const other = await rig.login({ scope: TRANSFER })
    await rig.post('/v2/oauth2/token/revoke', { token: refresh_token })
    expect(await introspect(access_token)).toEqual({ active: false })
    expect(await introspect(other.access_token)).toMatchObject({ active: true })
  })
})

test('introspecting a foreign token is answered with 403 by an option', async () => {
  const { access_token } = await rig.login()
  expect(await introspect(access_token, demo.clients.exampleApp)).toEqual({ active: false })
  rig.emulator.behaviour.foreignIntrospection = 'forbidden'
  const response = await rig.post('/v2/oauth2/token/introspect', { token: access_token }, demo.clients.exampleApp)
  expect(response.status).toBe(403)
})

test('validate answers for refresh tokens of the client, and of nobody else', async () => {
  const { refresh_token = '' } = await rig.login({ access_type: 'offline' })
  const validate = async (client?: string): Promise<unknown> =>
    (await rig.post('/v2/oauth2/token/validate', { token: refresh_token }, client)).json()
  expect(await validate()).toEqual({ active: true })
  expect(await validate(demo.clients.exampleApp)).toEqual({ active: false })
})

describe('a refresh token that was replaced', () => {
  const use = async (refreshToken: string): Promise<TokenDocument | undefined> => {
    const response = await token({ grant_type: 'refresh_token', refresh_token: refreshToken })
    return response.status === 200 ? json<TokenDocument>(response) : undefined
  }

  test('works for a grace period by an option, and its replacements too', async () => {
    rig.emulator.behaviour.refreshRotation = 'grace'
    const { refresh_token: old = '' } = await rig.login({ scope: TRANSFER, access_type: 'offline' })
    const first = await use(old)
    const second = await use(old)
    expect(new Set([old, first?.refresh_token, second?.refresh_token]).size).toBe(3)
    rig.emulator.behaviour.refreshGrace = -1
    expect(await use(old)).toBeUndefined()
    expect(await use(first?.refresh_token ?? '')).toBeDefined()
    expect(await use(second?.refresh_token ?? '')).toBeDefined()
  })

  test('does not come back to life within the grace period once it was revoked', async () => {
    rig.emulator.behaviour.refreshRotation = 'grace'
    const { refresh_token: old = '' } = await rig.login({ scope: TRANSFER, access_type: 'offline' })
    await rig.post('/v2/oauth2/token/revoke', { token: old })
    expect(await use(old)).toBeUndefined()
  })
})

test('include_consented_scopes gives tokens for all that the person ever allowed the app', async () => {
  await rig.login({ scope: `openid ${TRANSFER}` })
  const grant = { grant_type: 'authorization_code', redirect_uri: 'http://localhost:8888/login' }
  const redeem = async (query: string): Promise<TokenDocument> =>
    tokensOf(await rig.post(`/v2/oauth2/token${query}`, { ...grant, code: await rig.code({ scope: GROUPS }) }))
  expect(await redeem('')).toMatchObject({ resource_server: 'groups.api.globus.org', other_tokens: [] })
  const everything = await redeem('?include_consented_scopes=true')
  expect(everything).toMatchObject({ resource_server: 'auth.globus.org', scope: 'openid' })
  expect(everything.other_tokens.map(({ scope }) => scope)).toEqual([GROUPS, TRANSFER])
})
