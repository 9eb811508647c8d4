import { AuthorizationResponseError, LoginError } from '../../errors.ts'
import { show } from './json.ts'
import type { Provider } from './provider.ts'

/** What came back from the authorization endpoint. Nothing in it is trusted before `state` was matched. */
export type AuthorizationResponse = { readonly state: string } & (
  { readonly code: string } | { readonly error: AuthorizationResponseError }
)

/** Parameters of an authorization response (RFC 6749 section 4.1.2, RFC 9207): none may come twice. */
const known = ['state', 'code', 'error', 'error_description', 'error_uri', 'iss']

/**
 * Reads the query of the redirect address. An empty parameter counts as absent.
 *
 * @throws LoginError `invalid_callback` when a parameter comes twice or as an array, when `state` is missing, when there
 *   is neither or both of `code` and `error`, or when one is longer than any honest one
 */
export function parseAuthorizationResponse(query: URLSearchParams): AuthorizationResponse {
  refuseAmbiguity(query)
  const state = parameter(query, 'state', 512)
  if (state === undefined) throw invalid('it has no state')
  const code = parameter(query, 'code', 4096)
  const error = query.get('error') || undefined
  if (code !== undefined && error !== undefined) throw invalid('it has both a code and an error')
  if (code !== undefined) return { state, code }
  if (error === undefined) throw invalid('it has neither a code nor an error')
  const description = cleanText(query.get('error_description') ?? '', 500) || undefined
  return { state, error: new AuthorizationResponseError(printable(error), description) }
}

/**
 * Checks who answered (RFC 9207 section 2.4): `iss` is compared whenever it was sent, and it must be there when the
 * metadata promise it. Do this before the code or the error is believed.
 *
 * @throws LoginError `issuer_mismatch`
 */
export async function checkResponseIssuer(
  provider: Provider,
  query: URLSearchParams,
  signal?: AbortSignal,
): Promise<void> {
  const sent = query.getAll('iss')
  const { issuer } = provider.options
  if (sent.length === 0) {
    const { namesIssuerInResponse } = await provider.metadata.current(signal)
    if (!namesIssuerInResponse) return
    throw new LoginError('issuer_mismatch', `The answer names no issuer; expected ${show(issuer)}.`)
  }
  if (sent.length === 1 && sent[0] === issuer) return
  throw new LoginError('issuer_mismatch', `The answer names the issuer ${show(sent[0])}; expected ${show(issuer)}.`)
}

function refuseAmbiguity(query: URLSearchParams): void {
  for (const name of known) {
    if (query.getAll(name).length > 1) throw invalid(`it has ${name} more than once`)
  }
  for (const name of query.keys()) {
    // Query parsers of frameworks make arrays and objects of these; whoever sends them hopes for a disagreement.
    const plain = name.split('[', 1)[0] ?? ''
    if (plain !== name && known.includes(plain)) throw invalid(`it has ${plain} in array form`)
  }
}

function parameter(query: URLSearchParams, name: string, maximum: number): string | undefined {
  const value = query.get(name) || undefined
  if (value === undefined) return undefined
  if (value.length > maximum) throw invalid(`its ${name} is longer than ${maximum} characters`)
  // RFC 6749 appendix A: state and code are printable ASCII.
  if (!/^[\x20-\x7e]+$/.test(value)) throw invalid(`its ${name} has characters that are not allowed`)
  return value
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '').slice(0, 100) || 'unreadable'
}

/** One line without control characters and without marks that change the direction of text. */
function cleanText(text: string, maximum: number): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
    .slice(0, maximum)
    .toWellFormed()
}

function invalid(reason: string): LoginError {
  return new LoginError('invalid_callback', `This is no answer to a login: ${reason}.`)
}
