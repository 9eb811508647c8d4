import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { authorizationUrl } from '../../src/lib/oauth/authorization-request.ts'
import { checkResponseIssuer, parseAuthorizationResponse } from '../../src/lib/oauth/authorization-response.ts'
import type { Provider } from '../../src/lib/oauth/provider.ts'
import { createCodeVerifier } from '../../src/lib/oauth/random.ts'
import { tokensOf } from '../../src/lib/oauth/refused-tokens-error.ts'
import { exchangeCode, refreshTokens } from '../../src/lib/oauth/token-request.ts'
import { fetchUserInfo } from '../../src/lib/oauth/user-info.ts'
import {
  accessToken,
  clientId,
  errorOf,
  honestClaims,
  json,
  newRsaSigner,
  nonce,
  outcomeOf,
  rsaSigner,
  sign,
  startHostileProvider,
  subject,
  type HostileProvider,
  type Json,
  type Signer,
} from './hostile-provider.ts'

/**
 * Client modules of the OpenID conformance suite by their public names: what the provider does wrong, and what must come
 * of it. Outcome `login`: claims, tokens and UserInfo; otherwise the code of the error.
 */
interface Module {
  readonly name: string
  readonly arrange: (host: HostileProvider) => void
  readonly outcome: string
}

let host: HostileProvider
beforeEach(async () => {
  host = await startHostileProvider()
})
afterEach(() => host.close())

const claim =
  (change: Json) =>
  ({ behave }: HostileProvider): void => {
    behave.claims = (claims) => ({ ...claims, ...change })
  }

const nothing = (): void => {}

function signWith(signer: Signer, published: Signer[] = [signer]): (host: HostileProvider) => void {
  return ({ behave }) => {
    behave.signer = signer
    behave.published = published
    behave.metadata = (document) => ({ ...document, id_token_signing_alg_values_supported: [signer.alg] })
  }
}

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const es256: Signer = { alg: 'ES256', privateKey: ec.privateKey, jwk: { ...ec.publicKey.export({ format: 'jwk' }) } }
const rs256 = rsaSigner('RS256')

