import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { clientId, clientSecret } from './provider.ts'

export type Json = Record<string, unknown>

export interface GrantCall {
  readonly grant: string | null
  readonly scope: string | null
  readonly authorization: string | undefined
}

/** What Globus Auth is to an application without people: token and introspection endpoints. */
export interface Auth {
  readonly issuer: string
  readonly grants: GrantCall[]
  /** How often each token was introspected, and with what `include`. */
  readonly introspected: { readonly token: string; readonly include: string }[]
  /** What introspection says, by token. Whatever is not here is not active. */
  readonly tokens: Map<string, Json>
  /** The answer to the dependent token grant: status and body. */
  dependent: { readonly status: number; readonly body: unknown }
  /** In place of every answer. */
  fail: number | undefined
  hold: Promise<void> | undefined
}

const serverOf = (scope: string): string => /urn:globus:auth:scope:([^:]+):/.exec(scope)?.[1] ?? 'auth.globus.org'

export function tokenEntry(scope: string, expiresIn = 172_800): Json {
  const token = `Ag${randomBytes(16).toString('hex')}`
  return { access_token: token, token_type: 'bearer', expires_in: expiresIn, resource_server: serverOf(scope), scope }
}

export async function startAuth(): Promise<Auth> {
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // A TCP server's address is an object.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const auth: Auth = {
    issuer,
    grants: [],
    introspected: [],
    tokens: new Map(),
    dependent: { status: 200, body: [] },
    fail: undefined,
    hold: undefined,
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await text(request))
    const { status, body } = answerOf(auth, request, form)
    if (request.method === 'POST') await auth.hold
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  return auth
}

interface Answered {
  readonly status: number
  readonly body: unknown
}

function answerOf(auth: Auth, request: IncomingMessage, form: URLSearchParams): Answered {
  const { url = '', headers } = request
  if (url === '/.well-known/openid-configuration') return { status: 200, body: metadataOf(auth.issuer) }
  const isToken = url === '/v2/oauth2/token'
  if (isToken) {
    const { authorization } = headers
    auth.grants.push({ grant: form.get('grant_type'), scope: form.get('scope'), authorization })
  }
  if (auth.fail !== undefined) return { status: auth.fail, body: { error: 'failure' } }
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  if (headers.authorization !== basic) return { status: 401, body: { code: 'UNAUTHORIZED' } }
  if (!isToken) return { status: 200, body: introspect(auth, form) }
  if (form.get('grant_type') !== 'client_credentials') return auth.dependent
  const [first, ...others] = (form.get('scope') ?? '').split(' ').map((scope) => tokenEntry(scope))
  return { status: 200, body: { ...first, other_tokens: others } }
}

function introspect(auth: Auth, form: URLSearchParams): Json {
  const token = form.get('token') ?? ''
  auth.introspected.push({ token, include: form.get('include') ?? '' })
  const known = auth.tokens.get(token)
  return known === undefined ? { active: false } : { active: true, ...known }
}

function metadataOf(issuer: string): Json {
  return {
    issuer,
    authorization_endpoint: `${issuer}/v2/oauth2/authorize`,
    token_endpoint: `${issuer}/v2/oauth2/token`,
    jwks_uri: `${issuer}/jwk.json`,
    id_token_signing_alg_values_supported: ['RS512'],
  }
}
