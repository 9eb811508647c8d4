import { LoginError } from '../../errors.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { RefusedTokensError } from './refused-tokens-error.ts'
import type { TokenSet } from './token-set.ts'

/** A token response, taken apart. */
export interface TokenResponse {
  /** The top-level token first, then those of Globus's `other_tokens`; one per resource server. */
  readonly tokens: readonly [TokenSet, ...TokenSet[]]
  readonly idToken?: string
  /** The top level names its resource server, as Globus does. */
  readonly isGlobusShaped: boolean
}

/** What a token response does not say by itself. */
export interface TokenResponseContext {
  /** Tokens without a `resource_server` are kept under this name. */
  readonly issuer: string
  /** Epoch milliseconds at which the request left: `expires_in` counts from here. */
  readonly sentAt: number
  /** Scope of an answer that names none (RFC 6749 section 5.1). Default: empty. */
  readonly requestedScope?: string
}

/** More entries than any app asks resource servers for; each costs a revocation when the answer is refused. */
const maximumTokens = 100

/**
 * Reads a successful token response (RFC 6749 section 5.1, with Globus's `resource_server` and `other_tokens`). A single
 * broken entry refuses the whole answer; the error then carries what can be revoked.
 *
 * @throws RefusedTokensError or LoginError `invalid_token_response`
 */
export function parseTokenResponse(document: JsonObject, context: TokenResponseContext): TokenResponse {
  const others = document['other_tokens'] ?? []
  const list: readonly unknown[] = Array.isArray(others) ? others : []
  const entries = [document, ...list].slice(0, maximumTokens + 1)
  const problems: string[] = []
  if (!Array.isArray(others)) problems.push('other_tokens is not a list')
  if (entries.length > maximumTokens) problems.push(`it has more than ${maximumTokens} tokens`)
  const read = entries.map((entry, index) => readEntry(entry, index, context))
  const tokens = read.flatMap((entry) => entry.token ?? [])
  problems.push(...read.flatMap((entry) => entry.problem ?? []), ...duplicates(tokens))
  const idToken = document['id_token'] ?? undefined
  if (idToken !== undefined && typeof idToken !== 'string') problems.push('id_token is not text')
  const [first, ...rest] = tokens
  if (problems.length > 0 || !first) throw refuse(problems, tokens)
  return {
    tokens: [first, ...rest],
    isGlobusShaped: typeof document['resource_server'] === 'string',
    ...(typeof idToken === 'string' && { idToken }),
  }
}

interface Entry {
  /** As much of the token as is usable, for revocation even when there is a problem. */
  token?: TokenSet
  problem?: string
}

function readEntry(entry: unknown, index: number, context: TokenResponseContext): Entry {
  const where = index === 0 ? '' : ` of other_tokens[${index - 1}]`
  if (!isJsonObject(entry)) return { problem: `other_tokens[${index - 1}] is not an object` }
  const accessToken = entry['access_token']
  const refreshToken = entry['refresh_token'] ?? undefined
  if (!isToken(accessToken)) {
    const problem = `access_token${where} is missing or unusable`
    // Nobody will use it, but it must not go on living: whoever revokes what was refused needs one token to send.
    return isToken(refreshToken)
      ? { problem, token: { resourceServer: context.issuer, scope: '', accessToken: refreshToken } }
      : { problem }
  }
  const resourceServer = entry['resource_server'] ?? (index === 0 ? context.issuer : undefined)
  const scope = entry['scope'] ?? context.requestedScope ?? ''
  const expiresIn = lifetime(entry['expires_in'])
  const token: TokenSet = {
    resourceServer: isName(resourceServer) ? resourceServer : context.issuer,
    scope: typeof scope === 'string' ? scope : '',
    accessToken,
    ...(isToken(refreshToken) && { refreshToken }),
    ...(typeof expiresIn === 'number' && { expiresAt: Math.floor(context.sentAt / 1000) + expiresIn }),
  }
  const wrong = [
    isBearer(entry['token_type']) || 'token_type',
    isName(resourceServer) || 'resource_server',
    typeof scope === 'string' || 'scope',
    refreshToken === undefined || isToken(refreshToken) || 'refresh_token',
    expiresIn !== 'invalid' || 'expires_in',
  ].find((outcome) => typeof outcome === 'string')
  return wrong ? { token, problem: `${wrong}${where} is missing or unusable` } : { token }
}

/** Seconds; undefined when absent, which RFC 6749 section 5.1 allows. Numbers as text are seen in practice. */
function lifetime(value: unknown): number | undefined | 'invalid' {
  if (value === undefined || value === null) return undefined
  const seconds = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof seconds === 'number' && seconds >= 0 && seconds <= 1e12 ? Math.floor(seconds) : 'invalid'
}

/** Printable ASCII without spaces: it goes into a header (RFC 6750 section 2.1). */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,16384}$/.test(value)
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[^\p{Cc}]{1,255}$/u.test(value)
}

function isBearer(value: unknown): boolean {
  return typeof value === 'string' && value.toLowerCase() === 'bearer'
}

function duplicates(tokens: readonly TokenSet[]): string[] {
  const names = new Set(tokens.map((token) => token.resourceServer))
  return names.size === tokens.length ? [] : ['two tokens are for the same resource server']
}

function refuse(problems: readonly string[], tokens: readonly TokenSet[]): LoginError {
  const message = `The token response cannot be used: ${problems.slice(0, 3).join('; ')}.`
  if (tokens.length === 0) return new LoginError('invalid_token_response', message)
  return new RefusedTokensError('invalid_token_response', message, { tokens })
}
