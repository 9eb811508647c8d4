import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CompactSign, type CompactJWSHeaderParameters } from 'jose'
import { isPierheadError } from '../../src/errors.ts'
import { createProvider, type Provider, type ProviderOptions } from '../../src/lib/oauth/provider.ts'

export type Json = Record<string, unknown>
export type Endpoint = 'metadata' | 'keys' | 'token' | 'userinfo' | 'revoke' | 'introspect'

export interface Received {
  readonly endpoint: Endpoint | 'other'
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly form: URLSearchParams
}

/** A key with which the provider signs, and what it says about it in its key set. */
export interface Signer {
  readonly alg: string
  readonly privateKey: KeyObject
  readonly jwk: Json
}

/** Everything a test can change. Each function gets what an honest provider would do and returns what this one does. */
export interface Behaviour {
  metadata: (document: Json) => unknown
  keys: (keys: Json[]) => unknown
  /** Signs with this key; it need not be among the published ones. */
  signer: Signer
  published: Signer[]
  header: (header: Json) => Json
  claims: (claims: Json) => Json
  /** Changes the finished ID token. */
  idToken: (token: string) => string
  tokenResponse: (response: Json) => unknown
  userinfo: (claims: Json) => unknown
  introspection: (answer: Json) => unknown
  /** Takes over an endpoint completely; it may also never answer. */
  take: Partial<Record<Endpoint, ((request: Received, response: ServerResponse) => void) | undefined>>
}

export interface HostileProvider {
  readonly issuer: string
  readonly received: Received[]
  readonly clock: { now: number }
  readonly behave: Behaviour
  readonly calls: (endpoint: Endpoint) => Received[]
  /** A relying party with empty caches. */
  readonly relyingParty: (options?: Partial<ProviderOptions>) => Provider
  readonly close: () => Promise<void>
}

export const clientId = '3c1f6a52-0b8e-4d6c-9d3e-77a1f0c2b5d4'
export const clientSecret = 'c2VjcmV0/with+padding=and:colon%2D'
export const redirectUri = 'http://localhost:5000/login'
export const subject = '7f2d3c1e-9a4b-4c8d-8e6f-1a2b3c4d5e6f'
export const accessToken = 'AgExampleAuthToken0123456789'
export const nonce = 'n-0S6_WzA2Mj-example-nonce'

/** Made once per process: RSA keys are slow to make. */
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

export function rsaSigner(alg = 'RS512', extra: Json = {}, pair = rsa): Signer {
  return {
    alg,
    privateKey: pair.privateKey,
    jwk: { ...pair.publicKey.export({ format: 'jwk' }), use: 'sig', alg, ...extra },
  }
}

export function newRsaSigner(alg = 'RS512', extra: Json = {}, modulusLength = 2048): Signer {
  return rsaSigner(alg, extra, generateKeyPairSync('rsa', { modulusLength }))
}

