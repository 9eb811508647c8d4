import { randomBytes } from 'node:crypto'

interface Credentials {
  readonly clientId: string
  readonly clientSecret: string
}

/** How its README has it, for a provider that signs ID tokens as Globus does. */
export const openidConnectOptions = (issuer: string, origin: string, client: Credentials) => ({
  authRequired: false,
  issuerBaseURL: issuer,
  baseURL: origin,
  clientID: client.clientId,
  clientSecret: client.clientSecret,
  clientAuthMethod: 'client_secret_basic' as const,
  secret: randomBytes(48).toString('base64'),
  idTokenSigningAlg: 'RS512',
  authorizationParams: { response_type: 'code' as const, scope: 'openid profile email', access_type: 'offline' },
})
