import type { IdTokenMutation } from '../auth/id-token-mutations.ts'
import type { EndpointName } from '../faults.ts'

/** The client modules of the OpenID Connect conformance suite that say something about a confidential client with the code flow. */
const openIdModules = [
  'oidcc-client-test',
  'oidcc-client-test-client-secret-basic',
  'oidcc-client-test-scope-userinfo-claims',
  'oidcc-client-test-nonce-unless-code-flow',
  'oidcc-client-test-nonce-invalid',
  'oidcc-client-test-invalid-iss',
  'oidcc-client-test-missing-sub',
  'oidcc-client-test-invalid-aud',
  'oidcc-client-test-missing-aud',
  'oidcc-client-test-missing-iat',
  'oidcc-client-test-kid-absent-single-jwks',
  'oidcc-client-test-kid-absent-multiple-jwks',
  'oidcc-client-test-idtoken-sig-rs256',
  'oidcc-client-test-idtoken-sig-none',
  'oidcc-client-test-invalid-sig-rs256',
  'oidcc-client-test-invalid-sig-es256',
  'oidcc-client-test-invalid-sig-hs256',
  'oidcc-client-test-invalid-athash',
  'oidcc-client-test-userinfo-invalid-sub',
  'oidcc-client-test-userinfo-bearer-header',
  'oidcc-client-test-discovery-openid-config',
  'oidcc-client-test-discovery-jwks-uri-keys',
  'oidcc-client-test-discovery-issuer-mismatch',
  'oidcc-client-test-signing-key-rotation',
  'oidcc-client-test-signing-key-rotation-just-before-signing',
  'oidcc-client-test-refresh-token',
  'oidcc-client-test-refresh-token-invalid-issuer',
  'oidcc-client-test-refresh-token-invalid-sub',
] as const

/** The client modules of the FAPI 2.0 Security Profile that need neither DPoP nor mutual TLS. */
const fapiModules = [
  'fapi2-security-profile-final-client-test-happy-path',
  'fapi2-security-profile-final-client-refresh-token-test',
  'fapi2-security-profile-final-client-test-discovery-issuer-mismatch',
  'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails',
  'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-missing-state-fails',
  'fapi2-security-profile-final-client-test-invalid-authorization-response-iss',
  'fapi2-security-profile-final-client-test-remove-authorization-response-iss',
  'fapi2-security-profile-final-client-test-invalid-iss',
  'fapi2-security-profile-final-client-test-invalid-missing-iss',
  'fapi2-security-profile-final-client-test-invalid-aud',
  'fapi2-security-profile-final-client-test-invalid-missing-aud',
  'fapi2-security-profile-final-client-test-invalid-secondary-aud',
  'fapi2-security-profile-final-client-test-valid-aud-as-array',
  'fapi2-security-profile-final-client-test-invalid-missing-exp',
  'fapi2-security-profile-final-client-test-invalid-expired-exp',
  'fapi2-security-profile-final-client-test-invalid-nonce',
  'fapi2-security-profile-final-client-test-invalid-missing-nonce',
  'fapi2-security-profile-final-client-test-invalid-null-alg',
  'fapi2-security-profile-final-client-test-invalid-alternate-alg',
  'fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in',
  'fapi2-security-profile-final-client-test-token-type-case-insensitivity',
] as const

/** A wrong behaviour of a provider that can be played, by the name of the test that asks for it. */
export type MisbehaviourName = (typeof openIdModules)[number] | (typeof fapiModules)[number]

/** The names of both suites. */
export const misbehaviourNames: readonly MisbehaviourName[] = [...openIdModules, ...fapiModules]

/** What a changed value becomes, from what it was; null removes it. */
export type Change = (value: unknown, about: { readonly issuer: string; readonly run: string }) => unknown

/** How a provider differs from a right one. */
export interface Play {
  /** Changes keys of the JSON answers of an endpoint. */
  readonly answers?: Partial<Readonly<Record<EndpointName, Readonly<Record<string, Change>>>>>
  /** Changes the parameters with which the browser goes back to the app. */
  readonly authorizationResponse?: Readonly<Record<string, Change>>
  /** Spoils each ID token of a login. */
  readonly idToken?: IdTokenMutation
  /** Has refreshes give ID tokens too, right or spoilt. */
  readonly refreshedIdToken?: 'right' | IdTokenMutation
  /** Signs with another algorithm than Globus does, and says so in metadata and keys. Default RS512. */
  readonly algorithm?: 'RS256' | 'ES256' | 'HS256'
  /** Publishes another key before the right one. */
  readonly severalKeys?: boolean
  /** Changes the signing key: at each login's beginning, or just before each ID token is signed. */
  readonly rotates?: 'between-logins' | 'before-signing'
  /** Refuses clients that do it another way. */
  readonly demands?: 'client-secret-basic' | 'claims-scope' | 'nonce' | 'bearer-header' | 'own-jwks-uri'
}

