/**
 * Gives access tokens of one person, by resource server. A `LoginSession` is one. Its errors pass through every call
 * unchanged, so that a missing token becomes a login.
 */
export interface TokenSource {
  /** `refused`: a service answered 401 to this token. A source that has none better gives the same again. */
  accessToken(resourceServer: string, options?: { readonly refused?: string }): Promise<string>
}
