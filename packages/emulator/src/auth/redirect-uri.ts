import type { World } from '../world.ts'
import type { Client } from '../world/clients.ts'

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether codes for the client may go to that address: it must equal a registered one, character by character. Native clients and the
 * instances of native templates may besides use `http://localhost`, `http://127.0.0.1` or `http://[::1]` with any port and no path
 * (or one they registered, with another port), and the page of the emulator that shows a code for copying.
 */
export function isRegisteredRedirect(
  redirectUri: string,
  client: Client,
  { world, issuer }: { world: World; issuer: string },
): boolean {
  if (client.redirectUris.includes(redirectUri)) return true
  const native = nativeRulesOf(client, world)
  if (native === undefined) return false
  return redirectUri === `${issuer}/v2/web/auth-code` || matchesLoopback(redirectUri, native.redirectUris)
}

/** The native client whose redirect rules hold for this one: itself, or the template it was made from. */
function nativeRulesOf(client: Client, world: World): Client | undefined {
  if (client.clientType === 'public_installed_client') return client
  const parent = client.parentClient === null ? undefined : world.clients.find(client.parentClient)
  return parent?.clientType === 'public_installed_client' ? parent : undefined
}

function matchesLoopback(redirectUri: string, registered: readonly string[]): boolean {
  const loopback = parseLoopback(redirectUri)
  if (loopback === undefined) return false
  return (
    loopback.rest === '' || loopback.rest === '/' || registered.some((uri) => matches(loopback, parseLoopback(uri)))
  )
}

const matches = (one: LoopbackUri, other: LoopbackUri | undefined): boolean =>
  other !== undefined && one.host === other.host && one.rest === other.rest

interface LoopbackUri {
  readonly host: string
  readonly rest: string
}

// By pattern, not by URL: the parser would repair what must not match, such as backslashes and user names.
function parseLoopback(uri: string): LoopbackUri | undefined {
  const match = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?((?:\/[^\s#\\]*)?)$/.exec(uri)
  const [, host, rest] = match ?? []
  return host === undefined || rest === undefined ? undefined : { host, rest }
}

/**
 * Why an address cannot be registered, if it cannot: Globus takes https, and http on the own machine only.
 */
export function findRedirectProblem(redirectUri: string): string | undefined {
  if (/[\s\\]/.test(redirectUri) || !URL.canParse(redirectUri)) return 'is not an absolute address'
  if (redirectUri.includes('#')) return 'has a fragment, which redirect addresses may not'
  const { protocol, hostname } = new URL(redirectUri)
  if (protocol === 'http:' && !LOOPBACK_HOSTS.has(hostname))
    return 'uses http, which only localhost, 127.0.0.1 and [::1] may'
  if (['javascript:', 'data:', 'vbscript:', 'file:', 'blob:'].includes(protocol)) return `uses the scheme ${protocol}`
  return undefined
}

/** Appends parameters without touching the registered text, which a URL parser would rewrite. */
export function withParameters(redirectUri: string, parameters: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== null) query.set(name, value)
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`
}
