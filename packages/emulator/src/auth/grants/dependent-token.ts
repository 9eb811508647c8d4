import type { EmulatorContext } from '../../context.ts'
import { ApiError, oauthError } from '../../http/error-documents.ts'
import { randomUuid } from '../../random.ts'
import type { Client } from '../../world/clients.ts'
import { isPublic } from '../../world/clients.ts'
import type { Consent } from '../../world/consents.ts'
import type { Scope } from '../../world/scopes.ts'
import type { Token } from '../../world/tokens.ts'
import { issueTokens, type IssuedToken } from '../issue-tokens.ts'
import { requestedScopes } from '../requested-scopes.ts'
import type { GrantRequest } from '../token.ts'

/**
 * `grant_type=urn:globus:auth:grant_type:dependent_token`: a service turns the token that it was sent into tokens for the services it
 * needs in turn, as far as the person let the app's use of it do so. The answer is a JSON array, one entry per resource server.
 */
export function dependentTokens({ client, form }: GrantRequest, context: EmulatorContext): object {
  if (isPublic(client)) throw oauthError('unauthorized_client', 'A public client is no service')
  const value = form.get('token')
  if (value === undefined) throw oauthError('invalid_request', 'token is missing')
  const token = requireToken(value, client, context)
  const allowed = allowedBelow(token, context)
  const wanted = wantedScopes(token, { filter: form.get('scope'), allowed }, context)
  const missing = wanted.filter(({ scopeString }) => !allowed.has(scopeString))
  if (missing.length > 0) throw consentRequired(missing, context)
  const grant = {
    client: client.id,
    identity: token.identity,
    authSession: token.authSession,
    grantId: token.grantId,
    scopes: wanted,
    offline: form.get('access_type') === 'offline',
    consents: new Map(Array.from(allowed, ([scope, { id }]) => [scope, id])),
  }
  return context.world.transaction(() => issueTokens(grant, context)).map(entry)
}

/** The token, if it is alive and was made for this service. */
function requireToken(value: string, client: Client, { world, clock }: EmulatorContext): Token {
  const token = world.tokens.findLive(value, clock.now())
  if (token?.kind !== 'access') throw oauthError('invalid_grant', 'The token is no live access token')
  const [scope = ''] = token.scope.split(' ')
  if (world.scopes.find(scope)?.client !== client.id)
    throw oauthError('invalid_grant', 'The token was issued for another service')
  return token
}

/** What the person allowed below the consents that the token rests on, by scope string. */
const allowedBelow = (token: Token, { world }: EmulatorContext): ReadonlyMap<string, Consent> =>
  new Map(token.consents.flatMap((id) => world.consents.children(id)).map((consent) => [consent.scope, consent]))

interface Wanted {
  /** The `scope` parameter of the request. */
  readonly filter: string | undefined
  readonly allowed: ReadonlyMap<string, Consent>
}

/** What is asked for by name; else what the token's scopes always bring along, and whatever else was allowed. */
function wantedScopes(token: Token, { filter, allowed }: Wanted, context: EmulatorContext): readonly Scope[] {
  if (filter !== undefined) return requestedScopes(filter, context).map(({ scope }) => scope)
  const { scopes } = context.world
  const always = token.scope
    .split(' ')
    .flatMap((scope) => scopes.find(scope)?.dependentScopes ?? [])
    .filter(({ optional }) => !optional)
    .map(({ scope }) => scope)
  return Array.from(new Set([...always, ...allowed.keys()])).flatMap((scope) => scopes.find(scope) ?? [])
}

function consentRequired(missing: readonly Scope[], { random }: EmulatorContext): ApiError {
  const description = 'The resource owner has not consented to dependent scopes; unapproved_scopes names them'
  const entry = {
    code: 'DEPENDENT_CONSENT_REQUIRED',
    status: '403',
    id: randomUuid(random),
    title: 'Dependent consent required',
    detail: 'Missing consent for dependent scopes',
    unapproved_scopes: missing.map(({ scopeString }) => scopeString),
  }
  const document = { error: 'dependent_consent_required', error_description: description, errors: [entry] }
  return new ApiError(403, document, `No consent for ${entry.unapproved_scopes.join(', ')}`)
}

const entry = (token: IssuedToken): object => ({
  access_token: token.accessToken,
  // Lower case in every recording of this grant, unlike the others.
  token_type: 'bearer',
  expires_in: token.expiresIn,
  resource_server: token.resourceServer,
  scope: token.scope,
  ...(token.refreshToken === undefined ? {} : { refresh_token: token.refreshToken }),
})
