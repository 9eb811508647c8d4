import { createHash } from 'node:crypto'
import { toSeconds } from '../clock.ts'
import type { EmulatorContext } from '../context.ts'
import { readForm } from '../http/body.ts'
import { authenticateClient } from '../http/client-authentication.ts'
import { forbidden, oauthError, unauthorized } from '../http/error-documents.ts'
import { isPublic, type Client } from '../world/clients.ts'
import type { Identity } from '../world/identities.ts'
import type { Token } from '../world/tokens.ts'
import { memberClaims } from './claims.ts'
import { AUTH_RESOURCE_SERVER } from './scope-table.ts'

/**
 * `POST /v2/oauth2/token/introspect`, for confidential clients: the one a token was issued to, and the service it is for. Whatever
 * else one asks about, dead or not one's own, is `{"active": false}` (RFC 7662 section 2.2).
 */
export async function introspect(request: Request, context: EmulatorContext): Promise<Response> {
  const form = await readForm(request)
  const client = authenticateClient(request, form, context)
  if (isPublic(client)) throw unauthorized('Basic auth failed')
  const value = form.get('token')
  if (value === undefined) throw oauthError('invalid_request', 'token is missing')
  const token = context.world.tokens.findLive(value, context.clock.now())
  if (token === undefined) return Response.json({ active: false })
  if (!mayAskAbout(token, client, context)) {
    if (context.behaviour.foreignIntrospection === 'forbidden') throw forbidden('The token is not for this client')
    return Response.json({ active: false })
  }
  const include = new Set((form.get('include') ?? '').split(',').map((part) => part.trim()))
  return Response.json({ ...describe(token, context), ...describeMore(token, include, context) })
}

function mayAskAbout(token: Token, client: Client, context: EmulatorContext): boolean {
  return token.client === client.id || ownerOf(token, context) === client.id
}

/** The client of the service that the token is for. */
function ownerOf(token: Token, { world }: EmulatorContext): string | undefined {
  const [scope = ''] = token.scope.split(' ')
  return world.scopes.find(scope)?.client
}

function describe(token: Token, context: EmulatorContext): object {
  const { skew = 0 } = context
  const identity = context.world.identities.find(token.identity)
  const audience = [token.resourceServer, ownerOf(token, context) ?? token.resourceServer, token.client]
  const isAuth = token.resourceServer === AUTH_RESOURCE_SERVER
  return {
    active: true,
    token_type: 'Bearer',
    scope: token.scope,
    client_id: token.client,
    sub: token.identity,
    username: identity?.username ?? null,
    name: identity?.name ?? null,
    email: identity?.email ?? null,
    iss: context.issuer,
    aud: Array.from(new Set(isAuth ? [token.resourceServer, token.client] : audience)),
    exp: toSeconds(token.expiresAt) + skew,
    iat: toSeconds(token.issuedAt) + skew,
    nbf: toSeconds(token.issuedAt) + skew,
    ...(isAuth ? {} : { dependent_tokens_cache_id: createHash('sha256').update(token.fingerprint).digest('hex') }),
  }
}

function describeMore(token: Token, include: ReadonlySet<string>, context: EmulatorContext): object {
  const account = context.world.identities.account(token.identity)
  return {
    // The second spelling is an old one that Deriva still sends.
    ...(include.has('identity_set') || include.has('identities_set')
      ? { identity_set: account.map(({ id }) => id) }
      : {}),
    ...(include.has('identity_set_detail')
      ? { identity_set_detail: account.map((identity) => detail(identity, context)) }
      : {}),
    ...(include.has('session_info') ? { session_info: sessionInfo(token, context) } : {}),
  }
}

function detail(identity: Identity, context: EmulatorContext): object {
  return { id: identity.id, ...memberClaims(identity, context), identity_type: identity.identityType }
}

/** Which identities logged in, when and how; the session of a client that acts for itself has none. */
function sessionInfo(token: Token, { world, skew = 0 }: EmulatorContext): object | null {
  if (token.authSession === null) return null
  const session = world.sessions.findAuthSession(token.authSession)
  const authentications = (session?.authentications ?? []).map(({ identity, authTime, mfa }): [string, object] => [
    identity,
    {
      acr: null,
      amr: mfa ? ['mfa'] : null,
      idp: world.identities.find(identity)?.identityProvider ?? null,
      auth_time: toSeconds(authTime) + skew,
      custom_claims: {},
    },
  ])
  return { session_id: token.authSession, authentications: Object.fromEntries(authentications) }
}
