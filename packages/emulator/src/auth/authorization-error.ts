/** The request cannot be answered at the app's address, because that address is not trusted: the browser stays on an error page. */
export class PageError extends Error {
  override readonly name = 'PageError'
  readonly status: number
  readonly title: string
  readonly code: string

  constructor(page: {
    readonly title: string
    readonly sentence: string
    readonly code: string
    readonly status?: number
  }) {
    super(page.sentence)
    this.status = page.status ?? 400
    this.title = page.title
    this.code = page.code
  }
}

/** "Error processing OAuth2 request", the page for a client or redirect address that is missing or wrong. */
export const requestFailure = (sentence: string): PageError =>
  new PageError({ title: 'Error processing OAuth2 request', sentence, code: 'OAUTH_AUTH_REQUEST_FAILURE' })

/** The request is refused at the app's own address (RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6). */
export class RedirectError extends Error {
  override readonly name = 'RedirectError'
  readonly error: string

  constructor(error: string, description: string) {
    super(description)
    this.error = error
  }
}
