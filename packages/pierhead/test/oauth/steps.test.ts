import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { authorizationUrl } from '../../src/lib/oauth/authorization-request.ts'
import { introspectToken } from '../../src/lib/oauth/introspection.ts'
import { createCodeVerifier, createNonce, createState } from '../../src/lib/oauth/random.ts'
import { revokeToken } from '../../src/lib/oauth/revocation.ts'
import { exchangeCode, refreshTokens } from '../../src/lib/oauth/token-request.ts'
import { fetchUserInfo } from '../../src/lib/oauth/user-info.ts'
import {
  accessToken,
  clientId,
  clientSecret,
  nonce,
  raw,
  redirectUri,
  startHostileProvider,
  subject,
  type HostileProvider,
} from './hostile-provider.ts'

let host: HostileProvider
beforeEach(async () => {
  host = await startHostileProvider()
})
afterEach(() => host.close())

const exchange = { code: 'the-code', codeVerifier: createCodeVerifier(), nonce }

describe('the authorization request', () => {
  const request = {
    scopes: ['openid', 'profile', 'email', 'urn:globus:auth:scope:transfer.api.globus.org:all'],
    state: 'the-state',
    nonce,
    codeVerifier: createCodeVerifier(),
    refreshTokens: true,
  }

  test('S1.9 sends the parameters in the order of the seed, then state, nonce and the S256 challenge', async () => {
    const url = await authorizationUrl(host.relyingParty(), request)
    expect(url.href.split('?')[0]).toBe(`${host.issuer}/v2/oauth2/authorize`)
    expect([...url.searchParams]).toEqual([
      ['response_type', 'code'],
      ['redirect_uri', redirectUri],
      ['client_id', clientId],
      ['access_type', 'offline'],
      ['scope', 'openid profile email urn:globus:auth:scope:transfer.api.globus.org:all'],
      ['state', 'the-state'],
      ['nonce', nonce],
      ['code_challenge', createHash('sha256').update(request.codeVerifier).digest('base64url')],
      ['code_challenge_method', 'S256'],
    ])
    expect(url.href).not.toContain(request.codeVerifier)
  })

  test('sends the session requirements that were given and none that are empty', async () => {
    const url = await authorizationUrl(host.relyingParty(), {
      ...request,
      refreshTokens: false,
      prompt: 'login',
      sessionRequiredIdentities: [],
      sessionRequiredSingleDomain: ['example.edu', 'example.org'],
      sessionRequiredPolicies: ['p1', 'p2'],
      sessionRequiredMfa: true,
      sessionMessage: '',
    })
    expect(url.searchParams.get('access_type')).toBe('online')
    expect([...url.searchParams].slice(9)).toEqual([
      ['prompt', 'login'],
      ['session_required_single_domain', 'example.edu,example.org'],
      ['session_required_policies', 'p1,p2'],
      ['session_required_mfa', 'true'],
    ])
  })

  test('sends each scope once, in order of first mention, and keeps scope expressions whole', async () => {
    const url = await authorizationUrl(host.relyingParty(), {
      ...request,
      scopes: ['openid email', 'a:all[*b:x c:y]', 'email', 'a:all[*b:x c:y]', ' profile '],
    })
    expect(url.searchParams.getAll('scope')).toEqual(['openid email a:all[*b:x c:y] profile'])
  })

  test('SEC-18 replaces every protocol parameter that the endpoint address brings along', async () => {
    host.behave.metadata = (document) => ({
      ...document,
      authorization_endpoint: `${host.issuer}/v2/oauth2/authorize?tenant=t&state=evil&scope=all&prompt=none&code_challenge=x`,
    })
    const url = await authorizationUrl(host.relyingParty(), request)
    expect(url.searchParams.get('tenant')).toBe('t')
    expect(url.searchParams.getAll('state')).toEqual(['the-state'])
    expect(url.searchParams.getAll('code_challenge')).toHaveLength(1)
    expect(url.searchParams.has('prompt')).toBe(false)
  })

  test('refuses to start without a scope', async () => {
    await expect(authorizationUrl(host.relyingParty(), { ...request, scopes: [' '] })).rejects.toThrow(TypeError)
  })
})

