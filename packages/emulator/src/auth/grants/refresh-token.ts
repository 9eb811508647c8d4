import type { EmulatorContext } from '../../context.ts'
import { oauthError } from '../../http/error-documents.ts'
import { randomToken } from '../../random.ts'
import type { Token } from '../../world/tokens.ts'
import { signRefreshedIdToken } from '../id-token.ts'
import { issueAccessToken, tokenDocument, type IssuedToken } from '../issue-tokens.ts'
import { AUTH_RESOURCE_SERVER } from '../scope-table.ts'
import type { GrantRequest } from '../token.ts'

/** `grant_type=refresh_token`: a new access token for the one resource server of the refresh token. */
export async function refresh({ client, form }: GrantRequest, context: EmulatorContext): Promise<object> {
  const value = form.get('refresh_token')
  if (value === undefined) throw oauthError('invalid_request', 'refresh_token is missing')
  const token = context.world.tokens.find(value)
  if (token?.kind !== 'refresh') throw oauthError('invalid_grant', 'The refresh token is unknown')
  if (token.client !== client.id) throw oauthError('invalid_grant', 'The refresh token was issued to another client')
  refuseDead(token, context)
  const issued = context.world.transaction(() => {
    context.world.consents.touch(token.consents, context.clock.now())
    const refreshToken = keepOrRotate(value, token, context)
    return refreshToken === undefined ? undefined : { ...issueAccessToken(token, context), refreshToken }
  })
  if (issued === undefined) throw refuseReuse(token, context)
  return tokenDocument([issued], { state: null, idToken: await idTokenFor(token, issued, context) })
}

async function idTokenFor(token: Token, issued: IssuedToken, context: EmulatorContext): Promise<string | null> {
  const scopes = new Set(token.scope.split(' '))
  if (token.resourceServer !== AUTH_RESOURCE_SERVER || !scopes.has('openid')) return null
  const { client: clientId, identity } = token
  return signRefreshedIdToken({ clientId, identity, scopes, accessToken: issued.accessToken }, context)
}

function refuseDead(token: Token, context: EmulatorContext): void {
  if (token.rotated && !isInGrace(token, context)) throw refuseReuse(token, context)
  if (token.revokedAt !== null && !token.rotated) throw oauthError('invalid_grant', 'The refresh token is revoked')
  if (token.expiresAt <= context.clock.now()) throw oauthError('invalid_grant', 'The refresh token has expired')
}

/** The refresh token that the answer carries; undefined when another request has rotated this one. */
function keepOrRotate(
  value: string,
  token: Token,
  { world, behaviour, clock, random }: EmulatorContext,
): string | undefined {
  const now = clock.now()
  const lifetime = { from: now, until: now + behaviour.refreshTokenLifetime * 1000 }
  if (behaviour.refreshRotation === 'off') {
    world.tokens.extend(token, lifetime.until)
    return value
  }
  const rotated = world.tokens.rotate(token, now)
  if (!rotated && behaviour.refreshRotation !== 'grace') return undefined
  const successor = randomToken(random)
  world.tokens.issue(successor, 'refresh', token, lifetime)
  return successor
}

/** Whether the refresh token was replaced so short a time ago that the answer may have been lost. */
function isInGrace({ revokedAt }: Token, { behaviour, clock }: EmulatorContext): boolean {
  if (behaviour.refreshRotation !== 'grace' || revokedAt === null) return false
  return clock.now() <= revokedAt + behaviour.refreshGrace * 1000
}

function refuseReuse(token: Token, { world, behaviour, clock }: EmulatorContext): Error {
  if (behaviour.refreshRotation === 'detect') world.tokens.revokeGrant(token.grantId, clock.now())
  return oauthError('invalid_grant', 'The refresh token was replaced before')
}
