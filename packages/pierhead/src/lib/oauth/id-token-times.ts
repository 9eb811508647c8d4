import { LoginError } from '../../errors.ts'
import { show, type JsonObject } from './json.ts'

/** Seconds by which clocks may differ. The OpenID conformance suite demands less than 360. */
const leeway = 60

/** The largest time that a Date can hold, in seconds: what is beyond is nonsense, not a date. */
const latest = 8.64e12

/**
 * Checks `exp`, `iat` and, when present, `nbf` and `auth_time`: seconds since 1970 (RFC 7519 section 4.1).
 *
 * @throws LoginError `invalid_id_token`; the message says when the provider's own clock explains it
 */
export function checkTimes(
  claims: JsonObject,
  now: number,
  options: { clockAhead: number | undefined; maxAge: number | undefined },
): { exp: number; iat: number } {
  const { clockAhead } = options
  const seconds = now / 1000
  const exp = time(claims, 'exp')
  const iat = time(claims, 'iat')
  const nbf = claims['nbf'] === undefined ? 0 : time(claims, 'nbf')
  checkAuthTime(claims, seconds, options.maxAge)
  if (exp <= seconds - leeway) throw refused(`it expired ${Math.round(seconds - exp)} s ago`, clockAhead)
  if (iat > seconds + leeway) throw refused(`it was issued ${Math.round(iat - seconds)} s in the future`, clockAhead)
  if (nbf > seconds + leeway) throw refused(`it starts ${Math.round(nbf - seconds)} s in the future`, clockAhead)
  return { exp, iat }
}

/** OpenID Connect Core 1.0 section 3.1.2.1: who asked for `max_age` must check the answer. */
function checkAuthTime(claims: JsonObject, seconds: number, maxAge: number | undefined): void {
  if (claims['auth_time'] === undefined && maxAge === undefined) return
  const age = seconds - time(claims, 'auth_time')
  if (maxAge === undefined || age <= maxAge + leeway) return
  throw refused(`the person logged in ${Math.round(age)} s ago; asked for at most ${maxAge} s`, undefined)
}

function time(claims: JsonObject, name: string): number {
  const value = claims[name]
  if (typeof value === 'number' && value >= 0 && value <= latest) return value
  throw refused(`its ${name} is ${show(value)}; expected seconds since 1970`, undefined)
}

function refused(reason: string, clockAhead: number | undefined): LoginError {
  const hint =
    clockAhead !== undefined && Math.abs(clockAhead) > 30
      ? ` The provider's clock is ${Math.abs(clockAhead)} s ${clockAhead > 0 ? 'ahead of' : 'behind'} ours: check both.`
      : ''
  return new LoginError('invalid_id_token', `The ID token is refused: ${reason}.${hint}`)
}
