import { hash } from 'node:crypto'
import { stringifySetCookie } from 'cookie'

/** RFC 6265bis: a browser drops a cookie whose name and value together exceed this many bytes. */
export const maxCookieBytes = 4096
/** All our cookies together. Servers refuse headers over 8 to 16 kB, and the application has cookies of its own. */
export const maxAllCookieBytes = 8192

/** A cookie to send. An empty value with no lifetime deletes it. */
export interface OutgoingCookie {
  readonly name: string
  readonly value: string
  /** Seconds from now; 0 deletes. */
  readonly maxAge: number
}

/**
 * Names and attributes of one login's cookies. Names carry a hash of client id and redirect URI, because cookies ignore
 * ports and paths: two apps on one host never disturb each other.
 */
export interface CookiePolicy {
  readonly session: string
  readonly transactionPrefix: string
  readonly rounds: string
  serialize(cookie: OutgoingCookie): string
  /** Our cookies in a `Cookie` header. A name that occurs twice is ambiguous and left out (SEC-36). */
  parse(header: string | undefined): ReadonlyMap<string, string>
}

/** Over https every cookie is `__Host-` and `Secure`. Loopback http goes without: Safari and most clients refuse both there. */
export function createCookiePolicy(options: { clientId: string; redirectUri: string }): CookiePolicy {
  const secure = new URL(options.redirectUri).protocol === 'https:'
  const mark = hash('sha256', `${options.clientId}\n${options.redirectUri}`, 'base64url').slice(0, 8)
  const base = `${secure ? '__Host-' : ''}pierhead-${mark}`
  return {
    session: `${base}-session`,
    transactionPrefix: `${base}-login-`,
    rounds: `${base}-rounds`,
    serialize: ({ name, value, maxAge }) =>
      stringifySetCookie(
        { name, value, maxAge: Math.max(0, Math.floor(maxAge)), path: '/', httpOnly: true, secure, sameSite: 'lax' },
        { encode: (text) => text },
      ),
    parse: (header) => parseOwn(header, `${base}-`),
  }
}

/** The bytes that a cookie takes in a request: name, `=`, value and separator. */
export function cookieBytes(name: string, value: string): number {
  return name.length + value.length + 3
}

function parseOwn(header: string | undefined, prefix: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (header === undefined || !header.includes(prefix)) return found
  const ambiguous = new Set<string>()
  for (let start = 0, end = 0; end >= 0; start = end + 1) {
    end = header.indexOf(';', start)
    const pair = header.slice(start, end < 0 ? undefined : end).trim()
    if (!pair.startsWith(prefix)) continue
    const equals = pair.indexOf('=')
    if (equals < 0) continue
    const name = pair.slice(0, equals).trimEnd()
    if (found.has(name)) ambiguous.add(name)
    found.set(name, pair.slice(equals + 1))
  }
  for (const name of ambiguous) found.delete(name)
  return found
}
