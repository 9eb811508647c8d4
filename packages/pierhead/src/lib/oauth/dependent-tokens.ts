import { TokenResponseError } from '../../errors.ts'
import { endpointError } from './endpoint-error.ts'
import { isJsonType, parseJsonObject, parseJsonObjects } from './json.ts'
import type { Provider } from './provider.ts'
import { callTokenEndpoint, noDocument } from './token-request.ts'
import { parseTokenResponse } from './token-response.ts'
import type { TokenSet } from './token-set.ts'

const grantType = 'urn:globus:auth:grant_type:dependent_token'
const maximumScopes = 50
/** RFC 6749 section 3.3, and the brackets and spaces of Globus's dependencies. */
const scope = /^[!#-[\]-~][!#-[\]-~ ]{0,2047}$/

/** The person did not let the caller's application use this service in that way. */
export class DependentConsentError extends TokenResponseError {
  /** Scopes of other services, at most 50, of the grammar of scopes. */
  readonly unapprovedScopes: readonly string[]

  constructor(unapprovedScopes: readonly string[]) {
    super('provider_error', { status: 403, error: 'dependent_consent_required' })
    this.unapprovedScopes = unapprovedScopes
  }
}

/**
 * Exchanges a token that this client was sent, as a resource server, for tokens of the services it needs in turn. Without
 * refresh tokens: the caller's next request brings a token anew.
 * See <https://docs.globus.org/api/auth/reference/#dependent_token_grant_post_v2oauth2token>.
 *
 * @throws DependentConsentError, TokenResponseError, RefusedTokensError or LoginError
 */
export async function dependentTokens(provider: Provider, token: string, signal?: AbortSignal): Promise<TokenSet[]> {
  const form = { grant_type: grantType, token }
  const { answer, sentAt } = await callTokenEndpoint(provider, form, signal)
  if (answer.status !== 200) {
    const missing = unapproved(parseJsonObject(answer.body)?.['errors'])
    throw answer.status === 403 && missing.length > 0 ? new DependentConsentError(missing) : endpointError(answer)
  }
  const entries = isJsonType(answer.contentType) ? parseJsonObjects(answer.body) : undefined
  if (entries === undefined) throw noDocument(answer)
  const [first, ...others] = entries
  if (first === undefined) return []
  // The same entries as in a token response, in a list of their own.
  const context = { issuer: provider.options.issuer, sentAt }
  return [...parseTokenResponse({ ...first, other_tokens: others }, context).tokens]
}

function unapproved(errors: unknown): string[] {
  const entries: readonly unknown[] = Array.isArray(errors) ? errors.slice(0, maximumScopes) : []
  return entries
    .flatMap((entry): readonly unknown[] => {
      const listed: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'unapproved_scopes') : []
      return Array.isArray(listed) ? listed : []
    })
    .filter((text): text is string => typeof text === 'string' && scope.test(text))
    .slice(0, maximumScopes)
}
