/**
 * Gives access tokens of one person, by resource server. A `LoginSession` is one. Its errors pass through every call
 * unchanged, so that a missing token becomes a login.
 */
export interface TokenSource {
  accessToken(resourceServer: string): Promise<string>
}
