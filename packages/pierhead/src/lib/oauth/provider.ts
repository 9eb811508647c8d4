import type { PierheadError } from '../../errors.ts'
import { createKeyCache, type KeyCache } from './key-cache.ts'
import { createMetadataCache, type MetadataCache } from './metadata.ts'

/** What the protocol steps need to know about one authorization server and our registration with it. */
export interface ProviderOptions {
  /** Exact issuer identifier, without a trailing slash. Plain http only on a loopback host. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** The exact string that was registered; sent as it is. */
  readonly redirectUri: string
  readonly fetch: typeof fetch
  /** Epoch milliseconds. Every time check in this folder asks this clock. */
  readonly now: () => number
  /** Further origins that the provider's metadata may name. Default: only the issuer's own origin. */
  readonly endpointOrigins?: readonly string[]
  /** Told when metadata or keys could not be renewed and the last good copy is used. Must not throw. */
  readonly onStale?: (error: PierheadError) => void
}

/** One authorization server with its caches. Create it once and keep it: the caches live as long as this object. */
export interface Provider {
  readonly options: ProviderOptions
  /** Lazily fetched metadata (OpenID Connect Discovery 1.0 section 4). */
  readonly metadata: MetadataCache
  /** The provider's signing keys. */
  readonly keys: KeyCache
}

/** Prepares a provider; no request is sent yet. Throws a TypeError that names the option that is wrong. */
export function createProvider(options: ProviderOptions): Provider {
  checkIssuer(options.issuer)
  checkText('clientId', options.clientId)
  checkText('clientSecret', options.clientSecret)
  // RFC 7617 section 2: the user-id ends at the first colon.
  if (options.clientId.includes(':')) throw new TypeError('clientId must not contain a colon.')
  if (!URL.canParse(options.redirectUri)) throw new TypeError('redirectUri must be an absolute URL.')
  for (const origin of options.endpointOrigins ?? []) checkOrigin(origin, options.issuer)
  const metadata = createMetadataCache(options)
  return { options, metadata, keys: createKeyCache(options, metadata) }
}

/** True for hosts that never leave the machine: localhost and its subdomains, 127.0.0.0/8 and ::1. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}

function checkIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  if (!url) throw new TypeError(`issuer must be an absolute URL, not ${JSON.stringify(issuer)}.`)
  if (issuer.endsWith('/')) throw new TypeError('issuer must not end with a slash.')
  if (url.search || url.hash || url.username || url.password) {
    throw new TypeError('issuer must have no query, fragment or credentials.')
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return
  throw new TypeError('issuer must use https; plain http is accepted for a loopback host only.')
}

function checkOrigin(origin: string, issuer: string): void {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url?.origin !== origin) {
    const example = 'such as "https://id.example.org"'
    throw new TypeError(`endpointOrigins must hold origins ${example}, not ${JSON.stringify(origin)}.`)
  }
  if (url.protocol === 'https:') return
  if (url.protocol === 'http:' && isLoopback(url.hostname) && issuer.startsWith('http:')) return
  throw new TypeError(
    'endpointOrigins must use https; plain http is accepted for loopback hosts beside such an issuer.',
  )
}

function checkText(name: string, value: string): void {
  if (!/^[\x20-\x7e]+$/.test(value)) throw new TypeError(`${name} must be printable ASCII text and not empty.`)
}
