import type { EmulatorContext } from '../context.ts'
import { randomAlphanumeric, randomUuid } from '../random.ts'
import type { AuthorizationRequest } from '../world/authorization-request.ts'
import type { ConsentRequest } from '../world/consents.ts'
import type { BrowserSession } from '../world/sessions.ts'
import { withParameters } from './redirect-uri.ts'
import { parseScopes } from './scope-grammar.ts'
import { planConsents } from './scope-tree.ts'
import { missingFor } from './session-requirements.ts'

/** What has happened since the request came in. */
export interface Progress {
  readonly session: BrowserSession | undefined
  /** When somebody logged in for this very request, or null. */
  readonly authenticatedAt: number | null
  /** When the request came in, or null while it is being looked at for the first time. */
  readonly startedAt: number | null
}

/** A page that has to be shown, or none. */
export type Step = 'login' | 'mfa' | 'consent' | 'done'

/** What has to happen next before the browser can go back to the app. */
export function nextStep(request: AuthorizationRequest, progress: Progress, context: EmulatorContext): Step {
  const { session, authenticatedAt, startedAt } = progress
  if (session === undefined) return 'login'
  const fresh = request.prompt.includes('login')
  if (fresh && authenticatedAt === null) return 'login'
  const missing = missingFor(request, { session, since: fresh ? (startedAt ?? Infinity) : -Infinity }, context)
  if (missing !== 'nothing') return missing === 'login' ? 'login' : 'mfa'
  if (request.prompt.includes('consent')) return 'consent'
  const owner = { client: request.clientId, identity: session.account }
  return context.world.consents.covers(owner, consentsOf(request, context)) ? 'done' : 'consent'
}

/** The trees of consent that the request needs. */
export const consentsOf = (request: AuthorizationRequest, context: EmulatorContext): readonly ConsentRequest[] =>
  planConsents(parseScopes(request.scope), context.world.scopes)

/** Issues a code for what the person allowed. @returns the app's address with `code` and `state` */
export function grantedRedirect(
  request: AuthorizationRequest,
  session: BrowserSession,
  context: EmulatorContext,
): string {
  const { world, clock, random, behaviour } = context
  const now = clock.now()
  const code = randomAlphanumeric(random, 30)
  const authSession = randomUuid(random)
  const owner = { client: request.clientId, identity: session.account }
  world.transaction(() => {
    world.sessions.recordAuthSession({
      id: authSession,
      ...owner,
      authentications: session.authentications,
      createdAt: now,
      context: session.context,
    })
    if (behaviour.stepUpReach === 'all-tokens') world.sessions.refreshAuthSessions({ ...session, client: owner.client })
    world.codes.issue(code, {
      ...owner,
      authSession,
      request,
      createdAt: now,
      expiresAt: now + behaviour.codeLifetime * 1000,
    })
  })
  return withParameters(request.redirectUri, { code, state: request.state })
}

/** The app's address with an error (RFC 6749 section 4.1.2.1). */
export function refusedRedirect(
  request: Pick<AuthorizationRequest, 'redirectUri' | 'state'>,
  error: string,
  description: string,
): string {
  return withParameters(request.redirectUri, { error, error_description: description, state: request.state })
}
