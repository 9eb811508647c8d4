import type { EmulatorContext } from '../context.ts'
import { cookie, readCookies } from '../http/cookies.ts'
import { fingerprint, randomAlphanumeric } from '../random.ts'
import type { BrowserSession } from '../world/sessions.ts'
import type { Identity } from '../world/identities.ts'

/** The session of the browser that sent the request, if somebody is logged in with it. */
export function findBrowserSession(request: Request, context: EmulatorContext): BrowserSession | undefined {
  const value = readCookies(request).get(sessionCookieName(context))
  return value === undefined ? undefined : context.world.sessions.find(fingerprint(value), context.clock.now())
}

/**
 * Logs an identity in. The account's own session goes on under a new id; a session of somebody else ends.
 *
 * @returns the session as it is now, and the `Set-Cookie` value that names it
 */
export function logIn(
  identity: Identity,
  previous: BrowserSession | undefined,
  context: EmulatorContext,
): { session: BrowserSession; setCookie: string } {
  const { world, clock, random, behaviour } = context
  const now = clock.now()
  const value = randomAlphanumeric(random, 43)
  const id = fingerprint(value)
  const account = identity.primaryIdentity
  const session = world.transaction(() => {
    if (previous?.account === account) {
      world.sessions.rename(previous.id, id)
    } else {
      if (previous !== undefined) world.sessions.end(previous.id)
      world.sessions.create(id, account, { from: now, until: now + behaviour.browserSessionLifetime * 1000 })
    }
    world.sessions.authenticate(id, { identity: identity.id, authTime: now, mfa: false })
    world.identities.recordAuthentication(identity.id, now)
    return world.sessions.find(id, now)
  })
  if (session === undefined) throw new RangeError('browserSessionLifetime must be positive')
  return {
    session,
    setCookie: cookie(sessionCookieName(context), value, cookieOptions(behaviour.browserSessionLifetime, context)),
  }
}

/** Logs the browser out. @returns the `Set-Cookie` value that removes its cookie */
export function logOut(request: Request, context: EmulatorContext): string {
  const session = findBrowserSession(request, context)
  if (session !== undefined) context.world.sessions.end(session.id)
  return cookie(sessionCookieName(context), '', cookieOptions(0, context))
}

export const cookieOptions = (maxAge: number, { issuer }: EmulatorContext): { maxAge: number; secure: boolean } => ({
  maxAge,
  secure: issuer.startsWith('https:'),
})

// Cookies ignore ports: two emulators on one machine must not share a name.
const sessionCookieName = ({ issuer }: EmulatorContext): string =>
  `pierhead_emulator_${new URL(issuer).port || 'default'}`
