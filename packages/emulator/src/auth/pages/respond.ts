import type { HtmlEscapedString } from 'hono/utils/html'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

interface PageOptions {
  readonly status?: number
  readonly cookies?: readonly string[]
  /** The app's address that a form on the page may end at. */
  readonly formTarget?: string
}

/** A page with the headers that every page of the emulator has: no scripts, no frames, nothing from elsewhere, never stored. */
export async function respondPage(
  page: Html,
  { status = 200, cookies = [], formTarget }: PageOptions = {},
): Promise<Response> {
  const headers = new Headers({
    'content-type': 'text/html; charset=UTF-8',
    'content-security-policy': contentSecurityPolicy(formTarget),
    'cache-control': 'no-store',
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
  for (const value of cookies) headers.append('set-cookie', value)
  return new Response(String(await page), { status, headers })
}

/** Sends the browser on after a form, always with GET (RFC 9700 section 4.12: never 307). */
export const redirectAfterForm = (location: string, cookies: readonly string[] = []): Response =>
  redirect(303, location, cookies)

/** Sends the browser on from an address that it opened, with the status Globus Auth uses. */
export const redirectFromPage = (location: string, cookies: readonly string[] = []): Response =>
  redirect(302, location, cookies)

function redirect(status: number, location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  for (const value of cookies) headers.append('set-cookie', value)
  return new Response(null, { status, headers })
}

function contentSecurityPolicy(formTarget: string | undefined): string {
  const rest = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
  return `${rest}; form-action ${formTarget === undefined ? "'self'" : formSources(formTarget)}`
}

/**
 * Chromium applies `form-action` to every redirect that follows a form: to the app's address, and to where the app sends the browser
 * next, which in development often is another port of the same machine.
 */
function formSources(formTarget: string): string {
  const { protocol, origin } = new URL(formTarget)
  const target = protocol === 'http:' || protocol === 'https:' ? origin : protocol
  return `'self' ${target} http://localhost:* http://127.0.0.1:*`
}
