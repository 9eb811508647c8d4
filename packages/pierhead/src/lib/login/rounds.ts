import type { OutgoingCookie } from '../session/cookies.ts'
import type { RequestCookies } from '../session/session-keeper.ts'
import type { LoginContext } from './context.ts'

/**
 * Counts logins that succeeded in a row within a minute. A browser or store that loses every session would otherwise go
 * round between the application and the provider for ever. The cookie is the browser's own: a wrong one only stops itself.
 */
const maxRounds = 3
const window = 60

export function tooManyRounds(context: LoginContext, cookies: RequestCookies): boolean {
  return readRounds(context, cookies) >= maxRounds
}

export function countRound(context: LoginContext, cookies: RequestCookies): OutgoingCookie {
  return { name: context.policy.rounds, value: String(readRounds(context, cookies) + 1), maxAge: window }
}

/** A session that arrives, or a logout, ends the count. */
export function forgetRounds(context: LoginContext, cookies: RequestCookies): OutgoingCookie[] {
  return cookies.has(context.policy.rounds) ? [{ name: context.policy.rounds, value: '', maxAge: 0 }] : []
}

function readRounds(context: LoginContext, cookies: RequestCookies): number {
  const value = cookies.get(context.policy.rounds) ?? ''
  return /^\d$/.test(value) ? Number(value) : 0
}
