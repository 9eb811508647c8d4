/** A path with query on our own origin. Only `parseReturnTo` makes one. */
export type LocalPath = string & { readonly localPath: unique symbol }

/** With the largest session, the cookie of a login with such a target still fits into the 8 kB of all our cookies. */
const maxLength = 1024
/** Control characters and space, backslash, and characters that some parsers take for a slash. */
const hostile = /[\p{Cc} \\\u2028\u2029\u2044\u2215\uff0f\uff3c]/u
/** A second decoding somewhere behind us must not make another path of it. */
const encodedSlash = /%(?:2f|5c|25(?:2e|2f|5c)|0[0-9a-f]|1[0-9a-f]|7f)/i

/**
 * Takes a return target from a stranger: a path on `origin` below `basePath`, or undefined. Read once by the WHATWG
 * parser; what is returned is what that parser saw, never the text that came (SEC-62).
 */
export function parseReturnTo(text: string | null | undefined, origin: string, basePath = ''): LocalPath | undefined {
  if (typeof text !== 'string' || text.length > maxLength) return undefined
  if (!text.startsWith('/') || text.startsWith('//') || hostile.test(text)) return undefined
  const url = URL.parse(text, origin)
  if (url === null || url.origin !== origin || url.username !== '' || url.password !== '') return undefined
  if (url.pathname.startsWith('//') || encodedSlash.test(url.pathname)) return undefined
  if (basePath !== '' && url.pathname !== basePath && !url.pathname.startsWith(`${basePath}/`)) return undefined
  const target = `${url.pathname}${url.search}`
  // The checks above are what the brand stands for. Encoding makes text longer.
  return target.length > maxLength ? undefined : (target as LocalPath)
}
