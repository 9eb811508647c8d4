/** Segments of letters that are safe in a path (RFC 3986 section 3.3), none of them empty; one slash may end it. */
const plainPath = /^(?:\/(?:[\w.~!$&'()*+,;=:@-]|%[\da-f]{2})+)+\/?$/i
const plainSearch = /^(?:\?(?:[\w.~!$&'()*+,;=:@/?[\]-]|%[\da-f]{2})*)?$/i

export interface ProxyTarget {
  readonly name: string
  /** As it came, checked: it names one thing only, whoever reads it. */
  readonly path: string
  readonly search: string
}

/**
 * Takes `/prefix/name/path?search` apart. Undefined: something in it could mean another path to the next reader, such as
 * dot segments, empty segments, or encoded slashes (SEC-74).
 */
export function parseProxyTarget(target: string, prefix: string): ProxyTarget | undefined {
  if (!target.startsWith(`${prefix}/`)) return undefined
  const rest = target.slice(prefix.length + 1)
  const end = rest.includes('?') ? rest.indexOf('?') : rest.length
  const slash = rest.indexOf('/')
  if (slash < 1 || slash > end) return undefined
  const [name, path, search] = [rest.slice(0, slash), rest.slice(slash, end), rest.slice(end)]
  if (!/^[\w.:-]+$/.test(name) || !isPlain(path) || !plainSearch.test(search)) return undefined
  return { name, path, search }
}

/** True for a path that is one of these, or below one. */
export function isBelow(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`))
}

/** The address of a checked path at a service. Throws when joining has changed anything. */
export function joinPath(base: URL, path: string): URL {
  const url = new URL(base)
  const pathname = base.pathname.replace(/\/+$/, '') + path
  url.pathname = pathname
  if (url.origin === base.origin && url.pathname === pathname) return url
  throw new TypeError('A checked path has become another one.')
}

/** The path of a file as people write it. Its segments were checked: none of them holds a slash. */
export function decodeSegments(path: string): string {
  return decodeURIComponent(path)
}

function isPlain(path: string): boolean {
  return plainPath.test(path) && path.split('/').every(isPlainSegment)
}

function isPlainSegment(segment: string): boolean {
  try {
    const text = decodeURIComponent(segment)
    // A percent sign that is left would be decoded by whoever decodes twice.
    // oxlint-disable-next-line no-control-regex
    return text !== '.' && text !== '..' && !/[/\\%\u0000-\u001f\u007f]/.test(text)
  } catch {
    return false
  }
}
