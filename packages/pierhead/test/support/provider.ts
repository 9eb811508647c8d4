import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { CompactSign } from 'jose'
import { startOfTests } from './clock.ts'

export const clientId = '5a1c0f7e-3b52-4c8e-9d0a-6e2f4b7c8d90'
/** Recognisable, so that a scan finds it wherever it leaks. */
export const clientSecret = 'CANARY-client-secret+with/odd=characters:'

export type Endpoint = 'metadata' | 'keys' | 'token' | 'userinfo' | 'revoke' | 'introspect'

export interface Person {
  readonly sub: string
  readonly [claim: string]: unknown
}

/** One token that the provider issued, dead or alive. */
export interface IssuedToken {
  readonly text: string
  readonly kind: 'access' | 'refresh'
  readonly resourceServer: string
  readonly scope: string
  readonly sub: string
  readonly expires: number
  alive: boolean
}

export interface Call {
  readonly endpoint: Endpoint | 'other'
  readonly form: URLSearchParams
  readonly authorization: string | undefined
  readonly aborted: () => boolean
}

type Json = Record<string, unknown>

/** What a test may change. Every function gets the honest answer and returns the one that is sent. */
export interface Behaviour {
  rotate: boolean
  refreshTokens: boolean
  expiresIn: number
  claims: (claims: Json) => Json
  userinfo: (claims: Json) => Json
  tokenResponse: (response: Json) => Json
  /** What introspection says of a live token; `active` is there already. */
  introspection: (token: IssuedToken, include: string) => Json
  /** A status takes the place of the answer; `reset` breaks the connection. */
  fail: Partial<Record<Endpoint, number | 'reset' | 'invalid_grant'>>
  /** Answers of this endpoint wait for the promise, after they were made. */
  hold: Partial<Record<Endpoint, Promise<void>>>
}

export interface TestProvider {
  readonly issuer: string
  readonly calls: Call[]
  readonly behave: Behaviour
  readonly issued: IssuedToken[]
  readonly kill: (token: string) => void
  readonly live: () => IssuedToken[]
  readonly count: (endpoint: Endpoint, grant?: string) => number
  /** What a browser does at the provider: takes the address that login redirects to, returns the one it comes back with. */
  readonly approve: (location: string, who?: Person) => string
  readonly close: () => Promise<void>
}

export const ada: Person = {
  sub: '11111111-aaaa-4bbb-8ccc-000000000001',
  name: 'Ada Tester',
  preferred_username: 'ada@harbour.example',
  email: 'ada@harbour.example',
  organization: 'Harbour Institute',
}
export const ben: Person = { sub: '22222222-aaaa-4bbb-8ccc-000000000002', name: 'Ben Tester' }

