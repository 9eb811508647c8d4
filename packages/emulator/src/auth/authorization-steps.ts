import type { EmulatorContext } from '../context.ts'
import { randomAlphanumeric, randomUuid } from '../random.ts'
import type { AuthorizationRequest } from '../world/authorization-request.ts'
import type { ConsentRequest } from '../world/consents.ts'
import type { Identity } from '../world/identities.ts'
import type { BrowserSession } from '../world/sessions.ts'
import { withParameters } from './redirect-uri.ts'
import { parseScopes } from './scope-grammar.ts'
import { planConsents } from './scope-tree.ts'

/** What has happened since the request came in. */
export interface Progress {
  readonly session: BrowserSession | undefined
  /** When somebody logged in for this very request, or null. */
  readonly authenticatedAt: number | null
}

/** What has to happen next before the browser can go back to the app. */
export function nextStep(
  request: AuthorizationRequest,
  progress: Progress,
  context: EmulatorContext,
): 'login' | 'consent' | 'done' {
  const { session, authenticatedAt } = progress
  if (session === undefined) return 'login'
  if (request.prompt.includes('login') && authenticatedAt === null) return 'login'
  if (!meetsSessionRequirements(request, session, context)) return 'login'
  if (request.prompt.includes('consent')) return 'consent'
  const owner = { client: request.clientId, identity: session.account }
  return context.world.consents.covers(owner, consentsOf(request, context)) ? 'done' : 'consent'
}

/** The trees of consent that the request needs. */
export const consentsOf = (request: AuthorizationRequest, context: EmulatorContext): readonly ConsentRequest[] =>
  planConsents(parseScopes(request.scope), context.world.scopes)

/** The people the login page offers: everybody, or those who would meet the session requirements. */
export function candidates(request: AuthorizationRequest, context: EmulatorContext): readonly Identity[] {
  const { identities } = context.world
  const required = request.requiredIdentities.flatMap((id) => identities.find(id) ?? [])
  if (required.length > 0) return required
  const people = identities.people()
  const domains = new Set(request.requiredDomains)
  if (domains.size === 0) return people
  return people.flatMap((person) => identities.account(person.id)).filter((identity) => domains.has(domainOf(identity)))
}

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
    })
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

function meetsSessionRequirements(
  request: AuthorizationRequest,
  session: BrowserSession,
  context: EmulatorContext,
): boolean {
  const authenticated = new Set(session.authentications.map(({ identity }) => identity))
  if (!request.requiredIdentities.every((id) => authenticated.has(id))) return false
  if (request.requiredDomains.length === 0) return true
  const domains = Array.from(authenticated, (id) => context.world.identities.find(id)).map(
    (identity) => identity && domainOf(identity),
  )
  return request.requiredDomains.some((domain) => domains.includes(domain))
}

const domainOf = (identity: Identity): string => identity.username.slice(identity.username.lastIndexOf('@') + 1)
