import type { GroupsReader } from './lib/login/group-guard.ts'
import { createLoginWith, type Login } from './lib/login/login.ts'
import type { LoginOptions } from './lib/login/options.ts'
import { memoryStore } from './session-store/memory.ts'

export * from './errors.ts'
export type { Answer } from './lib/login/answer.ts'
export { createAppIdentity, type AppIdentity, type AppIdentityOptions } from './lib/login/app-identity.ts'
export type { BearerGuard, BearerOptions, Caller } from './lib/login/bearer.ts'
export type { GlobusClaims, LinkedIdentity } from './lib/login/claims.ts'
export type { AuthenticationOptions } from './lib/login/authentication-guard.ts'
export type { Clock } from './lib/login/clock.ts'
export type { LoginEvent, LoginEventName, LoginListener, Logger } from './lib/login/events.ts'
export type { GroupMembership, GroupOptions, GroupRole, Membership } from './lib/login/group-guard.ts'
export type { Guards } from './lib/login/guards.ts'
export type { Login } from './lib/login/login.ts'
export type { LoginSession, TokenInfo } from './lib/login/login-session.ts'
export type { GlobusLogoutOptions } from './lib/login/logout.ts'
export type { LoginDecision, LoginOptions, SessionOptions, TokenSource } from './lib/login/options.ts'
export type { ErrorPage, LoggedOutPage, LogoutPage, Pages, ResumePage } from './lib/login/pages.ts'
export type { LoginRequest } from './lib/login/request.ts'
export type { SessionInfo } from './lib/login/session-admin.ts'
export type { LoginRequestOptions } from './lib/login/login-link.ts'
export type { Visit } from './lib/login/visit.ts'
export type { TokenSet } from './lib/oauth/token-set.ts'
export type { SessionStore, StoredValue } from './lib/session/session-store.ts'

/**
 * Prepares login with Globus, or with any OpenID provider, for one application. Nothing is sent yet.
 *
 * Throws a `TypeError` that names the option and the remedy when an option is wrong.
 */
export function createLogin<Data = undefined>(options: LoginOptions<Data>): Login<Data> {
  const processStore = memoryStore(options.clock === undefined ? {} : { now: options.clock.now })
  return createLoginWith(options, { processStore, groups: lazyGroups(options) })
}

/** Milliseconds. A guard keeps a person waiting. */
const groupsTimeout = 10_000

/** Loads the Globus services when a guard first asks for groups: most applications start without them. */
function lazyGroups({ fetch, clock }: Pick<LoginOptions, 'fetch' | 'clock'>): GroupsReader {
  const own = { timeout: groupsTimeout, ...(fetch && { fetch }), ...(clock && { clock }) }
  const load = async (): Promise<GroupsReader> => (await import('./lib/globus/my-groups.ts')).groupsReader(own)
  return {
    mine: async (session) => (await load()).mine(session),
    describe: async (session, id) => (await load()).describe(session, id),
  }
}
