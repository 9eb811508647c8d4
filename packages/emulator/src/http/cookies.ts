/** The cookies of a request; the first of a name counts. */
export function readCookies(request: Request): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const part of request.headers.get('cookie')?.split(';') ?? []) {
    const equals = part.indexOf('=')
    const name = part.slice(0, Math.max(equals, 0)).trim()
    if (name !== '' && !cookies.has(name)) cookies.set(name, part.slice(equals + 1).trim())
  }
  return cookies
}

/** Seconds until the cookie goes; 0 removes it. */
interface CookieOptions {
  readonly maxAge: number
  readonly secure: boolean
}

/** A `Set-Cookie` value: HttpOnly, and Lax, because people arrive here from other sites. */
export const cookie = (name: string, value: string, { maxAge, secure }: CookieOptions): string =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure ? '; Secure' : ''}`
