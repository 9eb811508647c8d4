import type { DatabaseSync } from 'node:sqlite'
import { fingerprint } from '../random.ts'
import type { Lifetime } from './attempts.ts'
import { optional } from './identities.ts'
import { integer, optionalInteger, optionalText, strings, text, truth, type Row } from './row.ts'

export type TokenKind = 'access' | 'refresh'

/** What a token stands for, whatever its string. */
export interface TokenGrant {
  readonly client: string
  readonly identity: string
  readonly resourceServer: string
  /** Root scope strings, separated by spaces. */
  readonly scope: string
  readonly authSession: string | null
  /** Names the login that all tokens of one family come from. */
  readonly grantId: string
  /** The places in consent trees that it rests on; rescinding any of them ends it. */
  readonly consents: readonly number[]
}

export interface Token extends TokenGrant {
  readonly fingerprint: string
  readonly kind: TokenKind
  readonly issuedAt: number
  readonly expiresAt: number
  readonly revokedAt: number | null
  /** Whether a refresh replaced it, which makes any further use a theft or a mistake. */
  readonly rotated: boolean
}

/** How many live tokens of one kind a client holds for an identity at a resource server. */
export interface TokenCount {
  readonly client: string
  readonly identity: string
  readonly resourceServer: string
  readonly kind: string
  readonly live: number
}

export interface Tokens {
  issue(token: string, kind: TokenKind, grant: TokenGrant, lifetime: Lifetime): void
  find(token: string): Token | undefined
  findByFingerprint(fingerprint: string): Token | undefined
  /** The token, unless it is unknown, revoked or past its time. */
  findLive(token: string, now: number): Token | undefined
  /** Moves the end of life of a refresh token, which counts from its last use. */
  extend(token: Token, expiresAt: number): void
  /** Marks a refresh token as replaced; true only for the first caller. */
  rotate(token: Token, now: number): boolean
  revoke(token: Token, now: number): void
  /** Ends the access tokens of the same grant and resource server. */
  revokeSiblings(token: Token, now: number): void
  revokeGrant(grantId: string, now: number): void
  revokeOwned(owner: { readonly client?: string; readonly identity?: string }, now: number): number
  /** Ends the tokens that rest on any of those consents; says how many. */
  revokeResting(consents: readonly number[], now: number): number
  census(now: number): readonly TokenCount[]
}

export function tokensIn(database: DatabaseSync): Tokens {
  const issue = database.prepare(`
    INSERT INTO tokens (fingerprint, kind, client, identity, resource_server, scope, auth_session, grant_id, consents, issued_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const find = database.prepare('SELECT * FROM tokens WHERE fingerprint = ?')
  const extend = database.prepare('UPDATE tokens SET expires_at = ? WHERE fingerprint = ?')
  const findToken = (token: string): Token | undefined => optional(find.get(fingerprint(token)), toToken)
  return {
    issue: (token, kind, g, lifetime) => {
      const who = [fingerprint(token), kind, g.client, g.identity, g.resourceServer, g.scope]
      issue.run(...who, g.authSession, g.grantId, JSON.stringify(g.consents), lifetime.from, lifetime.until)
    },
    find: findToken,
    findByFingerprint: (fingerprint) => optional(find.get(fingerprint), toToken),
    findLive: (token, now) => {
      const found = findToken(token)
      return found !== undefined && found.revokedAt === null && found.expiresAt > now ? found : undefined
    },
    extend: (token, expiresAt) => void extend.run(expiresAt, token.fingerprint),
    ...revocationIn(database),
    census: censusIn(database),
  }
}

type RevocationMethods = 'rotate' | 'revoke' | 'revokeGrant' | 'revokeOwned' | 'revokeResting' | 'revokeSiblings'

function revocationIn(database: DatabaseSync): Pick<Tokens, RevocationMethods> {
  const rotate = database.prepare(
    'UPDATE tokens SET revoked_at = ?, rotated = 1 WHERE fingerprint = ? AND revoked_at IS NULL',
  )
  const revoke = database.prepare('UPDATE tokens SET revoked_at = ? WHERE fingerprint = ? AND revoked_at IS NULL')
  const revokeGrant = database.prepare('UPDATE tokens SET revoked_at = ? WHERE grant_id = ? AND revoked_at IS NULL')
  const revokeOwned = database.prepare(
    'UPDATE tokens SET revoked_at = ? WHERE client = coalesce(?, client) AND identity = coalesce(?, identity) AND revoked_at IS NULL',
  )
  const revokeSiblings = database.prepare(`
    UPDATE tokens SET revoked_at = ? WHERE grant_id = ? AND client = ? AND resource_server = ? AND kind = 'access' AND revoked_at IS NULL`)
  const revokeResting = database.prepare(`
    UPDATE tokens SET revoked_at = ? WHERE revoked_at IS NULL
      AND EXISTS (SELECT 1 FROM json_each(consents) mine, json_each(?) gone WHERE mine.value = gone.value)`)
  return {
    rotate: (token, now) => Number(rotate.run(now, token.fingerprint).changes) === 1,
    revoke: (token, now) => void revoke.run(now, token.fingerprint),
    revokeSiblings: (token, now) => void revokeSiblings.run(now, token.grantId, token.client, token.resourceServer),
    revokeGrant: (grantId, now) => void revokeGrant.run(now, grantId),
    revokeOwned: (owner, now) => Number(revokeOwned.run(now, owner.client ?? null, owner.identity ?? null).changes),
    revokeResting: (consents, now) => Number(revokeResting.run(now, JSON.stringify(consents)).changes),
  }
}

function censusIn(database: DatabaseSync): Tokens['census'] {
  const census = database.prepare(`
    SELECT client, identity, resource_server, kind, count(*) AS live FROM tokens WHERE revoked_at IS NULL AND expires_at > ?
    GROUP BY client, identity, resource_server, kind ORDER BY client, identity, resource_server, kind`)
  return (now) =>
    census.all(now).map((row) => ({
      client: text(row, 'client'),
      identity: text(row, 'identity'),
      resourceServer: text(row, 'resource_server'),
      kind: text(row, 'kind'),
      live: integer(row, 'live'),
    }))
}

function toToken(row: Row): Token {
  return {
    fingerprint: text(row, 'fingerprint'),
    kind: text(row, 'kind') === 'refresh' ? 'refresh' : 'access',
    client: text(row, 'client'),
    identity: text(row, 'identity'),
    resourceServer: text(row, 'resource_server'),
    scope: text(row, 'scope'),
    authSession: optionalText(row, 'auth_session'),
    grantId: text(row, 'grant_id'),
    consents: strings(row, 'consents').map(Number),
    issuedAt: integer(row, 'issued_at'),
    expiresAt: integer(row, 'expires_at'),
    revokedAt: optionalInteger(row, 'revoked_at'),
    rotated: truth(row, 'rotated'),
  }
}
