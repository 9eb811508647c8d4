import type { DatabaseSync } from 'node:sqlite'

/** What can be made older. `tokens` are both kinds. */
export const ageable = [
  'access_tokens',
  'refresh_tokens',
  'tokens',
  'codes',
  'consents',
  'authentications',
  'attempts',
] as const

export type Ageable = (typeof ageable)[number]

/** Makes what exists older, as if time had passed for it alone: the clock stays true, so that clients' clocks agree with new tokens. */
export interface TimeShift {
  /** Moves the stored times back by that many milliseconds; says how many records it changed. */
  age(what: Ageable, milliseconds: number, client?: string): number
  /** Ends the life of what exists now; says how many records it changed. Consents and authentications have no end of their own. */
  expire(what: Exclude<Ageable, 'consents' | 'authentications'>, now: number, client?: string): number
  /** Forgets every login, code, token and consent; people, clients, scopes and the signing key stay. */
  forget(): void
}

const TOKENS_OF = `client = coalesce(:client, client)`

const tables: Readonly<Record<Ageable, { table: string; columns: readonly string[]; where: string }>> = {
  access_tokens: { table: 'tokens', columns: ['issued_at', 'expires_at'], where: `kind = 'access' AND ${TOKENS_OF}` },
  refresh_tokens: { table: 'tokens', columns: ['issued_at', 'expires_at'], where: `kind = 'refresh' AND ${TOKENS_OF}` },
  tokens: { table: 'tokens', columns: ['issued_at', 'expires_at'], where: TOKENS_OF },
  codes: { table: 'codes', columns: ['created_at', 'expires_at'], where: TOKENS_OF },
  consents: {
    table: 'consents',
    columns: ['created_at', 'updated_at', 'last_used_at'],
    where: 'root_client = coalesce(:client, root_client)',
  },
  authentications: { table: 'authentications', columns: ['auth_time'], where: ':client IS NULL' },
  attempts: {
    table: 'attempts',
    columns: ['created_at', 'expires_at'],
    where: `coalesce(:client, '') IN ('', request ->> 'clientId')`,
  },
}

/** Tokens remember the logins that were there when they were issued. */
function ageTokenSessions(database: DatabaseSync, milliseconds: number): void {
  const update = database.prepare(`
    UPDATE auth_sessions SET authentications = (
      SELECT json_group_array(json_set(value, '$.authTime', value ->> 'authTime' - :by)) FROM json_each(authentications)
    ) WHERE authentications <> '[]'`)
  update.run({ by: milliseconds })
}

export function timeShiftIn(database: DatabaseSync): TimeShift {
  return {
    age: (what, milliseconds, client) => {
      const { table, columns, where } = tables[what]
      const moved = columns.map((column) => `${column} = ${column} - :by`).join(', ')
      const update = database.prepare(`UPDATE ${table} SET ${moved} WHERE ${where}`)
      const by = Math.round(milliseconds)
      const changed = Number(update.run({ by, client: client ?? null }).changes)
      if (what === 'authentications' && client === undefined) ageTokenSessions(database, by)
      return changed
    },
    expire: (what, now, client) => {
      const { table, where } = tables[what]
      const update = database.prepare(`UPDATE ${table} SET expires_at = min(expires_at, :now) WHERE ${where}`)
      return Number(update.run({ now, client: client ?? null }).changes)
    },
    forget: () => {
      for (const table of ['attempts', 'codes', 'tokens', 'consents', 'browser_sessions', 'auth_sessions']) {
        database.exec(`DELETE FROM ${table}`)
      }
    },
  }
}