/** RSA keys are slow to make: one a test file. */
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwk = { ...pair.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS512' }

interface Grant {
  readonly challenge: string
  readonly nonce: string
  readonly redirectUri: string
  readonly scope: string
  readonly offline: boolean
  readonly person: Person
}

const serverOfScope: Record<string, string> = {
  'urn:globus:auth:scope:transfer.api.globus.org:all': 'transfer.api.globus.org',
  'urn:globus:auth:scope:groups.api.globus.org:all': 'groups.api.globus.org',
  'urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships': 'groups.api.globus.org',
}

/** A provider of Globus's shape that counts every request and knows which tokens live. */
export async function startProvider(now: () => number = () => startOfTests): Promise<TestProvider> {
  const same = <T>(value: T): T => value
  const behave: Behaviour = {
    rotate: false,
    refreshTokens: true,
    expiresIn: 172_800,
    claims: same,
    userinfo: same,
    tokenResponse: same,
    introspection: () => ({}),
    fail: {},
    hold: {},
  }
  const world = createWorld(behave, now)
  const calls: Call[] = []
  const server = createServer((request, response) => {
    void serve({ request, response, calls, behave, world, issuer })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return {
    issuer,
    calls,
    behave,
    issued: world.issued,
    kill: world.kill,
    live: () => world.issued.filter((token) => token.alive && token.expires > now()),
    count: (endpoint, grant) =>
      calls.filter(
        (call) => call.endpoint === endpoint && (grant === undefined || call.form.get('grant_type') === grant),
      ).length,
    approve: world.approve,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface World {
  readonly issued: IssuedToken[]
  readonly kill: (token: string) => void
  readonly approve: (location: string, who?: Person) => string
  redeem(form: URLSearchParams, issuer: string): Promise<Json | number>
  refresh(form: URLSearchParams): Json | number
  personOf(token: string): Person | undefined
  find(token: string): IssuedToken | undefined
}

function createWorld(behave: Behaviour, now: () => number): World {
  const issued: IssuedToken[] = []
  const codes = new Map<string, Grant>()
  const people = new Map<string, Person>()
  const issue = (kind: 'access' | 'refresh', to: { resourceServer: string; scope: string; sub: string }): string => {
    const text = `CANARY-${kind}-${randomBytes(12).toString('base64url')}`
    const life = kind === 'access' ? behave.expiresIn * 1000 : 183 * 86_400_000
    issued.push({ text, kind, ...to, expires: now() + life, alive: true })
    return text
  }
  const tokenFor = (to: { resourceServer: string; scope: string; sub: string }, offline: boolean): Json => ({
    access_token: issue('access', to),
    ...(offline && behave.refreshTokens ? { refresh_token: issue('refresh', to) } : {}),
    token_type: 'Bearer',
    expires_in: behave.expiresIn,
    resource_server: to.resourceServer,
    scope: to.scope,
  })
  const find = (text: string): IssuedToken | undefined =>
    issued.find((token) => token.text === text && token.alive && token.expires > now())
  return {
    issued,
    kill(text) {
      for (const token of issued) if (token.text === text) token.alive = false
    },
    approve(location, who = ada) {
      const query = new URL(location).searchParams
      const grant = readGrant(query, who)
      people.set(who.sub, who)
      const code = `CANARY-code-${randomBytes(9).toString('base64url')}`
      codes.set(code, grant)
      const answer = new URLSearchParams({ code, state: query.get('state') ?? '' })
      return `${new URL(grant.redirectUri).pathname}?${answer.toString()}`
    },
    async redeem(form, issuer) {
      const grant = codes.get(form.get('code') ?? '')
      codes.delete(form.get('code') ?? '')
      const challenge = challengeOf(form.get('code_verifier') ?? '')
      if (grant?.challenge !== challenge || grant.redirectUri !== form.get('redirect_uri')) return 400
      const { sub } = grant.person
      const byServer = Map.groupBy(grant.scope.split(' '), (scope) => serverOfScope[scope] ?? 'auth.globus.org')
      const [first, ...others] = [...byServer].map(([resourceServer, scopes]) =>
        tokenFor({ resourceServer, scope: scopes.join(' '), sub }, grant.offline),
      )
      const claims = { iss: issuer, aud: clientId, ...grant.person, nonce: grant.nonce }
      const idToken = await signIdToken(behave, claims, { now: now(), accessToken: String(first?.['access_token']) })
      return { ...first, id_token: idToken, other_tokens: others }
    },
    refresh(form) {
      const old = find(form.get('refresh_token') ?? '')
      if (old?.kind !== 'refresh') return 400
      if (behave.rotate) old.alive = false
      const { resourceServer, scope, sub } = old
      return { ...tokenFor({ resourceServer, scope, sub }, behave.rotate), other_tokens: [] }
    },
    personOf: (text) => people.get(find(text)?.sub ?? ''),
    find,
  }
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

function readGrant(query: URLSearchParams, person: Person): Grant {
  const text = (name: string): string => query.get(name) ?? ''
  return {
    challenge: text('code_challenge'),
    nonce: text('nonce'),
    redirectUri: text('redirect_uri'),
    scope: text('scope'),
    offline: text('access_type') === 'offline',
    person,
  }
}

async function signIdToken(
  behave: Behaviour,
  claims: Json,
  context: { now: number; accessToken: string },
): Promise<string> {
  const iat = Math.floor(context.now / 1000)
  const digest = createHash('sha512').update(context.accessToken).digest()
  const atHash = digest.subarray(0, digest.length / 2).toString('base64url')
  const payload = JSON.stringify(behave.claims({ ...claims, iat, exp: iat + 172_800, at_hash: atHash }))
  return new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg: 'RS512' }).sign(pair.privateKey)
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly calls: Call[]
  readonly behave: Behaviour
  readonly world: World
  readonly issuer: string
}

async function serve(exchange: Exchange): Promise<void> {
  const { request, response, behave } = exchange
  const form = new URLSearchParams(await readText(request))
  const endpoint = endpoints[request.url ?? ''] ?? 'other'
  const { authorization } = request.headers
  exchange.calls.push({ endpoint, form, authorization, aborted: () => response.destroyed })
  const failure = endpoint === 'other' ? 404 : behave.fail[endpoint]
  const answer = typeof failure === 'number' ? failure : await answerOf(exchange, endpoint, form)
  if (endpoint !== 'other') await behave.hold[endpoint]
  if (failure === 'reset') return void request.socket.destroy()
  if (failure === 'invalid_grant') return send(response, 400, { error: 'invalid_grant' })
  if (typeof answer !== 'number') return send(response, 200, answer)
  return send(response, answer, { error: answer === 400 ? 'invalid_grant' : 'failure' })
}

async function answerOf({ behave, world, issuer, ...rest }: Exchange, endpoint: string, form: URLSearchParams) {
  if (endpoint === 'metadata') return metadataOf(issuer)
  if (endpoint === 'keys') return { keys: [jwk] }
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  if (endpoint === 'userinfo') {
    const person = world.personOf(rest.request.headers.authorization?.slice('Bearer '.length) ?? '')
    return person === undefined ? 401 : behave.userinfo({ ...person })
  }
  if (rest.request.headers.authorization !== basic) return 401
  if (endpoint === 'revoke') {
    if (behave.fail.revoke === undefined) world.kill(form.get('token') ?? '')
    return { active: false }
  }
  if (endpoint === 'introspect') {
    const token = world.find(form.get('token') ?? '')
    if (token === undefined) return { active: false }
    const { sub, scope } = token
    return { active: true, sub, scope, ...behave.introspection(token, form.get('include') ?? '') }
  }
  if (behave.fail.token !== undefined) return 400
  const answer = form.get('grant_type') === 'refresh_token' ? world.refresh(form) : await world.redeem(form, issuer)
  return typeof answer === 'number' ? answer : behave.tokenResponse(answer)
}

function metadataOf(issuer: string): Json {
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

const endpoints: Record<string, Endpoint> = {
  '/.well-known/openid-configuration': 'metadata',
  '/jwk.json': 'keys',
  '/v2/oauth2/token': 'token',
  '/v2/oauth2/userinfo': 'userinfo',
  '/v2/oauth2/token/revoke': 'revoke',
  '/v2/oauth2/token/introspect': 'introspect',
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: string[] = []
  for await (const chunk of request.setEncoding('utf8')) chunks.push(String(chunk))
  return chunks.join('')
}
