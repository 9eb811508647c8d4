import type { DatabaseSync } from 'node:sqlite'
import { fingerprint } from '../random.ts'
import { parseAuthorizationRequest, type AuthorizationRequest } from './authorization-request.ts'
import { optional } from './identities.ts'
import { integer, optionalInteger, text, type Row } from './row.ts'

export interface Code {
  /** Identifies the grant: the tokens that the code gave carry it too. */
  readonly fingerprint: string
  readonly client: string
  readonly identity: string
  readonly authSession: string
  readonly request: AuthorizationRequest
  readonly createdAt: number
  readonly expiresAt: number
  readonly usedAt: number | null
}

export interface Codes {
  issue(code: string, grant: Omit<Code, 'fingerprint' | 'usedAt'>): void
  find(code: string): Code | undefined
  findByFingerprint(fingerprint: string): Code | undefined
  /** Marks the code as used; true only for the first caller, however many try at once. */
  take(code: string, now: number): boolean
}

export function codesIn(database: DatabaseSync): Codes {
  const issue = database.prepare(`
    INSERT INTO codes (fingerprint, client, identity, auth_session, request, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const find = database.prepare('SELECT * FROM codes WHERE fingerprint = ?')
  const take = database.prepare(
    'UPDATE codes SET used_at = ? WHERE fingerprint = ? AND used_at IS NULL AND expires_at > ?',
  )
  return {
    issue: (code, g) => {
      const who = [fingerprint(code), g.client, g.identity, g.authSession]
      issue.run(...who, JSON.stringify(g.request), g.createdAt, g.expiresAt)
    },
    find: (code) => optional(find.get(fingerprint(code)), toCode),
    findByFingerprint: (fingerprint) => optional(find.get(fingerprint), toCode),
    take: (code, now) => Number(take.run(now, fingerprint(code), now).changes) === 1,
  }
}

function toCode(row: Row): Code {
  return {
    fingerprint: text(row, 'fingerprint'),
    client: text(row, 'client'),
    identity: text(row, 'identity'),
    authSession: text(row, 'auth_session'),
    request: parseAuthorizationRequest(text(row, 'request')),
    createdAt: integer(row, 'created_at'),
    expiresAt: integer(row, 'expires_at'),
    usedAt: optionalInteger(row, 'used_at'),
  }
}
