import { createHash } from 'node:crypto'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo, type EmulatorOptions } from '../src/index.ts'
import {
  CHALLENGE,
  claimsOf,
  createRig,
  tokensOf,
  TRANSFER,
  VERIFIER,
  type Rig,
  ANY_STRING,
  matching,
  json,
} from './support.ts'

let rig: Rig

const start = (options?: EmulatorOptions): Rig => (rig = createRig(options))

beforeEach(() => {
  start()
})

afterEach(() => rig.emulator.close())

const IDENTITY_SET = 'urn:globus:auth:scope:auth.globus.org:view_identity_set'
const TOKEN = /^Ag[A-Za-z0-9]{88,98}$/

const tokenRequest = (form: Record<string, string> | string, headers: Record<string, string> = {}): Promise<Response> =>
  rig.emulator.fetch(
    new Request(`${rig.emulator.origin}/v2/oauth2/token`, {
      method: 'POST',
      body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', ...headers },
    }),
  )

const isActive = async (token: string): Promise<boolean> => {
  const document = await json<{ active: boolean }>(await rig.post('/v2/oauth2/token/introspect', { token }))
  return document.active
}

const refused = async (response: Response): Promise<unknown> => ({
  status: response.status,
  body: await json(response),
})

const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } }

describe('the token response', () => {
  test('has one token per resource server, the one of Globus Auth on top', async () => {
    const response = await rig.redeem(await rig.code({ scope: `${TRANSFER} profile openid`, access_type: 'offline' }))
    expect(response.headers.get('cache-control')).toBe('no-store')
    const tokens = await tokensOf(response)
    expect(tokens).toEqual({
      access_token: matching(TOKEN),
      token_type: 'Bearer',
      expires_in: 172_800,
      resource_server: 'auth.globus.org',
      scope: 'openid profile',
      state: 'state-1',
      refresh_token: matching(TOKEN),
      id_token: ANY_STRING,
      other_tokens: [
        {
          access_token: matching(TOKEN),
          token_type: 'Bearer',
          expires_in: 172_800,
          resource_server: 'transfer.api.globus.org',
          scope: TRANSFER,
          state: 'state-1',
          refresh_token: matching(TOKEN),
        },
      ],
    })
  })

  test('has other_tokens, but no ID token and no refresh token, for a single service', async () => {
    const tokens = await rig.login({ scope: TRANSFER, state: undefined })
    expect(Object.keys(tokens)).toEqual([
      'access_token',
      'token_type',
      'expires_in',
      'resource_server',
      'scope',
      'other_tokens',
    ])
    expect(tokens.other_tokens).toEqual([])
  })

  test('has refresh tokens for the scope offline_access as well', async () => {
    const tokens = await rig.login({ scope: 'openid offline_access' })
    expect(tokens.refresh_token).toMatch(TOKEN)
    expect(tokens.scope).toBe('openid')
  })

  test('never shows dependent scopes', async () => {
    expect((await rig.login({ scope: `${demo.scopes.tideApi}[${TRANSFER}] ${TRANSFER}` })).scope).toBe(
      demo.scopes.tideApi,
    )
  })
})