/** A way in which a provider is right or wrong, and what a client must make of it. */
export interface Misbehaviour {
  /** What the provider does. */
  readonly summary: string
  /** How the login, or for `refresh` the refresh after it, must end. */
  readonly outcome: 'login' | 'no-login' | 'refresh' | 'no-refresh'
  readonly play: Play
}

const append =
  (suffix: string): Change =>
  (value) =>
    `${textOf(value)}${suffix}`
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const remove: Change = () => null
const always =
  (value: unknown): Change =>
  () =>
    value

const works = (summary: string, play: Play = {}): Misbehaviour => ({ summary, outcome: 'login', play })
const spoils = (summary: string, play: Play): Misbehaviour => ({ summary, outcome: 'no-login', play })
const wrongIdToken = (summary: string, idToken: IdTokenMutation, play: Play = {}): Misbehaviour =>
  spoils(summary, { ...play, idToken })

const openId: Readonly<Record<(typeof openIdModules)[number], Misbehaviour>> = {
  'oidcc-client-test': works('Everything right; demands a nonce of 22 to 255 safe characters', { demands: 'nonce' }),
  'oidcc-client-test-client-secret-basic': works('Demands client_secret_basic', { demands: 'client-secret-basic' }),
  'oidcc-client-test-scope-userinfo-claims': works('Demands one of the scopes profile, email, phone and address', {
    demands: 'claims-scope',
  }),
  'oidcc-client-test-nonce-unless-code-flow': works('Demands a nonce', { demands: 'nonce' }),
  'oidcc-client-test-nonce-invalid': wrongIdToken('Appends 1 to the nonce', 'bad-nonce'),
  'oidcc-client-test-invalid-iss': wrongIdToken('Appends 1 to iss', 'bad-iss'),
  'oidcc-client-test-missing-sub': wrongIdToken('Leaves sub out', 'missing-sub'),
  'oidcc-client-test-invalid-aud': wrongIdToken('Appends 1 to aud', 'bad-aud'),
  'oidcc-client-test-missing-aud': wrongIdToken('Leaves aud out', 'missing-aud'),
  'oidcc-client-test-missing-iat': wrongIdToken('Leaves iat out', 'missing-iat'),
  'oidcc-client-test-kid-absent-single-jwks': works('Names no key; publishes one, for RS256', { algorithm: 'RS256' }),
  'oidcc-client-test-kid-absent-multiple-jwks': works('Names no key; publishes two', {
    algorithm: 'RS256',
    severalKeys: true,
  }),
  'oidcc-client-test-idtoken-sig-rs256': works('Signs with RS256', { algorithm: 'RS256' }),
  'oidcc-client-test-idtoken-sig-none': wrongIdToken('Does not sign', 'alg-none'),
  'oidcc-client-test-invalid-sig-rs256': wrongIdToken('Breaks the RS256 signature', 'bad-signature', {
    algorithm: 'RS256',
  }),
  'oidcc-client-test-invalid-sig-es256': wrongIdToken('Breaks the ES256 signature', 'bad-signature', {
    algorithm: 'ES256',
  }),
  'oidcc-client-test-invalid-sig-hs256': wrongIdToken('Breaks the HS256 signature', 'bad-signature', {
    algorithm: 'HS256',
  }),
  'oidcc-client-test-invalid-athash': wrongIdToken('Appends 1 to at_hash', 'bad-at-hash'),
  'oidcc-client-test-userinfo-invalid-sub': spoils('Appends "invalid" to the sub of UserInfo', {
    answers: { userinfo: { sub: append('invalid') } },
  }),
  'oidcc-client-test-userinfo-bearer-header': works('Demands the token of UserInfo in the header Authorization', {
    demands: 'bearer-header',
  }),
  'oidcc-client-test-discovery-openid-config': works('Publishes its metadata'),
  'oidcc-client-test-discovery-jwks-uri-keys': works('Publishes its keys at another address in each run', {
    answers: { discovery: { jwks_uri: (value, { run }) => `${textOf(value)}?run=${run}` } },
    demands: 'own-jwks-uri',
  }),
  'oidcc-client-test-discovery-issuer-mismatch': spoils('Appends INVALID to the issuer of its metadata', {
    answers: { discovery: { issuer: append('INVALID') } },
  }),
  'oidcc-client-test-signing-key-rotation': works('Changes its key between two logins', { rotates: 'between-logins' }),
  'oidcc-client-test-signing-key-rotation-just-before-signing': works('Changes its key just before it signs', {
    rotates: 'before-signing',
  }),
  'oidcc-client-test-refresh-token': {
    summary: 'Refreshes, and gives an ID token with it',
    outcome: 'refresh',
    play: { refreshedIdToken: 'right' },
  },
  'oidcc-client-test-refresh-token-invalid-issuer': {
    summary: 'Appends 1 to iss of a refreshed ID token',
    outcome: 'no-refresh',
    play: { refreshedIdToken: 'bad-iss' },
  },
  'oidcc-client-test-refresh-token-invalid-sub': {
    summary: 'Appends 1 to sub of a refreshed ID token',
    outcome: 'no-refresh',
    play: { refreshedIdToken: 'bad-sub' },
  },
}

