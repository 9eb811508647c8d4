import type { EmulatorContext } from '../context.ts'

/** `GET /.well-known/openid-configuration`: the keys of the recorded document and no others. */
export function discovery(_request: Request, { issuer }: EmulatorContext): Response {
  return Response.json({
    issuer,
    authorization_endpoint: `${issuer}/v2/oauth2/authorize`,
    userinfo_endpoint: `${issuer}/v2/oauth2/userinfo`,
    token_endpoint: `${issuer}/v2/oauth2/token`,
    revocation_endpoint: `${issuer}/v2/oauth2/token/revoke`,
    jwks_uri: `${issuer}/jwk.json`,
    response_types_supported: ['code', 'token', 'token id_token', 'id_token'],
    id_token_signing_alg_values_supported: ['RS512'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    claims_supported: ['at_hash', 'aud', 'email', 'exp', 'name', 'nonce', 'preferred_username', 'iat', 'iss', 'sub'],
    subject_types_supported: ['public'],
  })
}