test('SEC-03 SEC-10 state, nonce and verifier are 43 characters and never repeat', () => {
  const seen = new Set<string>()
  for (let i = 0; i < 10_000; i++) for (const make of [createState, createNonce, createCodeVerifier]) seen.add(make())
  expect(seen.size).toBe(30_000)
  expect([...seen].every((text) => /^[\w-]{43}$/.test(text))).toBe(true)
})

describe('the code exchange', () => {
  test('sends raw Basic credentials and the code, once, and returns a token per resource server', async () => {
    const { tokens, claims } = await exchangeCode(host.relyingParty(), exchange)
    const seconds = host.clock.now / 1000
    expect(tokens).toEqual([
      {
        resourceServer: 'auth.globus.org',
        scope: 'email profile openid',
        accessToken,
        expiresAt: seconds + 172800,
      },
      {
        resourceServer: 'transfer.api.globus.org',
        scope: 'urn:globus:auth:scope:transfer.api.globus.org:all',
        accessToken: 'AgTransferToken',
        refreshToken: 'AgTransferRefresh',
        expiresAt: seconds + 172800,
      },
    ])
    expect(claims).toMatchObject({ iss: host.issuer, sub: subject, aud: clientId })
    const [call, ...more] = host.calls('token')
    expect(more).toEqual([])
    expect(call?.headers.authorization).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`)
    expect([...(call?.form ?? [])]).toEqual([
      ['grant_type', 'authorization_code'],
      ['code', 'the-code'],
      ['redirect_uri', redirectUri],
      ['code_verifier', exchange.codeVerifier],
    ])
  })

  test('needs one metadata and one key request for many exchanges', async () => {
    const party = host.relyingParty()
    await Promise.all(Array.from({ length: 5 }, () => exchangeCode(party, exchange)))
    expect(host.calls('metadata')).toHaveLength(1)
    expect(host.calls('keys')).toHaveLength(1)
  })

  test.each([
    [400, { error: 'invalid_grant' }, 'code_rejected', 'invalid_grant'],
    [401, { error: 'invalid_grant' }, 'code_rejected', 'invalid_grant'],
    [401, { error: 'unauthorized', errors: [{ code: 'UNAUTHORIZED' }] }, 'client_rejected', 'unauthorized'],
    [401, { code: 'UNAUTHORIZED', message: 'Basic auth failed' }, 'client_rejected', ''],
    [400, { error: 'invalid_client' }, 'client_rejected', 'invalid_client'],
    [400, { error: 'invalid_request' }, 'provider_error', 'invalid_request'],
    [403, { error: 'dependent_consent_required' }, 'provider_error', 'dependent_consent_required'],
    [429, {}, 'provider_error', ''],
    [503, '<html>', 'provider_error', ''],
    [302, {}, 'provider_error', ''],
    [201, {}, 'provider_error', ''],
  ])('turns an answer %i %j into %s', async (status, body, code, error) => {
    host.behave.take.token = raw(status, 'application/json', JSON.stringify(body), {
      location: `${host.issuer}/elsewhere`,
    })
    await expect(exchangeCode(host.relyingParty(), exchange)).rejects.toMatchObject({
      name: 'TokenResponseError',
      code,
      status,
      error,
    })
    expect(host.received.filter((each) => each.endpoint === 'other' || each.endpoint === 'userinfo')).toEqual([])
    expect(host.calls('token')).toHaveLength(1)
  })
})

describe('a refresh', () => {
  const request = { refreshToken: 'AgOldRefresh', resourceServer: 'auth.globus.org', subject }

  test('sends the refresh token and keeps it when the answer has none', async () => {
    host.behave.tokenResponse = (response) => ({ ...response, refresh_token: undefined })
    const token = await refreshTokens(host.relyingParty(), request)
    expect(token).toMatchObject({ resourceServer: 'auth.globus.org', accessToken, refreshToken: 'AgOldRefresh' })
    expect([...(host.calls('token')[0]?.form ?? [])]).toEqual([
      ['grant_type', 'refresh_token'],
      ['refresh_token', 'AgOldRefresh'],
    ])
  })

  test('takes over a rotated refresh token', async () => {
    host.behave.tokenResponse = (response) => ({ ...response, refresh_token: 'AgNewRefresh' })
    expect(await refreshTokens(host.relyingParty(), request)).toMatchObject({ refreshToken: 'AgNewRefresh' })
  })

  test.each([400, 401])('tells a dead refresh token (%i) from every other failure', async (status) => {
    host.behave.take.token = raw(status, 'application/json', '{"error":"invalid_grant"}')
    await expect(refreshTokens(host.relyingParty(), request)).rejects.toMatchObject({
      code: 'code_rejected',
      error: 'invalid_grant',
    })
  })
})

describe('UserInfo, revocation and introspection', () => {
  test('UserInfo is asked with a bearer header', async () => {
    expect(await fetchUserInfo(host.relyingParty(), accessToken, subject)).toEqual({
      sub: subject,
      name: 'Ada Example',
    })
    expect(host.calls('userinfo')[0]?.headers.authorization).toBe(`Bearer ${accessToken}`)
    expect(host.calls('userinfo')[0]?.url).toBe('/v2/oauth2/userinfo')
  })

  test('revocation sends token and hint with raw Basic', async () => {
    expect(await revokeToken(host.relyingParty(), 'AgDead', 'refresh_token')).toBe('revoked')
    const call = host.calls('revoke')[0]
    expect(Object.fromEntries(call?.form ?? [])).toEqual({ token: 'AgDead', token_type_hint: 'refresh_token' })
    expect(call?.headers.authorization).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`)
  })

  test('a provider without revocation endpoint says so', async () => {
    host.behave.metadata = (document) => ({ ...document, revocation_endpoint: undefined })
    expect(await revokeToken(host.relyingParty(), 'AgDead', 'access_token')).toBe('unsupported')
  })

  test('a token kind that cannot be revoked says so', async () => {
    host.behave.take.revoke = raw(400, 'application/json', '{"error":"unsupported_token_type"}')
    expect(await revokeToken(host.relyingParty(), 'AgDead', 'access_token')).toBe('unsupported')
  })

  test.each([400, 401, 429, 500, 503])('a revocation answered with %i is not done', async (status) => {
    host.behave.take.revoke = raw(status, 'text/html', 'sorry')
    await expect(revokeToken(host.relyingParty(), 'AgDead', 'access_token')).rejects.toMatchObject({ status })
  })

  test('introspection uses the address that Globus does not publish', async () => {
    const answer = await introspectToken(host.relyingParty(), accessToken, ['session_info', 'identity_set'])
    expect(answer).toEqual({ active: true, sub: subject })
    expect(Object.fromEntries(host.calls('introspect')[0]?.form ?? [])).toEqual({
      token: accessToken,
      include: 'session_info,identity_set',
    })
  })

  test('an inactive token has no other members', async () => {
    host.behave.introspection = () => ({ active: false, sub: subject })
    expect(await introspectToken(host.relyingParty(), 'AgDead', [])).toEqual({ active: false })
  })

  test('a provider of another shape without introspection endpoint is refused', async () => {
    host.behave.metadata = (document) => ({ ...document, token_endpoint: `${host.issuer}/token` })
    await expect(introspectToken(host.relyingParty(), accessToken, [])).rejects.toMatchObject({
      code: 'provider_error',
    })
  })
})
