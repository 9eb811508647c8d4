/**
 * Where the address of a page is handed to it, which some frameworks tell no component. A stranger can write it too: it is
 * good for nothing but as a place to come back to.
 */
export const targetHeader = 'x-pierhead-target'

/** The headers of a request as its handler must see them: with the cookies that its answer sets, and its own address. */
export function forwardedHeaders(
  request: Request,
  { answered, target }: { answered: readonly (readonly [string, string])[]; target: string },
): Headers {
  const headers = new Headers(request.headers)
  const cookies = withCookies(headers.get('cookie') ?? '', setCookies(answered))
  if (cookies === '') headers.delete('cookie')
  else headers.set('cookie', cookies)
  headers.set(targetHeader, target)
  return headers
}

/** A cookie of ours as it was serialized for an answer. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  /** Seconds; 0 deletes. */
  readonly maxAge: number
  readonly secure: boolean
}

/** The cookies that an answer of ours sets. */
export function setCookies(answered: readonly (readonly [string, string])[]): SetCookie[] {
  return answered.flatMap(([header, line]) => {
    if (header !== 'set-cookie') return []
    const [pair = '', ...attributes] = line.split('; ')
    const end = pair.indexOf('=')
    const maxAge = attributes.find((attribute) => attribute.startsWith('Max-Age='))?.slice('Max-Age='.length)
    const cookie = { name: pair.slice(0, end), value: pair.slice(end + 1) }
    return [{ ...cookie, maxAge: Number(maxAge ?? 0), secure: attributes.includes('Secure') }]
  })
}

/** What the browser would send next: everything else stays as it came. */
function withCookies(header: string, cookies: readonly SetCookie[]): string {
  const names = new Set(cookies.map(({ name }) => name))
  const kept = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !names.has(pair.slice(0, pair.indexOf('='))))
  return [...kept, ...cookies.filter(({ maxAge }) => maxAge > 0).map(({ name, value }) => `${name}=${value}`)].join(
    '; ',
  )
}
