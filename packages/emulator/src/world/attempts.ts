import type { DatabaseSync } from 'node:sqlite'
import { parseAuthorizationRequest, type AuthorizationRequest } from './authorization-request.ts'
import { optional } from './identities.ts'
import { integer, optionalInteger, optionalText, text, type Row } from './row.ts'

/** A login that was begun: it lives here, not in the address, so that several tabs never disturb each other. */
export interface Attempt {
  readonly id: string
  readonly request: AuthorizationRequest
  /** The account whose consent is asked for, once somebody has logged in. */
  readonly account: string | null
  readonly authenticatedAt: number | null
  readonly createdAt: number
  readonly expiresAt: number
}

export interface Attempts {
  start(id: string, request: AuthorizationRequest, lifetime: Lifetime): Attempt
  /** The attempt, unless it is unknown, finished or past its time. */
  find(id: string, now: number): Attempt | undefined
  recordLogin(id: string, account: string, authenticatedAt: number | null): void
  /** Ends the attempt; true only for the caller that ended it. */
  finish(id: string): boolean
}

/** From when to when something lives, in milliseconds since 1970. */
export interface Lifetime {
  readonly from: number
  readonly until: number
}

export function attemptsIn(database: DatabaseSync): Attempts {
  const start = database.prepare(
    'INSERT INTO attempts (id, request, created_at, expires_at) VALUES (?, ?, ?, ?) RETURNING *',
  )
  const find = database.prepare('SELECT * FROM attempts WHERE id = ? AND expires_at > ?')
  const login = database.prepare(
    'UPDATE attempts SET account = ?, authenticated_at = coalesce(?, authenticated_at) WHERE id = ?',
  )
  const finish = database.prepare('DELETE FROM attempts WHERE id = ?')
  return {
    start: (id, request, lifetime) => {
      start.run(id, JSON.stringify(request), lifetime.from, lifetime.until)
      return { id, request, account: null, authenticatedAt: null, createdAt: lifetime.from, expiresAt: lifetime.until }
    },
    find: (id, now) => optional(find.get(id, now), toAttempt),
    recordLogin: (id, account, authenticatedAt) => void login.run(account, authenticatedAt, id),
    finish: (id) => Number(finish.run(id).changes) === 1,
  }
}

function toAttempt(row: Row): Attempt {
  return {
    id: text(row, 'id'),
    request: parseAuthorizationRequest(text(row, 'request')),
    account: optionalText(row, 'account'),
    authenticatedAt: optionalInteger(row, 'authenticated_at'),
    createdAt: integer(row, 'created_at'),
    expiresAt: integer(row, 'expires_at'),
  }
}
