import type { AuthorizationServer, Client, ClientAuth } from 'oauth4webapi'
import type { ProviderMetadata } from './metadata.ts'
import type { Provider } from './provider.ts'

/**
 * HTTP Basic of the raw id and secret. RFC 6749 section 2.3.1 would form-encode both first, which changes the `-` of
 * every Globus client id to `%2D`; Globus's own clients send them as they are.
 */
export function rawBasic(provider: Provider): ClientAuth {
  const { clientId, clientSecret } = provider.options
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  return (_server, _client, _body, headers) => headers.set('authorization', `Basic ${credentials}`)
}

/** Our registration as oauth4webapi wants it. */
export function client(provider: Provider): Client {
  return { client_id: provider.options.clientId }
}

/** The checked metadata as oauth4webapi wants them. */
export function server(metadata: ProviderMetadata): AuthorizationServer {
  return {
    issuer: metadata.issuer,
    token_endpoint: metadata.tokenEndpoint,
    ...(metadata.userinfoEndpoint && { userinfo_endpoint: metadata.userinfoEndpoint }),
    ...(metadata.revocationEndpoint && { revocation_endpoint: metadata.revocationEndpoint }),
    ...(metadata.introspectionEndpoint && { introspection_endpoint: metadata.introspectionEndpoint }),
  }
}
