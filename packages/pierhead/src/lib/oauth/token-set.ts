/** One access token and what belongs to it. Globus issues one per resource server. */
export interface TokenSet {
  /** Globus's `resource_server`; for a provider without one, the issuer. */
  readonly resourceServer: string
  /** Granted scopes, separated by spaces, in the order of the answer. */
  readonly scope: string
  readonly accessToken: string
  readonly refreshToken?: string
  /** Epoch seconds; absent when the answer had no `expires_in`. */
  readonly expiresAt?: number
}
