import type { MiddlewareHandler } from 'hono'

export interface SecurityHeaderOptions {
  /** Where forms may lead, redirects after them included: Chromium checks those too. */
  readonly formActionSources: readonly string[]
  /** Whether browsers reach the portal over https. */
  readonly https: boolean
}

/** Puts the same strict headers on every answer, also on those that the login gives (SEC-59, SEC-60). */
export function securityHeaders(options: SecurityHeaderOptions): MiddlewareHandler {
  const policy = contentSecurityPolicy(options.formActionSources)
  const always = [
    ['x-content-type-options', 'nosniff'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['permissions-policy', 'camera=(), geolocation=(), microphone=()'],
    ...(options.https ? [['strict-transport-security', 'max-age=31536000'] as const] : []),
  ] as const
  return async (c, next) => {
    await next()
    const { headers } = c.res
    for (const [name, value] of always) headers.set(name, value)
    // Data from elsewhere is served under a stricter policy of its own.
    if (!isSandboxed(headers)) headers.set('content-security-policy', policy)
    // A window that was opened for a login comes back by redirects. A policy on them would cut it off from its opener.
    if (c.res.status < 300 || c.res.status >= 400) setOpenerPolicy(headers)
    // A page that does not say otherwise depends on who asks, also when it is for nobody in particular (SEC-47).
    if (!headers.has('cache-control')) {
      headers.set('cache-control', 'private, no-cache')
      headers.append('vary', 'Cookie')
    }
    // The login's callback asks for no-referrer: its address holds a code (SEC-19).
    if (!headers.has('referrer-policy')) headers.set('referrer-policy', 'same-origin')
  }
}

/** Pages keep the windows that they open, and are cut off from whoever opened them. */
function setOpenerPolicy(headers: Headers): void {
  if (!headers.has('cross-origin-opener-policy')) {
    headers.set('cross-origin-opener-policy', 'same-origin-allow-popups')
  }
}

function isSandboxed(headers: Headers): boolean {
  return headers.get('content-security-policy')?.startsWith('sandbox;') === true
}

/** Nothing inline, nothing from elsewhere. */
function contentSecurityPolicy(formActionSources: readonly string[]): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src 'self'`,
    `connect-src 'self'`,
    `form-action ${formActionSources.join(' ')}`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
  ].join('; ')
}