function breakSignature(token: string): string {
  const [header, payload, signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  return `${header}.${payload}.${bytes.toString('base64url')}`
}

function unsigned(token: string): string {
  const header = Buffer.from('{"alg":"none"}').toString('base64url')
  return `${header}.${token.split('.')[1]}.`
}

const basic: Module[] = [
  { name: 'oidcc-client-test', arrange: nothing, outcome: 'login' },
  { name: 'oidcc-client-test-nonce-invalid', arrange: claim({ nonce: `${nonce}1` }), outcome: 'invalid_id_token' },
  {
    name: 'oidcc-client-test-invalid-iss',
    arrange: claim({ iss: 'https://other.example1' }),
    outcome: 'invalid_id_token',
  },
  { name: 'oidcc-client-test-missing-sub', arrange: claim({ sub: undefined }), outcome: 'invalid_id_token' },
  { name: 'oidcc-client-test-invalid-aud', arrange: claim({ aud: `${clientId}1` }), outcome: 'invalid_id_token' },
  { name: 'oidcc-client-test-missing-aud', arrange: claim({ aud: undefined }), outcome: 'invalid_id_token' },
  { name: 'oidcc-client-test-missing-iat', arrange: claim({ iat: undefined }), outcome: 'invalid_id_token' },
  { name: 'oidcc-client-test-kid-absent-single-jwks', arrange: signWith(rs256), outcome: 'login' },
  {
    name: 'oidcc-client-test-kid-absent-multiple-jwks',
    arrange: signWith(rs256, [newRsaSigner('RS256'), newRsaSigner('RS256'), es256, rs256]),
    outcome: 'login',
  },
  { name: 'oidcc-client-test-idtoken-sig-rs256', arrange: signWith(rs256), outcome: 'login' },
  {
    name: 'oidcc-client-test-idtoken-sig-none',
    arrange: ({ behave }) => (behave.idToken = unsigned),
    outcome: 'invalid_id_token',
  },
  {
    name: 'oidcc-client-test-invalid-sig-rs256',
    arrange: (provider) => {
      signWith(rs256)(provider)
      provider.behave.idToken = breakSignature
    },
    outcome: 'invalid_id_token',
  },
  {
    name: 'oidcc-client-test-invalid-sig-es256',
    arrange: (provider) => {
      signWith(es256)(provider)
      provider.behave.idToken = breakSignature
    },
    outcome: 'invalid_id_token',
  },
  {
    name: 'oidcc-client-test-invalid-sig-hs256',
    arrange: ({ behave }) => {
      behave.metadata = (document) => ({ ...document, id_token_signing_alg_values_supported: ['HS256', 'RS512'] })
      behave.idToken = (token) => `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${token.split('.')[1]}.AAAA`
    },
    outcome: 'invalid_id_token',
  },
  {
    name: 'oidcc-client-test-invalid-athash',
    arrange: ({ behave }) => (behave.claims = (claims) => ({ ...claims, at_hash: `${String(claims['at_hash'])}1` })),
    outcome: 'invalid_id_token',
  },
  {
    name: 'oidcc-client-test-userinfo-invalid-sub',
    arrange: ({ behave }) => (behave.userinfo = (claims) => ({ ...claims, sub: `${subject}invalid` })),
    outcome: 'userinfo_failed',
  },
  {
    name: 'oidcc-client-test-discovery-jwks-uri-keys',
    arrange: ({ behave, issuer }) => {
      behave.metadata = (document) => ({ ...document, jwks_uri: `${issuer}/jwk.json?run=4711` })
    },
    outcome: 'login',
  },
  {
    name: 'oidcc-client-test-discovery-issuer-mismatch',
    arrange: ({ behave }) => {
      behave.metadata = (document) => ({ ...document, issuer: `${String(document['issuer'])}INVALID` })
    },
    outcome: 'issuer_mismatch',
  },
]

const fapi: Module[] = [
  { name: 'test-happy-path', arrange: nothing, outcome: 'login' },
  { name: 'test-invalid-iss', arrange: claim({ iss: 'https://other.example' }), outcome: 'invalid_id_token' },
  { name: 'test-missing-iss', arrange: claim({ iss: undefined }), outcome: 'invalid_id_token' },
  { name: 'test-invalid-aud', arrange: claim({ aud: 'someone-else' }), outcome: 'invalid_id_token' },
  { name: 'test-missing-aud', arrange: claim({ aud: undefined }), outcome: 'invalid_id_token' },
  { name: 'test-invalid-secondary-aud', arrange: claim({ aud: [clientId, 'other'] }), outcome: 'invalid_id_token' },
  { name: 'test-valid-aud-as-array', arrange: claim({ aud: [clientId] }), outcome: 'login' },
  { name: 'test-invalid-missing-exp', arrange: claim({ exp: undefined }), outcome: 'invalid_id_token' },
  {
    name: 'test-invalid-expired-exp',
    arrange: ({ behave, clock }) => (behave.claims = (claims) => ({ ...claims, exp: clock.now / 1000 - 360 })),
    outcome: 'invalid_id_token',
  },
  { name: 'test-invalid-nonce', arrange: claim({ nonce: 'another' }), outcome: 'invalid_id_token' },
  { name: 'test-missing-nonce', arrange: claim({ nonce: undefined }), outcome: 'invalid_id_token' },
  {
    name: 'test-invalid-null-alg',
    arrange: ({ behave }) => (behave.idToken = unsigned),
    outcome: 'invalid_id_token',
  },
  {
    name: 'test-invalid-alternate-alg',
    arrange: ({ behave }) => {
      behave.signer = rs256
      behave.published = [rs256]
    },
    outcome: 'invalid_id_token',
  },
  {
    name: 'test-token-endpoint-response-without-expires_in',
    arrange: ({ behave }) => (behave.tokenResponse = (response) => ({ ...response, expires_in: undefined })),
    outcome: 'login',
  },
  {
    name: 'test-token-type-case-insensitivity',
    arrange: ({ behave }) => (behave.tokenResponse = (response) => ({ ...response, token_type: 'bEARER' })),
    outcome: 'login',
  },
  {
    name: 'test-discovery-issuer-mismatch',
    arrange: ({ behave }) => (behave.metadata = (document) => ({ ...document, issuer: 'https://other.example' })),
    outcome: 'issuer_mismatch',
  },
]

describe.each([
  ['OpenID Connect Core client', basic],
  ['FAPI 2.0 security profile final client', fapi],
])('%s', (_plan, modules) => {
  test.each(modules)('$name ends in $outcome', async ({ arrange, outcome }) => {
    arrange(host)
    const call = login(host.relyingParty())
    expect(await outcomeOf(call)).toBe(outcome === 'login' ? 'accepted' : outcome)
    const reached = ['login', 'userinfo_failed'].includes(outcome)
    expect(host.calls('userinfo')).toHaveLength(reached ? 1 : 0)
    expect(host.calls('token')).toHaveLength(outcome === 'issuer_mismatch' ? 0 : 1)
  })
})

test('a module that ends in login yields the claims of the person and of UserInfo', async () => {
  const { claims, userinfo } = await login(host.relyingParty())
  expect(claims).toMatchObject({ iss: host.issuer, sub: subject })
  expect(userinfo).toEqual({ sub: subject, name: 'Ada Example' })
})

describe('modules that need more than one exchange', () => {
  test('oidcc-client-test-signing-key-rotation: the second login is signed by a new key', async () => {
    const party = host.relyingParty()
    await login(party)
    host.clock.now += 60_000
    signWith(newRsaSigner())(host)
    expect((await login(party)).claims.sub).toBe(subject)
    expect(host.calls('keys')).toHaveLength(2)
  })

  test('oidcc-client-test-signing-key-rotation-just-before-signing: keys change after they were read', async () => {
    const party = host.relyingParty()
    await party.keys.current()
    signWith(newRsaSigner())(host)
    expect((await login(party)).claims.sub).toBe(subject)
    expect(host.calls('keys')).toHaveLength(2)
  })

  test('oidcc-client-test-refresh-token', async () => {
    await answerRefreshWith(honestClaims(host.issuer, host.clock.now, 'RS512'))
    const token = await refreshTokens(host.relyingParty(), refreshRequest)
    expect(token).toMatchObject({ accessToken, refreshToken: 'AgNewRefresh' })
  })

  test.each([
    ['oidcc-client-test-refresh-token-invalid-issuer', { iss: 'https://other.example' }],
    ['oidcc-client-test-refresh-token-invalid-sub', { sub: `${subject}1` }],
    ['a refresh with another audience', { aud: 'someone-else' }],
    ['a refresh whose at_hash is wrong', { at_hash: 'AAAA' }],
  ])('%s', async (_name, change) => {
    await answerRefreshWith({ ...honestClaims(host.issuer, host.clock.now, 'RS512'), ...change })
    const error = await errorOf(refreshTokens(host.relyingParty(), refreshRequest))
    expect(error).toMatchObject({ code: 'invalid_id_token' })
    expect(tokensOf(error)).toMatchObject([{ accessToken, refreshToken: 'AgNewRefresh' }])
    expect(host.calls('userinfo')).toEqual([])
  })

  test('a refresh whose ID token has a broken signature is refused', async () => {
    await answerRefreshWith(honestClaims(host.issuer, host.clock.now, 'RS512'), breakSignature)
    await expect(refreshTokens(host.relyingParty(), refreshRequest)).rejects.toMatchObject({ code: 'invalid_id_token' })
  })
})

describe('RFC 9207 modules', () => {
  const promise = (): void => {
    host.behave.metadata = (document) => ({ ...document, authorization_response_iss_parameter_supported: true })
  }

  test('test-invalid-authorization-response-iss is refused before any endpoint is called', async () => {
    const query = new URLSearchParams({ code: 'c', state: 's', iss: `${host.issuer}1` })
    await expect(checkResponseIssuer(host.relyingParty(), query)).rejects.toMatchObject({ code: 'issuer_mismatch' })
    expect(host.received).toEqual([])
  })

  test('test-remove-authorization-response-iss is refused when the metadata promise it', async () => {
    promise()
    for (const query of ['code=c&state=s', 'code=c&state=s&iss=', 'error=access_denied&state=s']) {
      const check = checkResponseIssuer(host.relyingParty(), new URLSearchParams(query))
      await expect(check).rejects.toMatchObject({ code: 'issuer_mismatch' })
    }
    expect(host.calls('token')).toEqual([])
  })

  test('the right issuer passes, and so does a missing one that nobody promised', async () => {
    const query = new URLSearchParams({ code: 'c', state: 's', iss: host.issuer })
    await expect(checkResponseIssuer(host.relyingParty(), query)).resolves.toBeUndefined()
    await expect(checkResponseIssuer(host.relyingParty(), new URLSearchParams('code=c'))).resolves.toBeUndefined()
  })
})

test('test-ensure-authorization-response-with-invalid-missing-state-fails', () => {
  for (const query of ['code=c', 'code=c&state=', 'error=access_denied']) {
    expect(() => parseAuthorizationResponse(new URLSearchParams(query))).toThrow(
      expect.objectContaining({ code: 'invalid_callback' }),
    )
  }
})

async function login(party: Provider) {
  const codeVerifier = createCodeVerifier()
  await authorizationUrl(party, { scopes: ['openid'], state: 's', nonce, codeVerifier, refreshTokens: true })
  const { claims } = await exchangeCode(party, { code: 'c', codeVerifier, nonce })
  return { claims, userinfo: await fetchUserInfo(party, accessToken, claims.sub) }
}

const refreshRequest = { refreshToken: 'AgOldRefresh', resourceServer: 'auth.globus.org', subject }

async function answerRefreshWith(claims: Json, change = (token: string) => token): Promise<void> {
  const idToken = change(await sign(host.behave.signer, { ...claims, nonce: undefined }, { alg: 'RS512' }))
  const entry = { access_token: accessToken, token_type: 'Bearer', resource_server: 'auth.globus.org', scope: 'openid' }
  host.behave.take.token = (_request, response) =>
    json(response, { ...entry, id_token: idToken, refresh_token: 'AgNewRefresh', other_tokens: [] })
}
