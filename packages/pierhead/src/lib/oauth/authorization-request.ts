import type { Provider } from './provider.ts'
import { codeChallenge } from './random.ts'

/** One trip to the authorization endpoint. Empty lists, empty text and false count as not given. */
export interface AuthorizationRequest {
  /** Scopes or Globus scope expressions; repeated ones are sent once, in order of first mention. */
  readonly scopes: readonly string[]
  readonly state: string
  readonly nonce: string
  /** Stays here; only its S256 challenge is sent. */
  readonly codeVerifier: string
  /** True asks Globus for refresh tokens (`access_type=offline`). */
  readonly refreshTokens: boolean
  /** OpenID Connect Core 1.0 section 3.1.2.1; several values are separated by spaces. */
  readonly prompt?: 'login' | 'none' | 'consent' | 'select_account' | 'login consent'
  /** `max_age` in seconds; the code exchange must be told the same number. */
  readonly maxAge?: number
  /** Identity UUIDs that must have logged in within this session. */
  readonly sessionRequiredIdentities?: readonly string[]
  /** Domains; an identity of any one of them satisfies it. */
  readonly sessionRequiredSingleDomain?: readonly string[]
  /** Policy UUIDs; all of them must be met. */
  readonly sessionRequiredPolicies?: readonly string[]
  readonly sessionRequiredMfa?: boolean
  /** Shown to the person by Globus. */
  readonly sessionMessage?: string
}

/**
 * Builds the address that starts a login (RFC 6749 section 4.1.1, RFC 7636 section 4.3). The list of parameters is
 * closed: each appears at most once, with our value, whatever query the endpoint's own address has.
 *
 * @throws LoginError when there are no metadata yet and they cannot be fetched; TypeError when there is no scope
 */
export async function authorizationUrl(
  provider: Provider,
  request: AuthorizationRequest,
  signal?: AbortSignal,
): Promise<URL> {
  const scope = joinScopes(request.scopes)
  const { authorizationEndpoint } = await provider.metadata.current(signal)
  const url = new URL(authorizationEndpoint)
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    redirect_uri: provider.options.redirectUri,
    client_id: provider.options.clientId,
    access_type: request.refreshTokens ? 'offline' : 'online',
    scope,
    state: request.state,
    nonce: request.nonce,
    code_challenge: codeChallenge(request.codeVerifier),
    code_challenge_method: 'S256',
    prompt: request.prompt,
    max_age: request.maxAge?.toString(),
    session_required_identities: request.sessionRequiredIdentities?.join(','),
    session_required_single_domain: request.sessionRequiredSingleDomain?.join(','),
    session_required_policies: request.sessionRequiredPolicies?.join(','),
    session_required_mfa: request.sessionRequiredMfa ? 'true' : undefined,
    session_message: request.sessionMessage,
  }
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.delete(name)
    if (value) url.searchParams.append(name, value)
  }
  return url
}

function joinScopes(scopes: readonly string[]): string {
  // A space inside brackets belongs to a Globus scope expression, so entries are split at top level only.
  const single = new Set(scopes.flatMap(splitScopes))
  if (single.size === 0) throw new TypeError('scopes must name at least one scope.')
  return [...single].join(' ')
}

function splitScopes(text: string): string[] {
  const parts = ['']
  let depth = 0
  for (const character of text) {
    if (character === '[') depth++
    if (character === ']') depth--
    if (character === ' ' && depth === 0) parts.push('')
    else parts.push(`${parts.pop() ?? ''}${character}`)
  }
  return parts.filter((part) => part !== '')
}
