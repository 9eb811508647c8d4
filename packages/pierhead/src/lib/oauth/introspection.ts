import { introspectionRequest } from 'oauth4webapi'
import { LoginError } from '../../errors.ts'
import { client, rawBasic, server } from './client-authentication.ts'
import { endpointError } from './endpoint-error.ts'
import { callProvider } from './http.ts'
import { isJsonType, parseJsonObject } from './json.ts'
import type { ProviderMetadata } from './metadata.ts'
import type { Provider } from './provider.ts'

/** The provider's word about a token (RFC 7662 section 2.2). Only an active token has further members. */
export interface Introspection {
  readonly active: boolean
  readonly [member: string]: unknown
}

/**
 * Asks about a token. `include` names Globus's extra parts: `session_info`, `identity_set`, `identity_set_detail`.
 *
 * @throws LoginError `provider_error` when the provider has no such endpoint or its answer is unusable
 */
export async function introspectToken(
  provider: Provider,
  token: string,
  include: readonly string[],
  signal?: AbortSignal,
): Promise<Introspection> {
  const metadata = await provider.metadata.current(signal)
  const introspectionEndpoint = metadata.introspectionEndpoint ?? globusEndpoint(metadata)
  if (!introspectionEndpoint) throw failed('the provider has no such endpoint')
  const answer = await callProvider(provider.options, { what: 'introspection endpoint', signal }, (options) =>
    introspectionRequest(server({ ...metadata, introspectionEndpoint }), client(provider), rawBasic(provider), token, {
      ...options,
      additionalParameters: { token, ...(include.length > 0 && { include: include.join(',') }) },
    }),
  )
  if (answer.status !== 200) throw endpointError(answer)
  const document = isJsonType(answer.contentType) ? parseJsonObject(answer.body) : undefined
  const active = document?.['active']
  if (typeof active !== 'boolean') throw failed('expected a JSON object with a boolean "active"')
  return active ? { ...document, active } : { active }
}

/** Globus has the endpoint but does not publish it. */
function globusEndpoint({ issuer, tokenEndpoint }: ProviderMetadata): string | undefined {
  return tokenEndpoint === `${issuer}/v2/oauth2/token` ? `${tokenEndpoint}/introspect` : undefined
}

function failed(reason: string): LoginError {
  return new LoginError('provider_error', `Introspection cannot be used: ${reason}.`)
}
