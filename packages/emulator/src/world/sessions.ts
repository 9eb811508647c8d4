import type { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import type { Lifetime } from './attempts.ts'
import { optional } from './identities.ts'
import { integer, optionalText, text, truth, type Row } from './row.ts'

/** One login with one identity. */
export interface Authentication {
  readonly identity: string
  readonly authTime: number
  readonly mfa: boolean
}

/** Who is logged in with one browser: what the emulator's own cookie stands for. */
export interface BrowserSession {
  readonly id: string
  /** The primary identity of the account. */
  readonly account: string
  readonly authentications: readonly Authentication[]
  /** Names the session for good, while its id changes with every login. */
  readonly context: string
}

/** What a set of tokens belongs to: an app, an identity and the authentications at the time its code was issued. */
export interface AuthSession {
  readonly id: string
  readonly client: string
  readonly identity: string
  readonly authentications: readonly Authentication[]
  readonly createdAt: number
  /** The browser's session that it came from. */
  readonly context?: string | null | undefined
}

export interface Sessions {
  create(id: string, account: string, lifetime: Lifetime): void
  find(id: string, now: number): BrowserSession | undefined
  /** Gives the session a new id, which every login does, so that nobody can plant one. */
  rename(id: string, newId: string): void
  authenticate(id: string, authentication: Authentication): void
  end(id: string): boolean
  endAll(): number
  /** Gives the sessions of a client in that browser the logins that were made since. */
  refreshAuthSessions(session: Pick<AuthSession, 'client' | 'authentications'> & { readonly context: string }): void
  recordAuthSession(session: AuthSession): void
  findAuthSession(id: string): AuthSession | undefined
}

export function sessionsIn(database: DatabaseSync): Sessions {
  const create = database.prepare(
    'INSERT INTO browser_sessions (id, account, created_at, expires_at, context) VALUES (?, ?, ?, ?, ?)',
  )
  const find = database.prepare('SELECT * FROM browser_sessions WHERE id = ? AND expires_at > ?')
  const authentications = database.prepare('SELECT * FROM authentications WHERE browser_session = ? ORDER BY auth_time')
  const rename = database.prepare('UPDATE browser_sessions SET id = ? WHERE id = ?')
  const authenticate = database.prepare(
    'INSERT OR REPLACE INTO authentications (browser_session, identity, auth_time, mfa) VALUES (?, ?, ?, ?)',
  )
  const end = database.prepare('DELETE FROM browser_sessions WHERE id = ?')
  const endAll = database.prepare('DELETE FROM browser_sessions')
  return {
    create: (id, account, lifetime) => void create.run(id, account, lifetime.from, lifetime.until, id),
    find: (id, now) =>
      optional(find.get(id, now), (row) => ({
        id,
        account: text(row, 'account'),
        authentications: authentications.all(id).map(toAuthentication),
        context: text(row, 'context'),
      })),
    rename: (id, newId) => void rename.run(newId, id),
    authenticate: (id, a) => void authenticate.run(id, a.identity, a.authTime, a.mfa ? 1 : 0),
    end: (id) => Number(end.run(id).changes) === 1,
    endAll: () => Number(endAll.run().changes),
    ...authSessionsIn(database),
  }
}

type AuthSessionMethods = 'recordAuthSession' | 'refreshAuthSessions' | 'findAuthSession'

function authSessionsIn(database: DatabaseSync): Pick<Sessions, AuthSessionMethods> {
  const record = database.prepare(
    'INSERT INTO auth_sessions (id, client, identity, authentications, created_at, context) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const refresh = database.prepare('UPDATE auth_sessions SET authentications = ? WHERE client = ? AND context = ?')
  const find = database.prepare('SELECT * FROM auth_sessions WHERE id = ?')
  return {
    recordAuthSession: (s) =>
      void record.run(s.id, s.client, s.identity, JSON.stringify(s.authentications), s.createdAt, s.context ?? null),
    refreshAuthSessions: (s) => void refresh.run(JSON.stringify(s.authentications), s.client, s.context),
    findAuthSession: (id) => optional(find.get(id), toAuthSession),
  }
}

function toAuthentication(row: Row): Authentication {
  return { identity: text(row, 'identity'), authTime: integer(row, 'auth_time'), mfa: truth(row, 'mfa') }
}

const authentications = z.array(z.object({ identity: z.string(), authTime: z.number(), mfa: z.boolean() }))

function toAuthSession(row: Row): AuthSession {
  return {
    id: text(row, 'id'),
    client: text(row, 'client'),
    identity: text(row, 'identity'),
    authentications: authentications.parse(JSON.parse(text(row, 'authentications'))),
    createdAt: integer(row, 'created_at'),
    context: optionalText(row, 'context'),
  }
}
