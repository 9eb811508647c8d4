import type { EmulatorContext } from '../context.ts'
import { cookie, readCookies } from '../http/cookies.ts'
import { fingerprint, randomAlphanumeric } from '../random.ts'
import type { Attempt } from '../world/attempts.ts'
import type { AuthorizationRequest } from '../world/authorization-request.ts'
import type { BrowserSession } from '../world/sessions.ts'
import type { Progress } from './authorization-steps.ts'
import { PageError } from './authorization-error.ts'
import { cookieOptions } from './browser-session.ts'

/** A login that was begun, and its name in addresses and forms. */
export interface NamedAttempt {
  readonly name: string
  readonly attempt: Attempt
}

const COOKIE_PREFIX = 'pierhead_login_'
const MAXIMUM_COOKIES = 10

/**
 * Begins a login. It can only be continued with both its name, from the address, and its key, from a cookie of its own: so a form cannot
 * be sent by another site, and any number of tabs may log in at once.
 */
export function startAttempt(
  browser: Request,
  request: AuthorizationRequest,
  context: EmulatorContext,
): { name: string; cookies: readonly string[] } {
  const { world, clock, random, behaviour } = context
  const name = randomAlphanumeric(random, 16)
  const key = randomAlphanumeric(random, 32)
  const now = clock.now()
  world.sweep.old(now)
  world.attempts.start(idOf(name, key), request, { from: now, until: now + behaviour.attemptLifetime * 1000 })
  const own = cookie(COOKIE_PREFIX + name, key, cookieOptions(behaviour.attemptLifetime, context))
  return { name, cookies: [own, ...removeOldest(browser, context)] }
}

/**
 * Finds the login that a page or form belongs to.
 *
 * @throws PageError when it is finished, past its time, or belongs to another browser
 */
export function requireAttempt(request: Request, name: string | undefined, context: EmulatorContext): NamedAttempt {
  const attempt = findAttempt(request, name, context)
  if (name === undefined || attempt === undefined) throw attemptOver()
  // The app may have been deleted while somebody was looking at a page.
  if (context.world.clients.find(attempt.request.clientId) === undefined) throw attemptOver()
  return { name, attempt }
}

/** The login of that name, if it was begun in this browser and is not over. */
export function findAttempt(request: Request, name: string | undefined, context: EmulatorContext): Attempt | undefined {
  const key = name === undefined ? undefined : readCookies(request).get(COOKIE_PREFIX + name)
  if (name === undefined || key === undefined) return undefined
  return context.world.attempts.find(idOf(name, key), context.clock.now())
}

/**
 * Ends a login, so that it gives one answer only.
 *
 * @throws PageError when another request ended it a moment before
 */
export function finishAttempt(attempt: Attempt, context: EmulatorContext): void {
  if (!context.world.attempts.finish(attempt.id)) throw attemptOver()
}

/** The `Set-Cookie` value that removes the key of a finished login. */
export const forgetAttempt = (name: string, context: EmulatorContext): string =>
  cookie(COOKIE_PREFIX + name, '', cookieOptions(0, context))

/** How far a login has come, with the browser's session as it is now. */
export const progressOf = (attempt: Attempt, session: BrowserSession | undefined): Progress => ({
  session,
  authenticatedAt: attempt.authenticatedAt,
  startedAt: attempt.createdAt,
})

function attemptOver(): PageError {
  const sentence = 'This login is finished or has expired. Go back to the app and log in from there.'
  return new PageError({ title: 'This login is over', sentence, code: 'LOGIN_ATTEMPT_EXPIRED' })
}

const idOf = (name: string, key: string): string => fingerprint(`${name}.${key}`)

// Browsers send older cookies first; logins that nobody finished must not fill the header.
function removeOldest(browser: Request, context: EmulatorContext): string[] {
  const names = Array.from(readCookies(browser).keys()).filter((name) => name.startsWith(COOKIE_PREFIX))
  const surplus = names.slice(0, Math.max(0, names.length - MAXIMUM_COOKIES + 1))
  return surplus.map((name) => forgetAttempt(name.slice(COOKIE_PREFIX.length), context))
}
