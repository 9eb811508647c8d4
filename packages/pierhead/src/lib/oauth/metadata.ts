import { discoveryRequest } from 'oauth4webapi'
import { LoginError } from '../../errors.ts'
import { globusMetadata } from './globus-metadata.ts'
import { callProvider } from './http.ts'
import { isJsonType, parseJsonObject, show, type JsonObject } from './json.ts'
import type { ProviderOptions } from './provider.ts'
import { createRenewedValue, type RenewedValue } from './renewed-value.ts'

/** The part of the provider's metadata that we use, checked. Addresses are absolute. */
export interface ProviderMetadata {
  readonly issuer: string
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly jwksUri: string
  readonly userinfoEndpoint?: string
  readonly revocationEndpoint?: string
  readonly introspectionEndpoint?: string
  readonly endSessionEndpoint?: string
  /** `id_token_signing_alg_values_supported`; RS256 when absent. */
  readonly idTokenAlgorithms: readonly string[]
  /** RFC 9207 section 3: the authorization response always names its issuer. */
  readonly namesIssuerInResponse: boolean
}

/** See {@link RenewedValue}. */
export type MetadataCache = RenewedValue<ProviderMetadata>

/** Milliseconds for which metadata is used without asking again. */
const metadataLife = 60 * 60 * 1000

/** A cache that fetches metadata when it is first needed; for Globus itself it starts with a recorded copy. */
export function createMetadataCache(options: ProviderOptions): MetadataCache {
  const what = 'metadata of the provider'
  return createRenewedValue({
    what,
    life: metadataLife,
    now: options.now,
    initial: globusMetadata(options.issuer),
    onStale: options.onStale,
    async load(signal) {
      const answer = await callProvider(options, { what, signal }, (request) =>
        discoveryRequest(new URL(options.issuer), request),
      )
      const document = isJsonType(answer.contentType) ? parseJsonObject(answer.body) : undefined
      if (answer.status !== 200 || !document) {
        throw refused(`expected a JSON object, got status ${answer.status} of type ${show(answer.contentType)}`)
      }
      return parseMetadata(document, options)
    },
  })
}

/**
 * Checks a discovery document (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 3.3). The issuer must be ours,
 * character by character, and every address must lie on an origin that we trust.
 *
 * @throws LoginError `issuer_mismatch` or `provider_error`
 */
export function parseMetadata(document: JsonObject, options: ProviderOptions): ProviderMetadata {
  if (document['issuer'] !== options.issuer) {
    throw new LoginError(
      'issuer_mismatch',
      `The metadata is for the issuer ${show(document['issuer'])}; expected ${show(options.issuer)}.`,
    )
  }
  const origins = new Set([new URL(options.issuer).origin, ...(options.endpointOrigins ?? [])])
  const userinfoEndpoint = endpoint(document, 'userinfo_endpoint', origins)
  const revocationEndpoint = endpoint(document, 'revocation_endpoint', origins)
  const introspectionEndpoint = endpoint(document, 'introspection_endpoint', origins)
  const endSessionEndpoint = endpoint(document, 'end_session_endpoint', origins)
  return {
    issuer: options.issuer,
    authorizationEndpoint: requiredEndpoint(document, 'authorization_endpoint', origins),
    tokenEndpoint: requiredEndpoint(document, 'token_endpoint', origins),
    jwksUri: requiredEndpoint(document, 'jwks_uri', origins),
    ...(userinfoEndpoint && { userinfoEndpoint }),
    ...(revocationEndpoint && { revocationEndpoint }),
    ...(introspectionEndpoint && { introspectionEndpoint }),
    ...(endSessionEndpoint && { endSessionEndpoint }),
    idTokenAlgorithms: algorithms(document['id_token_signing_alg_values_supported']),
    namesIssuerInResponse: document['authorization_response_iss_parameter_supported'] === true,
  }
}

function requiredEndpoint(document: JsonObject, name: string, origins: ReadonlySet<string>): string {
  const url = endpoint(document, name, origins)
  if (!url) throw refused(`${name} is missing`)
  return url
}

function endpoint(document: JsonObject, name: string, origins: ReadonlySet<string>): string | undefined {
  const value = document[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || !URL.canParse(value)) throw refused(`${name} is not a URL: ${show(value)}`)
  const url = new URL(value)
  // Trusted origins are https, or the loopback issuer's own: this excludes plain http elsewhere. A blob: has the origin
  // of its inner address.
  if (!/^https?:$/.test(url.protocol) || !origins.has(url.origin))
    throw refused(`${name} is on ${show(url.origin)}, which is not a trusted origin`)
  if (url.username || url.password || url.hash) throw refused(`${name} has credentials or a fragment`)
  return value
}

function algorithms(value: unknown): readonly string[] {
  if (value === undefined) return ['RS256']
  if (Array.isArray(value)) return value.filter((entry) => typeof entry === 'string')
  throw refused('id_token_signing_alg_values_supported is not a list')
}

function refused(reason: string): LoginError {
  return new LoginError('provider_error', `The metadata of the provider cannot be used: ${reason}.`)
}
