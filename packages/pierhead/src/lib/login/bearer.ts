import {
  isAuthorizationRequirementsError,
  isLoginRequiredError,
  isPierheadError,
  type AuthorizationRequirementsError,
} from '../../errors.ts'
import type { Introspection } from '../oauth/introspection.ts'
import { jsonAnswer, type Answer } from './answer.ts'
import type { Clock } from './clock.ts'
import type { Events } from './events.ts'
import type { Introspect } from './introspections.ts'
import type { TokenSource } from './options.ts'
import { problemOf } from './problems.ts'

/** What a token must be, to be let in. */
export interface BearerOptions {
  /** Every one of these must be on the token: scopes that are registered for this resource server. At least one. */
  readonly scopes: readonly string[]
  /** Must be in the token's audience. Default: the client id. */
  readonly audience?: string
  /** Names the service in `WWW-Authenticate`. Default: the client id. */
  readonly realm?: string
}

/** Who sent a good token. */
export interface Caller {
  /** UUID of the identity at Globus. */
  readonly sub: string
  readonly username: string | undefined
  readonly name: string | undefined
  /** The linked identities, `sub` among them. */
  readonly identities: readonly string[]
  /** The application that the token was issued to. */
  readonly clientId: string | undefined
  readonly scopes: readonly string[]
  /** Epoch seconds. */
  readonly expiresAt: number | undefined
  /** All that was said of the token. */
  readonly introspection: Introspection
  /** Tokens to act for the caller at the services that the scopes depend on. */
  readonly tokens: TokenSource
}

/** Decides about requests with `Authorization: Bearer` (RFC 6750). */
export interface BearerGuard {
  /** The caller, or what is answered in their place. `header`: the value of a header, names in lower case. */
  check(
    header: (name: string) => string | undefined,
  ): Promise<{ readonly caller: Caller } | { readonly answer: Answer }>
  /**
   * The answer to an error of this package that a handler threw; undefined for any other. A consent that is missing becomes
   * Globus's own document, by which the caller's application can ask for it.
   */
  recover(error: unknown): Answer | undefined
}

export interface BearerParts {
  readonly clientId: string
  readonly issuer: string
  readonly introspect: Introspect
  readonly callerTokens: (token: string) => TokenSource
  readonly clock: Clock
  readonly events: Events
}

/** Seconds by which clocks may differ. */
const leeway = 60
/** RFC 6750 section 2.1. */
const credentials = /^bearer +([\w.~+/-]{1,4096}=*) *$/i

