/** Every stable code that this package puts on an error, a page or a log line; `docs/errors.md` has an anchor for each. */
export type ErrorCode =
  | 'access_denied'
  | 'authorization_error'
  | 'authorization_required'
  | 'client_rejected'
  | 'code_rejected'
  | 'collection_refused'
  | 'csrf_refused'
  | GlobusServiceErrorCode
  | 'form_expired'
  | 'group_required'
  | 'identity_mismatch'
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
  | 'requirements_unmet'
  | 'session_too_large'
  | 'store_unavailable'
  | 'token_missing'
  | 'unknown_login'
  | 'userinfo_failed'

/** `globus_token_refused` is a 401 that no new login explains: the kit had reason to think the token good. */
export type GlobusServiceErrorCode =
  | 'globus_answer_invalid'
  | 'globus_service_error'
  | 'globus_service_timeout'
  | 'globus_service_unreachable'
  | 'globus_token_refused'

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

/** What is known of a call to a Globus service that failed. Texts of the service are bounded, and a stranger's. */
export interface ServiceFailure {
  /** Such as `transfer`, `groups`, or `collection` for HTTPS data. */
  readonly service: string
  /** HTTP status; undefined when no answer came. */
  readonly status?: number | undefined
  /** The service's own code, such as `EndpointNotFound`, at most 200 characters. Empty when it sent none. */
  readonly serviceCode?: string | undefined
  /** The service's own words, at most 1,000 characters, control characters removed. Empty when it sent none. */
  readonly serviceMessage?: string | undefined
  /** Kind of the details that Globus Connect Server sends with a refusal, such as `credential_not_found`, without version. */
  readonly serviceDetail?: string | undefined
  /** What Globus's support asks for. */
  readonly requestId?: string | undefined
  /** Seconds that the service asked us to wait. */
  readonly retryAfter?: number | undefined
}

/** A Globus service refused a call, or could not be used. `code` is ours and stable, `serviceCode` is the service's. */
export class GlobusServiceError extends PierheadError implements ServiceFailure {
  declare readonly code: GlobusServiceErrorCode | 'collection_refused'
  readonly service: string
  readonly status: number | undefined
  readonly serviceCode: string
  readonly serviceMessage: string
  readonly serviceDetail: string | undefined
  readonly requestId: string | undefined
  readonly retryAfter: number | undefined

  constructor(
    code: GlobusServiceErrorCode | 'collection_refused',
    message: string,
    { cause, ...failure }: ServiceFailure & ErrorOptions,
  ) {
    super(code, message, cause === undefined ? undefined : { cause })
    this.service = failure.service
    this.status = failure.status
    this.serviceCode = failure.serviceCode ?? ''
    this.serviceMessage = failure.serviceMessage ?? ''
    this.serviceDetail = failure.serviceDetail
    this.requestId = failure.requestId
    this.retryAfter = failure.retryAfter
  }
}

/**
 * What a Globus service wants before it goes on, in one form whatever it sent. Every text is bounded; nothing but these
 * fields is taken over. See <https://docs.globus.org/api/auth/developer-guide/#authorization_requirements_error>.
 */
export interface AuthorizationRequirements {
  /** Scope expressions to ask for in addition to those of the application. */
  readonly requiredScopes: readonly string[]
  /** Identities (id or username), all of which must be in the login session. */
  readonly sessionRequiredIdentities: readonly string[]
  /** Domains, one of which must be that of an identity in the login session. */
  readonly sessionRequiredSingleDomain: readonly string[]
  /** Ids of authentication policies, all of which must be met. */
  readonly sessionRequiredPolicies: readonly string[]
  readonly sessionRequiredMfa: boolean
  /** The service's words for the person, at most 1,000 characters. It is a stranger's text. */
  readonly sessionMessage: string | undefined
  readonly prompt: 'login' | undefined
}

const nothingRequired: AuthorizationRequirements = {
  requiredScopes: [],
  sessionRequiredIdentities: [],
  sessionRequiredSingleDomain: [],
  sessionRequiredPolicies: [],
  sessionRequiredMfa: false,
  sessionMessage: undefined,
  prompt: undefined,
}

