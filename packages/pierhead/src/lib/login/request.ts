import type { Settings } from './settings.ts'

/** What login needs of a request. Nothing is read from `Host` or `X-Forwarded-*`. */
export interface LoginRequest {
  readonly method: string
  /** Path and query as they stand in the request line. */
  readonly target: string
  /** Value of a header, names in lower case; several values joined as the protocol joins them. */
  header(name: string): string | undefined
}

export interface Target {
  /** The path as the browser sees it, base path included. */
  readonly path: string
  /** With the question mark, or empty. */
  readonly search: string
}

/** Splits the request line without a URL parser: `//host` and `/\host` stay what they are and match no route (SEC-63). */
export function readTarget(target: string, settings: Pick<Settings, 'basePath' | 'stripPrefix'>): Target {
  const end = target.indexOf('?')
  const path = end < 0 ? target : target.slice(0, end)
  return { path: settings.stripPrefix ? settings.basePath + path : path, search: end < 0 ? '' : target.slice(end) }
}

/**
 * A person's browser is opening a page, as opposed to a script fetching data. Browsers say so in fetch metadata. Node's
 * own fetch sends the mode `cors` and nothing else of them, whatever it asks for: there `Accept` decides.
 */
export function isNavigation(request: LoginRequest): boolean {
  const mode = request.header('sec-fetch-mode')
  if (mode === 'navigate' || request.header('sec-fetch-site') !== undefined) return mode === 'navigate'
  return /\btext\/html\b/.test(request.header('accept') ?? '')
}

/** The browser or a link scanner looks ahead: nothing may be started or used up. */
export function isPrefetch(request: LoginRequest): boolean {
  const purpose = `${request.header('sec-purpose') ?? ''} ${request.header('purpose') ?? ''} ${request.header('x-moz') ?? ''}`
  return /prefetch|prerender|preview/i.test(purpose)
}