const promisesIssuer = { discovery: { authorization_response_iss_parameter_supported: always(true) } }

const fapi: Readonly<Record<(typeof fapiModules)[number], Misbehaviour>> = {
  'fapi2-security-profile-final-client-test-happy-path': works('Everything right, with iss in its answers', {
    answers: promisesIssuer,
    authorizationResponse: { iss: (_, { issuer }) => issuer },
  }),
  'fapi2-security-profile-final-client-refresh-token-test': { summary: 'Refreshes', outcome: 'refresh', play: {} },
  'fapi2-security-profile-final-client-test-discovery-issuer-mismatch':
    openId['oidcc-client-test-discovery-issuer-mismatch'],
  'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails': spoils(
    'Appends 1 to state',
    {
      authorizationResponse: { state: append('1') },
    },
  ),
  'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-missing-state-fails': spoils(
    'Sends no state back',
    {
      authorizationResponse: { state: remove },
    },
  ),
  'fapi2-security-profile-final-client-test-invalid-authorization-response-iss': spoils('Sends another iss back', {
    answers: promisesIssuer,
    authorizationResponse: { iss: (_, { issuer }) => `${issuer}1` },
  }),
  'fapi2-security-profile-final-client-test-remove-authorization-response-iss': spoils(
    'Promises iss in its answers, and sends none',
    {
      answers: promisesIssuer,
    },
  ),
  'fapi2-security-profile-final-client-test-invalid-iss': openId['oidcc-client-test-invalid-iss'],
  'fapi2-security-profile-final-client-test-invalid-missing-iss': wrongIdToken('Leaves iss out', 'missing-iss'),
  'fapi2-security-profile-final-client-test-invalid-aud': openId['oidcc-client-test-invalid-aud'],
  'fapi2-security-profile-final-client-test-invalid-missing-aud': openId['oidcc-client-test-missing-aud'],
  'fapi2-security-profile-final-client-test-invalid-secondary-aud': wrongIdToken(
    'Names a second client in aud',
    'foreign-second-aud',
  ),
  'fapi2-security-profile-final-client-test-valid-aud-as-array': works('Gives aud as a list of one', {
    idToken: 'aud-array',
  }),
  'fapi2-security-profile-final-client-test-invalid-missing-exp': wrongIdToken('Leaves exp out', 'missing-exp'),
  'fapi2-security-profile-final-client-test-invalid-expired-exp': wrongIdToken(
    'Lets the ID token end six minutes ago',
    'expired',
  ),
  'fapi2-security-profile-final-client-test-invalid-nonce': openId['oidcc-client-test-nonce-invalid'],
  'fapi2-security-profile-final-client-test-invalid-missing-nonce': wrongIdToken(
    'Leaves the nonce out',
    'missing-nonce',
  ),
  'fapi2-security-profile-final-client-test-invalid-null-alg': openId['oidcc-client-test-idtoken-sig-none'],
  'fapi2-security-profile-final-client-test-invalid-alternate-alg': wrongIdToken(
    'Signs with RS256 after naming RS512',
    'alg-rs256',
  ),
  'fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in': works(
    'Does not say how long tokens live',
    {
      answers: { token: { expires_in: remove, other_tokens: withoutExpiry } },
    },
  ),
  'fapi2-security-profile-final-client-test-token-type-case-insensitivity': works('Spells the token type bEARER', {
    answers: { token: { token_type: always('bEARER') } },
  }),
}

function withoutExpiry(tokens: unknown): unknown {
  if (!Array.isArray(tokens)) return tokens
  return tokens.map((token: unknown) => (typeof token === 'object' ? { ...token, expires_in: undefined } : token))
}

/** What is played under each name. */
export const misbehaviours: Readonly<Record<MisbehaviourName, Misbehaviour>> = { ...openId, ...fapi }