/** The person must consent, or log in in another way, before the service does this. */
export class AuthorizationRequirementsError extends PierheadError implements AuthorizationRequirements {
  readonly requiredScopes: readonly string[]
  readonly sessionRequiredIdentities: readonly string[]
  readonly sessionRequiredSingleDomain: readonly string[]
  readonly sessionRequiredPolicies: readonly string[]
  readonly sessionRequiredMfa: boolean
  readonly sessionMessage: string | undefined
  readonly prompt: 'login' | undefined
  /** Which service asked for it, such as `transfer`. */
  readonly service: string
  /** The resource server of the token that was not enough, such as `transfer.api.globus.org`. */
  readonly resourceServer: string
  readonly status: number | undefined
  readonly serviceCode: string
  readonly requestId: string | undefined

  /** Requirements that are left out ask for nothing. */
  constructor(asked: Partial<AuthorizationRequirements>, origin: ServiceFailure & { readonly resourceServer: string }) {
    const requirements = { ...nothingRequired, ...asked }
    super('authorization_required', `The service ${origin.service} asks for ${describeRequirements(requirements)}.`)
    this.requiredScopes = requirements.requiredScopes
    this.sessionRequiredIdentities = requirements.sessionRequiredIdentities
    this.sessionRequiredSingleDomain = requirements.sessionRequiredSingleDomain
    this.sessionRequiredPolicies = requirements.sessionRequiredPolicies
    this.sessionRequiredMfa = requirements.sessionRequiredMfa
    this.sessionMessage = requirements.sessionMessage
    this.prompt = requirements.prompt
    this.service = origin.service
    this.resourceServer = origin.resourceServer
    this.status = origin.status
    this.serviceCode = origin.serviceCode ?? ''
    this.requestId = origin.requestId
  }
}

/** What is known of a person whom a guard did not find in a group. */
export interface GroupRefusal {
  readonly groupId: string
  /** Undefined when the person may not see the group. A stranger's text. */
  readonly groupName: string | undefined
  /** Username or name of the person, for them to tell their identities apart. */
  readonly person: string
  /** Any of these roles was demanded; empty: every role. */
  readonly roles: readonly string[]
  /** Where the person can ask to be let in; undefined when they are a member already, in another role. */
  readonly joinUrl: string | undefined
}

/** None of the person's identities is in the group, or not in the role that is demanded. */
export class GroupRequiredError extends PierheadError implements GroupRefusal {
  declare readonly code: 'group_required'
  readonly groupId: string
  readonly groupName: string | undefined
  readonly person: string
  readonly roles: readonly string[]
  readonly joinUrl: string | undefined

  constructor(refusal: GroupRefusal) {
    const role = refusal.roles.length === 0 ? 'a member' : refusal.roles.join(' or ')
    super('group_required', `${refusal.person} is not ${role} of the group ${refusal.groupId}.`)
    this.groupId = refusal.groupId
    this.groupName = refusal.groupName
    this.person = refusal.person
    this.roles = refusal.roles
    this.joinUrl = refusal.joinUrl
  }
}

function describeRequirements(requirements: AuthorizationRequirements): string {
  const parts = [
    requirements.requiredScopes.length > 0 && 'a consent',
    requirements.sessionRequiredIdentities.length > 0 && 'another identity',
    requirements.sessionRequiredSingleDomain.length > 0 && 'an identity of another domain',
    requirements.sessionRequiredPolicies.length > 0 && 'an authentication policy to be met',
    requirements.sessionRequiredMfa && 'a second factor',
  ]
  return parts.filter((part) => part !== false).join(', ') || 'a new login'
}

/** True for every error of this package, also when two copies of it are installed. */
export function isPierheadError(error: unknown): error is PierheadError {
  return typeof error === 'object' && error !== null && kind in error
}

/** True when the answer to this error is a login. */
export function isLoginRequiredError(error: unknown): error is LoginRequiredError {
  return isPierheadError(error) && error.code === 'login_required'
}

/** True when a Globus service refused or could not be used; false for {@link AuthorizationRequirementsError}. */
export function isGlobusServiceError(error: unknown): error is GlobusServiceError {
  return isPierheadError(error) && (error.code.startsWith('globus_') || error.code === 'collection_refused')
}

/** True when the person is not in a group that a guard demands, or not in the role. */
export function isGroupRequiredError(error: unknown): error is GroupRequiredError {
  return isPierheadError(error) && error.code === 'group_required'
}

/** True when a consent, another identity or a new login is the way on. */
export function isAuthorizationRequirementsError(error: unknown): error is AuthorizationRequirementsError {
  return isPierheadError(error) && error.code === 'authorization_required'
}
