/** Every stable code that this package puts on an error, a page or a log line; `docs/errors.md` has an anchor for each. */
export type ErrorCode =
  | 'access_denied'
  | 'authorization_error'
  | 'client_rejected'
  | 'code_rejected'
  | 'csrf_refused'
  | 'invalid_callback'
  | 'invalid_id_token'
  | 'invalid_request'
  | 'invalid_token_response'
  | 'issuer_mismatch'
  | 'login_expired'
  | 'login_refused'
  | 'login_replayed'
  | 'login_required'
  | 'method_not_allowed'
  | 'provider_error'
  | 'provider_timeout'
  | 'provider_unreachable'
  | 'session_too_large'
  | 'store_unavailable'
  | 'token_missing'
  | 'unknown_login'
  | 'userinfo_failed'

const kind: unique symbol = Symbol.for('pierhead.error')

/** Base of every error of this package. The message says what was expected and what came, never a secret. */
export abstract class PierheadError extends Error {
  /** @internal */
  readonly [kind] = true as const
  /** Stable; `switch` on this, never on the message. */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }

  /** A plain answer, for frameworks that ask a thrown error for one (Hono does). The adapters give a better one. */
  getResponse(): Response {
    return new Response(this.code, { status: this.code === 'login_required' ? 401 : 500 })
  }
}

/** A check of ours said no, or a service that login needs could not be used. */
export class LoginError extends PierheadError {}

/** The page or call needs a session, and there is none. Adapters turn it into a redirect or a problem document. */
export class LoginRequiredError extends PierheadError {
  constructor(message = 'This needs a login.', options?: ErrorOptions) {
    super('login_required', message, options)
  }
}

/** The authorization endpoint answered with `error` (RFC 6749 section 4.1.2.1). */
export class AuthorizationResponseError extends PierheadError {
  /** The wire's `error`, at most 100 printable characters. */
  readonly error: string
  /** The wire's `error_description`, at most 500 characters, control characters removed. It is a stranger's text. */
  readonly errorDescription: string | undefined

  constructor(error: string, errorDescription?: string) {
    super(
      error === 'access_denied' ? 'access_denied' : 'authorization_error',
      `The authorization endpoint answered with the error ${JSON.stringify(error)}.`,
    )
    this.error = error
    this.errorDescription = errorDescription
  }
}

/** The token, revocation or introspection endpoint refused (RFC 6749 section 5.2, and Globus's own shapes). */
export class TokenResponseError extends PierheadError {
  /** HTTP status of the answer. */
  readonly status: number
  /** The wire's `error`, such as `invalid_grant`; empty when the answer had none. */
  readonly error: string

  constructor(
    code: 'client_rejected' | 'code_rejected' | 'provider_error',
    answer: { status: number; error: string },
    options?: ErrorOptions,
  ) {
    super(code, `The token endpoint answered ${answer.status} ${answer.error || 'without an error code'}.`, options)
    this.status = answer.status
    this.error = answer.error
  }
}

/** True for every error of this package, also when two copies of it are installed. */
export function isPierheadError(error: unknown): error is PierheadError {
  return typeof error === 'object' && error !== null && kind in error
}

/** True when the answer to this error is a login. */
export function isLoginRequiredError(error: unknown): error is LoginRequiredError {
  return isPierheadError(error) && error.code === 'login_required'
}