describe('the ID token', () => {
  test('verifies with the one published key and has the header and claims of a recorded one, in order', async () => {
    const tokens = await rig.login({ scope: `openid profile email ${IDENTITY_SET}`, nonce: 'nonce-1' })
    const jwks = await json<JSONWebKeySet>(await rig.emulator.fetch(new Request(`${rig.emulator.origin}/jwk.json`)))
    expect(jwks).toEqual({
      keys: [{ kty: 'RSA', alg: 'RS512', use: 'sig', e: 'AQAB', n: matching(/^[\w-]{342}$/) }],
    })
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token ?? '', createLocalJWKSet(jwks), {
      issuer: 'http://127.0.0.1:8889',
      audience: demo.clients.portal,
    })
    expect(JSON.stringify(protectedHeader)).toBe('{"typ":"JWT","alg":"RS512"}')
    expect(Object.keys(payload).join(' ')).toBe(
      'sub organization name preferred_username identity_provider identity_provider_display_name email ' +
        'last_authentication identity_set iss aud exp iat nonce at_hash',
    )
    expect(payload).toMatchObject({
      sub: demo.people.maya,
      name: 'Maya Okafor',
      nonce: 'nonce-1',
      aud: demo.clients.portal,
    })
    expect(Number(payload.exp) - Number(payload.iat)).toBe(172_800)
    const digest = createHash('sha512').update(tokens.access_token).digest()
    expect(payload['at_hash']).toBe(digest.subarray(0, 32).toString('base64url'))
  })

  test('is minimal with openid alone', async () => {
    const { id_token } = await rig.login({ scope: 'openid' })
    expect(Object.keys(claimsOf(id_token))).toEqual(['sub', 'iss', 'aud', 'exp', 'iat', 'at_hash'])
  })

  test('leaves out the name of a linked identity that never logged in', async () => {
    const { id_token } = await rig.login({ scope: `openid ${IDENTITY_SET}` })
    expect(claimsOf(id_token)['identity_set']).toMatchObject([
      {
        sub: demo.people.maya,
        username: 'maya.okafor@harbour.example',
        name: 'Maya Okafor',
        organization: 'Harbour University',
      },
      { sub: demo.people.mayaOrcid, name: null, last_authentication: null, identity_provider_display_name: 'ORCID' },
    ])
  })

  test('has nulls for a person without e-mail and organization', async () => {
    const back = await rig.browser.authorize(rig.authorizeUrl(), { as: demo.people.sam })
    const { id_token } = await tokensOf(await rig.redeem(back.searchParams.get('code') ?? ''))
    expect(claimsOf(id_token)).toMatchObject({ name: 'Sam', email: null, organization: null })
  })

  test.each([
    ['bad-iss', 'iss', 'http://127.0.0.1:88891'],
    ['bad-nonce', 'nonce', 'n1'],
    ['bad-aud', 'aud', `${demo.clients.portal}1`],
    ['aud-array', 'aud', [demo.clients.portal]],
    ['missing-sub', 'sub', undefined],
    ['missing-at-hash', 'at_hash', undefined],
    ['missing-exp', 'exp', undefined],
  ] as const)('can be wrong on demand: %s', async (mutation, claim, value) => {
    rig.emulator.faults.nextIdToken(mutation)
    const { id_token } = await rig.login({ scope: 'openid', nonce: 'n' })
    expect(claimsOf(id_token)[claim]).toEqual(value)
    expect(claimsOf((await rig.login({ scope: 'openid', nonce: 'n' })).id_token)).toMatchObject({
      iss: 'http://127.0.0.1:8889',
      nonce: 'n',
    })
  })

  test.each(['bad-signature', 'alg-none', 'alg-hs256', 'not-a-jwt', 'expired'] as const)(
    'can be unverifiable on demand: %s',
    async (mutation) => {
      rig.emulator.faults.nextIdToken(mutation)
      const { id_token } = await rig.login({ scope: 'openid' })
      const jwks = await json<JSONWebKeySet>(await rig.emulator.fetch(new Request(`${rig.emulator.origin}/jwk.json`)))
      await expect(jwtVerify(id_token ?? '', createLocalJWKSet(jwks))).rejects.toThrow(Error)
    },
  )
})

