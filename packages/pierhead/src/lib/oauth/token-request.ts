import { genericTokenEndpointRequest } from 'oauth4webapi'
import { isPierheadError, LoginError } from '../../errors.ts'
import { client, rawBasic, server } from './client-authentication.ts'
import { endpointError } from './endpoint-error.ts'
import { callProvider, type Answer } from './http.ts'
import { verifyIdToken, type IdTokenClaims, type IdTokenExpectations } from './id-token.ts'
import { isJsonType, parseJsonObject, show } from './json.ts'
import type { Provider } from './provider.ts'
import { RefusedTokensError } from './refused-tokens-error.ts'
import { parseTokenResponse, type TokenResponse } from './token-response.ts'
import type { TokenSet } from './token-set.ts'

/** What belongs to the login that the code ends. */
export interface CodeExchange {
  readonly code: string
  readonly codeVerifier: string
  readonly nonce: string
  /** Scope of an answer that names none. */
  readonly scopes?: readonly string[]
  /** `max_age` of the authorization request, in seconds. */
  readonly maxAge?: number
}

/**
 * Exchanges a code for tokens (RFC 6749 section 4.1.3). Sent once: a code must never reach the provider twice.
 *
 * @throws RefusedTokensError when tokens were issued and cannot be accepted; its `tokens` should be revoked
 * @throws TokenResponseError when the provider refused; LoginError for every other failure
 */
export async function exchangeCode(
  provider: Provider,
  request: CodeExchange,
  signal?: AbortSignal,
): Promise<{ tokens: TokenSet[]; claims: IdTokenClaims }> {
  const { response, clockAhead } = await requestTokens(
    provider,
    {
      form: {
        grant_type: 'authorization_code',
        code: request.code,
        redirect_uri: provider.options.redirectUri,
        code_verifier: request.codeVerifier,
      },
      requestedScope: request.scopes?.join(' '),
    },
    signal,
  )
  const claims = await withTokens(response.tokens, () => {
    if (response.idToken === undefined) {
      throw new LoginError('invalid_id_token', 'The token response has no ID token; was the scope openid requested?')
    }
    return verifyIdToken(provider, response.idToken, {
      ...atHash(response),
      nonce: request.nonce,
      maxAge: request.maxAge,
      clockAhead,
      signal,
    })
  })
  return { tokens: [...response.tokens], claims }
}

/**
 * Gets a new access token (RFC 6749 section 6). The old refresh token is kept when the answer has none. An ID token in
 * the answer must be about the same person (OpenID Connect Core 1.0 section 12.2).
 *
 * @throws TokenResponseError `code_rejected` with error `invalid_grant`: this refresh token is dead. Every other error
 *   says nothing about the token.
 */
export async function refreshTokens(
  provider: Provider,
  request: { refreshToken: string; resourceServer: string; subject: string; scopes?: readonly string[] },
  signal?: AbortSignal,
): Promise<TokenSet> {
  const { response, clockAhead } = await requestTokens(
    provider,
    {
      form: { grant_type: 'refresh_token', refresh_token: request.refreshToken },
      requestedScope: request.scopes?.join(' '),
    },
    signal,
  ).catch((error: unknown) => {
    throw withoutRefreshToken(error, request.refreshToken)
  })
  const fresh = response.tokens.map((token) => dropRefreshToken(token, request.refreshToken))
  await withTokens(fresh, async () => {
    const [token, ...others] = response.tokens
    if (others.length > 0 || token.resourceServer !== request.resourceServer) {
      const names = response.tokens.map((each) => each.resourceServer)
      throw new LoginError(
        'invalid_token_response',
        `The answer to a refresh is for ${show(names)}; expected ${show(request.resourceServer)}.`,
      )
    }
    if (response.idToken === undefined) return
    await verifyIdToken(provider, response.idToken, {
      ...atHash(response),
      requiresAtHash: false,
      subject: request.subject,
      clockAhead,
      signal,
    })
  })
  return { refreshToken: request.refreshToken, ...response.tokens[0] }
}

/**
 * Asks for tokens in the name of the client itself (RFC 6749 section 4.4), one for each resource server of the scopes.
 *
 * @throws RefusedTokensError, TokenResponseError or LoginError, as `exchangeCode`
 */
export async function clientCredentialsTokens(
  provider: Provider,
  scopes: readonly string[],
  signal?: AbortSignal,
): Promise<TokenSet[]> {
  const scope = scopes.join(' ')
  const request = { form: { grant_type: 'client_credentials', scope }, requestedScope: scope }
  const { response } = await requestTokens(provider, request, signal)
  return [...response.tokens]
}

/** Sends one form to the token endpoint; whatever it answers is an answer. `sentAt`: epoch milliseconds. */
export async function callTokenEndpoint(
  provider: Provider,
  form: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<{ answer: Answer; sentAt: number }> {
  const metadata = await provider.metadata.current(signal)
  const sentAt = provider.options.now()
  const answer = await callProvider(provider.options, { what: 'token endpoint', signal }, (options) =>
    genericTokenEndpointRequest(
      server(metadata),
      client(provider),
      rawBasic(provider),
      form['grant_type'] ?? '',
      form,
      options,
    ),
  )
  return { answer, sentAt }
}

/** The error for a good status without the document that belongs to it. */
export function noDocument({ contentType }: Answer): LoginError {
  const type = show(contentType)
  return new LoginError(
    'invalid_token_response',
    `The token endpoint answered 200 without the JSON that belongs there, of type ${type}.`,
  )
}

async function requestTokens(
  provider: Provider,
  request: { form: Record<string, string>; requestedScope: string | undefined },
  signal: AbortSignal | undefined,
): Promise<{ response: TokenResponse; clockAhead: number | undefined }> {
  const { answer, sentAt } = await callTokenEndpoint(provider, request.form, signal)
  if (answer.status !== 200) throw endpointError(answer)
  const document = isJsonType(answer.contentType) ? parseJsonObject(answer.body) : undefined
  if (!document) throw noDocument(answer)
  const { requestedScope } = request
  const context = { issuer: provider.options.issuer, sentAt, ...(requestedScope !== undefined && { requestedScope }) }
  return { response: parseTokenResponse(document, context), clockAhead: answer.clockAhead }
}

function atHash(response: TokenResponse): Pick<IdTokenExpectations, 'accessToken' | 'requiresAtHash'> {
  return { accessToken: response.tokens[0].accessToken, requiresAtHash: response.isGlobusShaped }
}

/** Runs a check that follows the issue of tokens; its failure carries the tokens. */
async function withTokens<T>(tokens: readonly TokenSet[], check: () => T | Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    if (!isPierheadError(error)) throw error
    throw new RefusedTokensError(error.code, error.message, { cause: error, tokens })
  }
}

// A refused answer must not make the caller revoke the refresh token that the session goes on using.
function dropRefreshToken(token: TokenSet, used: string): TokenSet {
  if (token.refreshToken !== used) return token
  const { refreshToken: _used, ...rest } = token
  return rest
}

function withoutRefreshToken(error: unknown, used: string): unknown {
  if (!(error instanceof RefusedTokensError)) return error
  const tokens = error.tokens.map((token) => dropRefreshToken(token, used))
  return new RefusedTokensError(error.code, error.message, { cause: error.cause, tokens })
}
