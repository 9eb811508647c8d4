import { isPierheadError, LoginError, type PierheadError } from '../../errors.ts'
import { assemble, type Outside } from './assemble.ts'
import type { LoginContext } from './context.ts'
import type { LoginEventName, LoginListener } from './events.ts'
import { globusLogoutUrl, type GlobusLogoutOptions } from './logout.ts'
import { startMaintenance } from './maintenance.ts'
import type { LoginOptions } from './options.ts'
import type { LoginRequest } from './request.ts'
import { endSessions, sessionsOf, type SessionInfo } from './session-admin.ts'
import { loginUrl, type LoginRequestOptions } from './login-link.ts'
import { RequestVisit, type Visit } from './visit.ts'

/** Login with one provider for one application, whatever the framework. Made once per process. */
export interface Login<Data = undefined> {
  /** Reads who is there. Never throws: a store that fails makes every route of the visit answer 503. */
  open(request: LoginRequest): Promise<Visit<Data>>
  /** Calls the listener at every event of that name, until the returned function is called. */
  on(event: LoginEventName, listener: LoginListener): () => void
  /** Public scheme, host and port, from `redirectUri`. */
  readonly origin: string
  /** Local address that starts a login. */
  loginUrl(options?: LoginRequestOptions): string
  /** Local address of logout: GET asks, POST with the CSRF token logs out. */
  readonly logoutUrl: string
  /** Globus's logout page with everything it needs; logging out sends the browser there by itself. */
  globusLogoutUrl(options?: GlobusLogoutOptions): string
  /** Sources for the `form-action` of a page's Content-Security-Policy: Chromium checks redirects after a form too. */
  readonly formActionSources: readonly string[]
  /** Live sessions of one subject, newest state. Needs a session store, and throws a TypeError without. */
  sessions(subject: string): AsyncIterable<SessionInfo>
  /** Ends sessions of one subject and revokes their tokens; by default all. Resolves with their number. */
  endSessions(subject: string, which?: (session: SessionInfo) => boolean): Promise<number>
  /** Sweeps expired sessions and revokes what is queued. Also done soon after the start, after each logout and every minute, by timers that keep no process alive. */
  drain(): Promise<void>
  /** Stops the timer and closes the store. */
  close(): Promise<void>
}

const contexts = new WeakMap<object, LoginContext>()

/** @internal What a login is made of. Throws a TypeError for anything that `createLogin` did not make. */
export function contextOf<Data>(login: Login<Data>): LoginContext {
  const context = contexts.get(login)
  if (context === undefined) throw new TypeError('This is no login that createLogin of this package has made.')
  return context
}

export function createLoginWith<Data>(options: LoginOptions<Data>, outside: Outside): Login<Data> {
  const context = assemble(options, outside)
  const maintenance = startMaintenance(context)
  const stored = options.session.store !== undefined
  const login: Login<Data> = {
    open: (request) => openVisit(context, request),
    on: context.events.on,
    origin: context.settings.origin,
    loginUrl: (request = {}) => loginUrl(context, request),
    logoutUrl: context.settings.logoutPath,
    globusLogoutUrl: (request) => globusLogoutUrl(context, request),
    formActionSources: ["'self'", new URL(context.settings.issuer).origin],
    sessions: (subject) => sessionsOf(requireStore(context, stored), subject),
    endSessions: (subject, which) => endSessions(requireStore(context, stored), subject, which),
    drain: maintenance.run,
    async close() {
      maintenance.stop()
      await context.store.close()
    },
  }
  contexts.set(login, context)
  return login
}

async function openVisit<Data>(context: LoginContext, request: LoginRequest): Promise<Visit<Data>> {
  const cookies = context.policy.parse(request.header('cookie'))
  if (cookies.size === 0) return new RequestVisit(context, request, { cookies, held: undefined })
  try {
    const held = await context.keeper.open(cookies)
    return new RequestVisit<Data>(context, request, { cookies, held }).arrived()
  } catch (error) {
    return new RequestVisit(context, request, { cookies, held: undefined, failure: storeFailure(error) })
  }
}

function storeFailure(error: unknown): PierheadError {
  if (isPierheadError(error)) return error
  return new LoginError('store_unavailable', 'The session store could not be read.', { cause: error })
}

function requireStore(context: LoginContext, stored: boolean): LoginContext {
  if (stored) return context
  throw new TypeError('Sessions live in cookies: no server can list or end them. Configure session.store.')
}