describe('a code', () => {
  test('SEC-99 works once, and its second use ends the tokens of the first', async () => {
    const code = await rig.code()
    const tokens = await tokensOf(await rig.redeem(code))
    expect(await isActive(tokens.access_token)).toBe(true)
    expect(await refused(await rig.redeem(code))).toEqual(INVALID_GRANT)
    expect(await isActive(tokens.access_token)).toBe(false)
  })

  test('that is reused leaves the tokens alone when that is wanted', async () => {
    rig.emulator.behaviour.codeReuseRevokes = false
    const code = await rig.code()
    const tokens = await tokensOf(await rig.redeem(code))
    expect(await refused(await rig.redeem(code))).toEqual(INVALID_GRANT)
    expect(await isActive(tokens.access_token)).toBe(true)
  })

  test('SEC-99 gives tokens to one of many requests at once', async () => {
    const code = await rig.code()
    const answers = await Promise.all(Array.from({ length: 1000 }, () => rig.redeem(code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(999)
  })

  test.each([
    ['another redirect_uri', { redirect_uri: 'http://localhost:8888/' }],
    ['a code_verifier without a challenge before', { code_verifier: VERIFIER }],
  ])('is refused with %s, and still works afterwards', async (_, changes) => {
    const code = await rig.code()
    expect(await refused(await rig.redeem(code, changes))).toEqual(INVALID_GRANT)
    expect((await rig.redeem(code)).status).toBe(200)
  })

  test('is refused to another client, which cannot end its tokens either', async () => {
    const code = await rig.code()
    expect(await refused(await rig.redeem(code, {}, demo.clients.exampleApp))).toEqual(INVALID_GRANT)
    const tokens = await tokensOf(await rig.redeem(code))
    expect(await refused(await rig.redeem(code, {}, demo.clients.exampleApp))).toEqual(INVALID_GRANT)
    expect(await isActive(tokens.access_token)).toBe(true)
  })

  test('SEC-12 SEC-99 is bound to PKCE, if a challenge was sent', async () => {
    const code = await rig.code({ code_challenge: CHALLENGE, code_challenge_method: 'S256' })
    expect(await refused(await rig.redeem(code))).toEqual(INVALID_GRANT)
    expect(await refused(await rig.redeem(code, { code_verifier: `${VERIFIER}x` }))).toEqual(INVALID_GRANT)
    expect((await rig.redeem(code, { code_verifier: VERIFIER })).status).toBe(200)
  })

  test('may be bound to a plain challenge only when that is allowed', async () => {
    rig.emulator.behaviour.pkcePlain = true
    const code = await rig.code({ code_challenge: VERIFIER, code_challenge_method: 'plain' })
    expect((await rig.redeem(code, { code_verifier: VERIFIER })).status).toBe(200)
  })

  test('expires after 600 seconds', async () => {
    let now = Date.now()
    rig.emulator.close()
    start({ clock: { now: () => now, sleep: async () => undefined } })
    const [early, late] = [await rig.code(), await rig.code()]
    now += 599_000
    expect((await rig.redeem(early)).status).toBe(200)
    now += 1_000
    expect(await refused(await rig.redeem(late))).toEqual(INVALID_GRANT)
  })

  test('that nobody issued is refused', async () => {
    expect(await refused(await rig.redeem('x'.repeat(30)))).toEqual(INVALID_GRANT)
  })
})

describe('a refresh', () => {
  const refresh = (refresh_token: string | undefined, client?: string): Promise<Response> =>
    rig.post('/v2/oauth2/token', { grant_type: 'refresh_token', refresh_token: refresh_token ?? '' }, client)

  test('gives one new token and the same refresh token, and leaves the old access token alive', async () => {
    const tokens = await rig.login({ scope: `openid ${TRANSFER}`, access_type: 'offline' })
    const [transfer] = tokens.other_tokens
    const answer = await tokensOf(await refresh(transfer?.refresh_token))
    expect(answer).toEqual({
      access_token: matching(TOKEN),
      token_type: 'Bearer',
      expires_in: 172_800,
      resource_server: 'transfer.api.globus.org',
      scope: TRANSFER,
      refresh_token: transfer?.refresh_token,
      other_tokens: [],
    })
    expect(answer.access_token).not.toBe(transfer?.access_token)
    expect(await isActive(transfer?.access_token ?? '')).toBe(true)
  })

  test('is refused to another client, with an access token, and after revocation', async () => {
    const tokens = await rig.login({ access_type: 'offline' })
    expect(await refused(await refresh(tokens.refresh_token, demo.clients.exampleApp))).toEqual(INVALID_GRANT)
    expect(await refused(await refresh(tokens.access_token))).toEqual(INVALID_GRANT)
    await rig.post('/v2/oauth2/token/revoke', { token: tokens.refresh_token ?? '' })
    expect(await refused(await refresh(tokens.refresh_token))).toEqual(INVALID_GRANT)
  })

  test('is refused six months after the last use, and not before', async () => {
    let now = Date.now()
    rig.emulator.close()
    start({ clock: { now: () => now, sleep: async () => undefined } })
    const { refresh_token } = await rig.login({ access_type: 'offline' })
    for (let i = 0; i < 3; i += 1) {
      now += 15_551_000_000
      expect((await refresh(refresh_token)).status).toBe(200)
    }
    now += 15_552_000_000
    expect(await refused(await refresh(refresh_token))).toEqual(INVALID_GRANT)
  })

  test('can rotate', async () => {
    rig.emulator.behaviour.refreshRotation = 'rotate'
    const { refresh_token } = await rig.login({ access_type: 'offline' })
    const second = await tokensOf(await refresh(refresh_token))
    expect(second.refresh_token).not.toBe(refresh_token)
    expect(await refused(await refresh(refresh_token))).toEqual(INVALID_GRANT)
    expect((await refresh(second.refresh_token)).status).toBe(200)
  })

  test('SEC-99 can detect reuse, which ends every token of the login', async () => {
    rig.emulator.behaviour.refreshRotation = 'detect'
    const first = await rig.login({ scope: `openid ${TRANSFER}`, access_type: 'offline' })
    const second = await tokensOf(await refresh(first.refresh_token))
    expect(await refused(await refresh(first.refresh_token))).toEqual(INVALID_GRANT)
    expect(await refused(await refresh(second.refresh_token))).toEqual(INVALID_GRANT)
    expect(await isActive(first.other_tokens[0]?.access_token ?? '')).toBe(false)
  })

  test('that rotates succeeds for one of many requests at once', async () => {
    rig.emulator.behaviour.refreshRotation = 'rotate'
    const { refresh_token } = await rig.login({ access_type: 'offline' })
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refresh_token)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('a public client', () => {
  test('redeems with PKCE and refreshes and revokes with its client_id', async () => {
    const { browserApp } = demo.clients
    const redirect_uri = 'http://localhost:5173/callback'
    const url = rig.authorizeUrl({
      client_id: browserApp,
      redirect_uri,
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      scope: 'openid offline_access',
    })
    const back = await rig.browser.authorize(url, { as: demo.people.maya })
    const code = back.searchParams.get('code') ?? ''
    const grant = {
      grant_type: 'authorization_code',
      client_id: browserApp,
      code,
      redirect_uri,
      code_verifier: VERIFIER,
    }
    const tokens = await tokensOf(await tokenRequest(grant, { origin: 'http://localhost:5173' }))
    const refreshed = await tokenRequest({
      grant_type: 'refresh_token',
      client_id: browserApp,
      refresh_token: tokens.refresh_token ?? '',
    })
    expect(refreshed.status).toBe(200)
    const revoked = new Request(`${rig.emulator.origin}/v2/oauth2/token/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: browserApp, token: tokens.access_token }),
    })
    expect(await (await rig.emulator.fetch(revoked)).json()).toEqual({ active: false })
  })
})
