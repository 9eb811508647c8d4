import { LoginError, type ErrorCode } from '../../errors.ts'
import { checkResponseIssuer, parseAuthorizationResponse } from '../oauth/authorization-response.ts'
import { tokensOf } from '../oauth/refused-tokens-error.ts'
import { exchangeCode } from '../oauth/token-request.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import { fetchUserInfo } from '../oauth/user-info.ts'
import type { HeldSession, RequestCookies } from '../session/session-keeper.ts'
import { mergeClaims, type GlobusClaims } from './claims.ts'
import type { LoginContext } from './context.ts'
import { newCsrfSecret } from './csrf.ts'
import { withoutTokensOf } from './revocations.ts'
import { identityOf, tokenSetsOf, writeContent, type SessionIdentity } from './session-content.ts'
import type { Transaction } from './transactions.ts'

/** A whole login step ends within this many milliseconds. */
const stepDeadline = 10_000
/** Seconds before its first token's expiry at which a session without refresh tokens ends. */
const margin = 60

export interface FinishedLogin {
  readonly held: HeldSession
  readonly returnTo: string
}

export interface CallbackRequest {
  readonly query: URLSearchParams
  readonly cookies: RequestCookies
  /** The session that this browser has already. It ends when the new one begins. */
  readonly previous: HeldSession | undefined
  readonly browser: string
}

/** A callback that carries an error or a code, as opposed to a visit that wants to log in. Empty ones count as absent. */
export function isCallback(query: URLSearchParams): boolean {
  return ['code', 'error'].some((name) => query.getAll(name).some((value) => value !== ''))
}

/**
 * Finishes a login. The transaction is used up first, whatever comes then; tokens that no session will hold are revoked.
 */
export async function finishLogin(context: LoginContext, request: CallbackRequest): Promise<FinishedLogin> {
  const response = parseAuthorizationResponse(request.query)
  const transaction = await context.transactions.take(response.state, request.cookies)
  const signal = context.settings.clock.timeout(stepDeadline)
  if (transaction.issuer !== context.settings.issuer) {
    throw new LoginError('issuer_mismatch', 'The login was started with another provider.')
  }
  await checkResponseIssuer(context.provider, request.query, signal)
  if ('error' in response) throw response.error
  const { tokens, identity } = await redeem(context, { code: response.code, transaction, signal })
  try {
    const held = await createSession(context, { request, tokens, identity })
    return { held, returnTo: transaction.returnTo }
  } catch (error) {
    await context.revocations.revoke(tokens)
    throw error
  }
}

interface Redemption {
  readonly code: string
  readonly transaction: Transaction
  readonly signal: AbortSignal
}

async function redeem(
  context: LoginContext,
  { code, transaction, signal }: Redemption,
): Promise<{ tokens: TokenSet[]; identity: SessionIdentity }> {
  let issued: readonly TokenSet[] = []
  try {
    const { codeVerifier, nonce } = transaction
    const exchanged = await exchangeCode(
      context.provider,
      { code, codeVerifier, nonce, scopes: context.settings.scopes },
      signal,
    )
    issued = exchanged.tokens
    const claims = await completeClaims(context, exchanged, signal)
    const data = await decide(context, claims, exchanged.tokens)
    return { tokens: exchanged.tokens, identity: { claims, csrfSecret: newCsrfSecret(), data } }
  } catch (error) {
    await context.revocations.revoke([...issued, ...tokensOf(error)])
    throw error
  }
}

/** The first token is the one that belongs to the ID token; with `openid` it opens UserInfo. */
async function completeClaims(
  context: LoginContext,
  { tokens, claims }: Awaited<ReturnType<typeof exchangeCode>>,
  signal: AbortSignal,
): Promise<GlobusClaims> {
  const [first] = tokens
  const { userinfoEndpoint } = await context.provider.metadata.current(signal)
  const sources: Record<string, unknown>[] = [{ ...claims }]
  if (first !== undefined && userinfoEndpoint !== undefined) {
    sources.push(await fetchUserInfo(context.provider, first.accessToken, claims.sub, signal))
  }
  return mergeClaims({ iss: context.settings.issuer, sub: claims.sub }, ...sources)
}

async function decide(context: LoginContext, claims: GlobusClaims, tokens: readonly TokenSet[]): Promise<unknown> {
  if (context.onLogin === undefined) return undefined
  const session = {
    accessToken: async (resourceServer: string) => {
      const set = tokens.find((candidate) => candidate.resourceServer === resourceServer)
      if (set !== undefined) return set.accessToken
      throw new LoginError('token_missing', `The login has no token for ${resourceServer}.`)
    },
  }
  const decision = await context.onLogin({ claims, session })
  if (decision !== undefined && 'refuse' in decision) throw new LoginError('login_refused', decision.refuse)
  return decision?.data
}

interface NewLogin {
  readonly request: CallbackRequest
  readonly tokens: readonly TokenSet[]
  readonly identity: SessionIdentity
}

/** A new id at every login (SEC-33). What the old session of this browser held is revoked, unless the new one holds it too. */
async function createSession(context: LoginContext, { request, tokens, identity }: NewLogin): Promise<HeldSession> {
  const { sub } = identity.claims
  const [subject] = context.subjectHashes(sub)
  const entry = { subject, ends: sessionEnd(context, tokens), browser: request.browser.slice(0, 200) }
  const held = await context.keeper.create(writeContent(identity, tokens), entry, request.cookies)
  if (request.previous !== undefined) await endPrevious(context, request.previous, { sub, tokens })
  context.events.emit({ event: 'login', level: 'info', message: 'A person logged in.', subject: sub, sid: held.sid })
  return held
}

async function endPrevious(
  context: LoginContext,
  previous: HeldSession,
  next: { sub: string; tokens: readonly TokenSet[] },
): Promise<void> {
  const last = await previous.end()
  if (last === undefined) return
  const before = identityOf(last).claims.sub
  if (before !== next.sub) {
    const message = 'A browser logged in as another person; the session before it was ended.'
    context.events.emit({ event: 'identity_switched', level: 'info', message, subject: next.sub, sid: previous.sid })
  }
  const held = [...tokenSetsOf(last), ...context.refresher.forget(previous.sid)]
  await context.revocations.revoke(withoutTokensOf(held, next.tokens))
}

/** Without any refresh token a session is worth nothing after its first token: it ends a minute before that (S1.14). */
function sessionEnd(context: LoginContext, tokens: readonly TokenSet[]): number {
  const end = context.settings.clock.now() + context.settings.limits.absolute * 1000
  const [first] = tokens
  if (first?.expiresAt === undefined || tokens.some((set) => set.refreshToken !== undefined)) return end
  return Math.min(end, (first.expiresAt - margin) * 1000)
}

/** Failures after which the browser gets no second chance from the same address, but a link to start again. */
export const quietCodes: ReadonlySet<ErrorCode> = new Set(['unknown_login', 'login_replayed', 'login_expired'])
