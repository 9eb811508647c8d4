import type { EmulatorContext } from '../../context.ts'
import { oauthError } from '../../http/error-documents.ts'
import { randomToken } from '../../random.ts'
import type { Token } from '../../world/tokens.ts'
import { issueAccessToken, tokenDocument } from '../issue-tokens.ts'
import type { GrantRequest } from '../token.ts'

/** `grant_type=refresh_token`: a new access token for the one resource server of the refresh token. */
export function refresh({ client, form }: GrantRequest, context: EmulatorContext): object {
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
  return tokenDocument([issued], { state: null, idToken: null })
}

function refuseDead(token: Token, context: EmulatorContext): void {
  if (token.rotated) throw refuseReuse(token, context)
  if (token.revokedAt !== null) throw oauthError('invalid_grant', 'The refresh token is revoked')
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
  if (!world.tokens.rotate(token, now)) return undefined
  const successor = randomToken(random)
  world.tokens.issue(successor, 'refresh', token, lifetime)
  return successor
}

function refuseReuse(token: Token, { world, behaviour, clock }: EmulatorContext): Error {
  if (behaviour.refreshRotation === 'detect') world.tokens.revokeGrant(token.grantId, clock.now())
  return oauthError('invalid_grant', 'The refresh token was replaced before')
}