export function createBearerGuard(parts: BearerParts, options: BearerOptions): BearerGuard {
  const { scopes, audience = parts.clientId, realm = parts.clientId } = options
  if (scopes.length === 0)
    throw new TypeError('scopes must name a scope of this service: tokens of any other service would be taken.')
  if (scopes.some((scope) => !/^[!#-[\]-~]+$/.test(scope)))
    throw new TypeError('A scope has a space, a quote or a backslash.')
  if (!/^[\x20!#-[\]-~]+$/.test(realm)) throw new TypeError('realm must be printable ASCII without quotes.')
  const refuse = (status: number, error?: string, more: Refusal = {}): { readonly answer: Answer } => ({
    answer: refusal(status, { realm, error, ...more }),
  })
  return {
    async check(header) {
      const sent = header('authorization')
      // Another scheme is somebody else's; without one there is nothing to say about a token.
      if (sent === undefined || !/^bearer(?: |$)/i.test(sent)) return refuse(401)
      const [, token] = credentials.exec(sent) ?? []
      if (token === undefined) return refuse(400, 'invalid_request')
      try {
        const introspection = await parts.introspect(token, ['identity_set'])
        if (!isFor(introspection, { audience, issuer: parts.issuer, now: parts.clock.now() / 1000 })) {
          return refuse(401, 'invalid_token')
        }
        const caller = readCaller(introspection, parts.callerTokens(token))
        if (caller === undefined) return refuse(401, 'invalid_token')
        const missing = scopes.filter((scope) => !caller.scopes.includes(scope))
        return missing.length === 0 ? { caller } : refuse(403, 'insufficient_scope', { scope: missing })
      } catch (cause) {
        if (!isPierheadError(cause)) throw cause
        const message = 'A token could not be checked, so its sender was refused. Is the provider reachable?'
        parts.events.emit({ event: 'access_refused', level: 'error', message, code: cause.code, cause })
        return { answer: unavailable() }
      }
    },
    recover(error) {
      if (!isPierheadError(error)) return undefined
      const { status, title, check } = problemOf(error)
      const { code, message, cause } = error
      if (isLoginRequiredError(error)) return refuse(401, 'invalid_token').answer
      if (isAuthorizationRequirementsError(error)) return requirements(error, scopes)
      parts.events.emit({ event: 'access_refused', level: 'error', message: `${message} ${check}`, code, cause })
      return jsonAnswer(status, { type: 'about:blank', status, title, code })
    },
  }
}

interface Refusal {
  readonly scope?: readonly string[]
}

/** RFC 6750 section 3. Without a token there is no `error`. */
function refusal(
  status: number,
  { realm, error, scope }: Refusal & { readonly realm: string; readonly error: string | undefined },
): Answer {
  const parts = [`realm="${realm}"`]
  if (error !== undefined) parts.push(`error="${error}"`)
  if (scope !== undefined) parts.push(`scope="${scope.join(' ')}"`)
  const body = {
    type: 'about:blank',
    status,
    title: titles[error ?? 'none'] ?? '',
    code: error ?? 'token_required',
    ...(scope && { authorization_parameters: { required_scopes: scope } }),
  }
  const answer = jsonAnswer(status, body)
  return { ...answer, headers: [...answer.headers, ['www-authenticate', `Bearer ${parts.join(', ')}`]] }
}

const titles: Readonly<Record<string, string>> = {
  none: 'This needs a bearer token',
  invalid_request: 'The Authorization header is malformed',
  invalid_token: 'The token is not valid here',
  insufficient_scope: 'The token lacks a scope',
}

function unavailable(): Answer {
  const status = 503
  const answer = jsonAnswer(status, {
    type: 'about:blank',
    status,
    title: 'Tokens cannot be checked',
    code: 'unavailable',
  })
  return { ...answer, headers: [...answer.headers, ['retry-after', '10']] }
}

/** Alive, issued by our provider, and meant for us. */
function isFor(
  introspection: Introspection,
  { audience, issuer, now }: { readonly audience: string; readonly issuer: string; readonly now: number },
): boolean {
  const { active, aud, iss, exp, nbf } = introspection
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  return (
    active &&
    audiences.includes(audience) &&
    (iss === undefined || iss === issuer) &&
    (exp === undefined || (typeof exp === 'number' && exp > now)) &&
    (nbf === undefined || (typeof nbf === 'number' && nbf <= now + leeway))
  )
}

function readCaller(introspection: Introspection, tokens: TokenSource): Caller | undefined {
  const { sub, scope, username, name, exp, client_id: clientId, identity_set: set } = introspection
  if (typeof sub !== 'string' || sub === '' || typeof scope !== 'string') return undefined
  const linked: readonly unknown[] = Array.isArray(set) ? set : []
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  return {
    sub,
    username: text(username),
    name: text(name),
    identities: [...new Set([sub, ...linked.filter((one) => typeof one === 'string')])],
    clientId: text(clientId),
    scopes: scope.split(' ').filter((one) => one !== ''),
    expiresAt: typeof exp === 'number' ? exp : undefined,
    introspection,
    tokens,
  }
}

/**
 * What is missing, as the caller's application has to ask for it: below the scope by which it may use this service.
 * See <https://docs.globus.org/api/auth/developer-guide/#authorization_requirements_error>.
 */
function requirements(error: AuthorizationRequirementsError, [own = '']: readonly string[]): Answer {
  const list = (values: readonly string[]): readonly string[] | undefined => (values.length > 0 ? values : undefined)
  return jsonAnswer(403, {
    code: error.requiredScopes.length > 0 ? 'ConsentRequired' : 'AuthorizationRequired',
    authorization_parameters: {
      required_scopes: list(error.requiredScopes.map((scope) => `${own}[${scope}]`)),
      session_required_identities: list(error.sessionRequiredIdentities),
      session_required_policies: list(error.sessionRequiredPolicies),
      session_required_single_domain: list(error.sessionRequiredSingleDomain),
      session_required_mfa: error.sessionRequiredMfa || undefined,
      session_message: error.sessionMessage,
      prompt: error.prompt,
    },
  })
}
