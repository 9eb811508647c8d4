import { isLocalPeer } from './peer.ts'

/** Which names the emulator answers to. */
export interface HostRules {
  /** `scheme://host:port` of the emulator, its issuer. */
  readonly origin: string
  /** Further host names, with or without port, beside the loopback names. */
  readonly allowHosts: readonly string[]
  /** Whether the inspector answers to everybody who reaches it. Default false. */
  readonly openInspector?: boolean | undefined
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/**
 * Whether the request was sent to a name of the emulator. A page on the internet can make its own name resolve to 127.0.0.1 (DNS
 * rebinding); the browser then treats the emulator as that page's origin, and only the Host header gives it away.
 */
export function isAllowedHost(request: Request, rules: HostRules): boolean {
  const host = requestHost(request)
  if (LOOPBACK.test(host) || host === new URL(rules.origin).host) return true
  const name = host.replace(/:\d+$/, '')
  return rules.allowHosts.some((allowed) => allowed === host || allowed === name)
}

/**
 * Whether the inspector, or the outbox, may answer: to this machine, by a name that only means this machine. The socket is asked too, because whoever
 * reaches an open port can claim any name; and the name, because a proxy on this machine speaks for others.
 */
export const mayInspect = (request: Request, { openInspector = false }: Partial<HostRules> = {}): boolean =>
  openInspector || (LOOPBACK.test(requestHost(request)) && isLocalPeer(request))

/**
 * Whether a form comes from a page of the emulator itself. Browsers always send `Origin` with a POST; scripts without one are let
 * through, because they hold no cookie of somebody else.
 */
export function isOwnForm(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  const origin = request.headers.get('origin')
  return (
    origin === null ||
    origin === `${new URL(request.url).protocol}//${requestHost(request)}` ||
    isSecureTwin(request, origin)
  )
}

// Behind a proxy that ends TLS the browser's origin is https, while the request arrives here by http.
const isSecureTwin = (request: Request, origin: string): boolean => origin === `https://${requestHost(request)}`

/** The name and port that a request was sent to, in lower case. */
export const requestHost = (request: Request): string =>
  (request.headers.get('host') ?? new URL(request.url).host).toLowerCase()
