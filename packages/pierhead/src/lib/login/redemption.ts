import { tokensOf } from '../oauth/refused-tokens-error.ts'
import { exchangeCode } from '../oauth/token-request.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import { fetchUserInfo } from '../oauth/user-info.ts'
import { mergeClaims, type GlobusClaims } from './claims.ts'
import type { LoginContext } from './context.ts'
import type { Transaction } from './transactions.ts'

/** What a code was worth: tokens, and whose they are. */
export interface Redeemed {
  readonly tokens: readonly TokenSet[]
  readonly claims: GlobusClaims
}

export interface Redemption {
  readonly code: string
  readonly transaction: Transaction
  readonly signal: AbortSignal
}

/** Exchanges the code and asks UserInfo. When that fails, what was issued meanwhile is revoked. */
export async function redeem(context: LoginContext, { code, transaction, signal }: Redemption): Promise<Redeemed> {
  let issued: readonly TokenSet[] = []
  try {
    const { codeVerifier, nonce } = transaction
    const request = { code, codeVerifier, nonce, scopes: context.settings.scopes }
    const exchanged = await exchangeCode(context.provider, request, signal)
    issued = exchanged.tokens
    return { tokens: issued, claims: await completeClaims(context, exchanged, signal) }
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
