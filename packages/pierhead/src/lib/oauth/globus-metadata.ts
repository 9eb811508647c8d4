import type { ProviderMetadata } from './metadata.ts'

/**
 * What Globus Auth publishes, for its production and preview hosts: a login can start while discovery is down. The
 * preview service runs the same software under its own name. Undefined for any other issuer.
 */
export function globusMetadata(issuer: string): ProviderMetadata | undefined {
  if (issuer !== 'https://auth.globus.org' && issuer !== 'https://auth.preview.globus.org') return undefined
  return {
    issuer,
    authorizationEndpoint: `${issuer}/v2/oauth2/authorize`,
    tokenEndpoint: `${issuer}/v2/oauth2/token`,
    jwksUri: `${issuer}/jwk.json`,
    userinfoEndpoint: `${issuer}/v2/oauth2/userinfo`,
    revocationEndpoint: `${issuer}/v2/oauth2/token/revoke`,
    idTokenAlgorithms: ['RS512'],
    namesIssuerInResponse: false,
  }
}
