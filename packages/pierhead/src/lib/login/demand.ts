import { AuthorizationRequirementsError, type AuthorizationRequirements } from '../../errors.ts'
import type { LoginSession } from './login-session.ts'

/** What the application itself demands. No resource server stands behind it, so that all held tokens count as affected. */
export function demand(asked: Partial<AuthorizationRequirements>): AuthorizationRequirementsError {
  return new AuthorizationRequirementsError(asked, { service: 'of this application', resourceServer: '' })
}

/** Throws the step-up that asks for those scopes which no token of the session has. */
export function demandScopes({ tokens }: Pick<LoginSession<unknown>, 'tokens'>, scopes: readonly string[]): void {
  const held = new Set(tokens.flatMap((token) => token.scopes))
  const missing = scopes.filter((scope) => !held.has(scope.split('[', 1)[0] ?? ''))
  if (missing.length > 0) throw demand({ requiredScopes: missing })
}
