import type { TokenSet } from '../oauth/token-set.ts'
import type { JsonObject, SessionContent } from '../session/session-keeper.ts'
import type { GlobusClaims } from './claims.ts'

/** Who a session belongs to and what the application keeps in it. */
export interface SessionIdentity {
  readonly claims: GlobusClaims
  readonly data: unknown
  /** Step-ups of the last minutes, by requirement. */
  readonly stepUps?: { readonly [key: string]: StepUpRound }
  /** Epoch milliseconds at which the person came back from being asked for `mfa`, or for a policy by its id. */
  readonly asked?: { readonly [what: string]: number }
}

export interface StepUpRound {
  readonly count: number
  /** Epoch milliseconds of the first round. */
  readonly since: number
}

export type TokenSets = { readonly [resourceServer: string]: TokenSet }

export function writeContent(identity: SessionIdentity, tokens: readonly TokenSet[]): SessionContent {
  return { identity: { ...identity }, tokens: Object.fromEntries(tokens.map((set) => [set.resourceServer, set])) }
}

export function identityOf(content: SessionContent): SessionIdentity {
  // Written by writeContent and authenticated by the seal.
  return content.identity as unknown as SessionIdentity
}

/** An own property only: resource servers are named by strangers, and `constructor` is not one. */
export function tokenSetOf(content: SessionContent, resourceServer: string): TokenSet | undefined {
  return Object.hasOwn(content.tokens, resourceServer) ? tokenSets(content.tokens)[resourceServer] : undefined
}

/** Nobody refreshed in between: a provider may rotate either token and keep the other. */
export function isSameSet(current: TokenSet | undefined, used: TokenSet): boolean {
  return current?.refreshToken === used.refreshToken && current?.accessToken === used.accessToken
}

export function tokenSetsOf(content: SessionContent): TokenSet[] {
  return Object.values(tokenSets(content.tokens))
}

/** Tokens from a revocation capsule, which holds the same part of the content. */
export function tokenSetsIn(capsule: JsonObject): TokenSet[] {
  return Object.values(tokenSets(capsule))
}

export function withTokenSet(content: SessionContent, set: TokenSet): SessionContent {
  return { ...content, tokens: { ...content.tokens, [set.resourceServer]: set } }
}

export function withoutTokenSet(content: SessionContent, resourceServer: string): SessionContent {
  return {
    ...content,
    tokens: Object.fromEntries(Object.entries(content.tokens).filter(([name]) => name !== resourceServer)),
  }
}

function tokenSets(tokens: JsonObject): TokenSets {
  // Written by writeContent and withTokenSet and authenticated by the seal.
  return tokens as TokenSets
}
