import { revocationRequest } from 'oauth4webapi'
import { client, rawBasic, server } from './client-authentication.ts'
import { endpointError } from './endpoint-error.ts'
import { callProvider } from './http.ts'
import type { Provider } from './provider.ts'

/**
 * Revokes a token (RFC 7009). `revoked`: the provider says it is dead, also when it did not know it. `unsupported`: the
 * provider has no revocation endpoint, or none for this kind of token.
 *
 * @throws TokenResponseError or LoginError when the token may still live and the call is worth repeating later
 */
export async function revokeToken(
  provider: Provider,
  token: string,
  hint: 'access_token' | 'refresh_token',
  signal?: AbortSignal,
): Promise<'revoked' | 'unsupported'> {
  const metadata = await provider.metadata.current(signal)
  if (!metadata.revocationEndpoint) return 'unsupported'
  const answer = await callProvider(provider.options, { what: 'revocation endpoint', signal }, (options) =>
    revocationRequest(server(metadata), client(provider), rawBasic(provider), token, {
      ...options,
      additionalParameters: { token, token_type_hint: hint },
    }),
  )
  if (answer.status === 200) return 'revoked'
  const error = endpointError(answer)
  if (error.error === 'unsupported_token_type') return 'unsupported'
  throw error
}