/** The issuer of Globus shape: RS512, one key without kid, other_tokens. */
export async function startHostileProvider(): Promise<HostileProvider> {
  const clock = { now: 1_790_000_000_000 }
  const received: Received[] = []
  const behave = honestBehaviour()
  const server = createServer((request, response) => {
    void readRequest(request).then(async (got) => {
      received.push(got)
      const take = got.endpoint === 'other' ? undefined : behave.take[got.endpoint]
      if (take) take(got, response)
      else await answer(got, response, { issuer, clock, behave })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has an AddressInfo
  return {
    issuer,
    received,
    clock,
    behave,
    calls: (endpoint) => received.filter((each) => each.endpoint === endpoint),
    relyingParty: (options) =>
      createProvider({ issuer, clientId, clientSecret, redirectUri, fetch, now: () => clock.now, ...options }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function honestBehaviour(): Behaviour {
  const signer = rsaSigner()
  const same = <T>(value: T): T => value
  return {
    metadata: same,
    keys: same,
    signer,
    published: [signer],
    header: same,
    claims: same,
    idToken: same,
    tokenResponse: same,
    userinfo: same,
    introspection: same,
    take: {},
  }
}

type Host = Pick<HostileProvider, 'issuer' | 'clock' | 'behave'>

async function answer(request: Received, response: ServerResponse, host: Host): Promise<void> {
  const { behave, clock, issuer } = host
  response.setHeader('date', new Date(clock.now).toUTCString())
  if (request.endpoint === 'metadata') return json(response, behave.metadata(metadataOf(issuer)))
  if (request.endpoint === 'keys')
    return json(response, { keys: behave.keys(behave.published.map((each) => each.jwk)) })
  if (request.endpoint === 'token') return json(response, behave.tokenResponse(await tokens(request.form, host)))
  if (request.endpoint === 'userinfo') return json(response, behave.userinfo({ sub: subject, name: 'Ada Example' }))
  if (request.endpoint === 'revoke') return json(response, { active: false })
  if (request.endpoint === 'introspect') return json(response, behave.introspection({ active: true, sub: subject }))
  response.writeHead(404).end()
}

async function tokens(form: URLSearchParams, { behave, clock, issuer }: Host): Promise<Json> {
  const top = tokenEntry('auth.globus.org', accessToken, 'email profile openid')
  if (form.get('grant_type') === 'refresh_token') {
    return { ...top, refresh_token: form.get('refresh_token'), other_tokens: [] }
  }
  const claims = behave.claims(honestClaims(issuer, clock.now, behave.signer.alg))
  const header = behave.header({ typ: 'JWT', alg: behave.signer.alg })
  const idToken = behave.idToken(await sign(behave.signer, claims, header))
  const transfer = tokenEntry(
    'transfer.api.globus.org',
    'AgTransferToken',
    'urn:globus:auth:scope:transfer.api.globus.org:all',
  )
  return { ...top, state: 's', id_token: idToken, other_tokens: [{ ...transfer, refresh_token: 'AgTransferRefresh' }] }
}

export function metadataOf(issuer: string): Json {
  return {
    issuer,
    authorization_endpoint: `${issuer}/v2/oauth2/authorize`,
    token_endpoint: `${issuer}/v2/oauth2/token`,
    userinfo_endpoint: `${issuer}/v2/oauth2/userinfo`,
    revocation_endpoint: `${issuer}/v2/oauth2/token/revoke`,
    jwks_uri: `${issuer}/jwk.json`,
    id_token_signing_alg_values_supported: ['RS512'],
  }
}

export function tokenEntry(resourceServer: string, token: string, scope: string): Json {
  return { access_token: token, token_type: 'Bearer', expires_in: 172800, resource_server: resourceServer, scope }
}

export function honestClaims(issuer: string, now: number, alg: string): Json {
  const iat = Math.floor(now / 1000)
  return { iss: issuer, aud: clientId, sub: subject, iat, exp: iat + 172800, nonce, at_hash: atHash(alg, accessToken) }
}

/** OpenID Connect Core 1.0 section 3.1.3.6. */
export function atHash(alg: string, token: string): string {
  const digest = createHash(`sha${/\d+$/.exec(alg)?.[0] ?? '512'}`)
    .update(token)
    .digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

export async function sign(signer: Signer, claims: unknown, header: Json): Promise<string> {
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims)
  return new CompactSign(Buffer.from(payload))
    .setProtectedHeader(header as unknown as CompactJWSHeaderParameters) // tests set alg, and odd headers on purpose
    .sign(signer.privateKey)
}

/** `accepted`, or the code of our own error; any other error as it is. For tables of outcomes. */
export async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'accepted',
    (error: unknown) => (isPierheadError(error) ? error.code : error),
  )
}

/** What a step that must fail fails with; the error of this function when it does not. */
export async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => new Error('it was accepted'),
    (error: unknown) => error,
  )
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** Answers with exactly these bytes. */
export function raw(
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
) {
  return (_request: Received, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': contentType, ...headers }).end(body)
  }
}

const endpoints: Record<string, Endpoint> = {
  '/.well-known/openid-configuration': 'metadata',
  '/jwk.json': 'keys',
  '/v2/oauth2/token': 'token',
  '/v2/oauth2/userinfo': 'userinfo',
  '/v2/oauth2/token/revoke': 'revoke',
  '/v2/oauth2/token/introspect': 'introspect',
}

async function readRequest(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // a request without encoding yields buffers
  const url = request.url ?? ''
  return {
    endpoint: endpoints[url.split('?')[0] ?? ''] ?? 'other',
    method: request.method ?? '',
    url,
    headers: request.headers,
    form: new URLSearchParams(Buffer.concat(chunks).toString()),
  }
}
