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

/** Whose records are meant; everybody's without. */
export interface Owner {
  readonly client?: string | undefined
  readonly identity?: string | undefined
}

/** Makes what exists older, as if time had passed for it alone: the clock stays true, so that clients' clocks agree with new tokens. */
export interface TimeShift {
  /** Moves the stored times back by that many milliseconds; says how many records it changed. */
  age(what: Ageable, milliseconds: number, owner?: Owner | string): number
  /** Ends the life of what exists now; says how many records it changed. Consents and authentications have no end of their own. */
  expire(what: Exclude<Ageable, 'consents' | 'authentications'>, now: number, owner?: Owner | string): number
  /** Forgets every login, code, token and consent; people, clients, scopes and the signing key stay. */
  forget(): void
}

interface Aged {
  readonly table: string
  /** Assigns the older times. */
  readonly set: string
  readonly where: string
}

const IDENTITY = 'identity = coalesce(:identity, identity)'
const OWNED = `client = coalesce(:client, client) AND ${IDENTITY}`

const earlier = (...columns: readonly string[]): string =>
  columns.map((column) => `${column} = ${column} - :by`).join(', ')

const tokens = (where: string): Aged => ({ table: 'tokens', set: earlier('issued_at', 'expires_at'), where })

const tables: Readonly<Record<Ageable, readonly [Aged, ...Aged[]]>> = {
  access_tokens: [tokens(`kind = 'access' AND ${OWNED}`)],
  refresh_tokens: [tokens(`kind = 'refresh' AND ${OWNED}`)],
  tokens: [tokens(OWNED)],
  codes: [{ table: 'codes', set: earlier('created_at', 'expires_at'), where: OWNED }],
  consents: [
    {
      table: 'consents',
      set: earlier('created_at', 'updated_at', 'last_used_at'),
      where: `root_client = coalesce(:client, root_client) AND ${IDENTITY}`,
    },
  ],
  authentications: [
    // A browser's logins belong to no client.
    { table: 'authentications', set: earlier('auth_time'), where: `:client IS NULL AND ${IDENTITY}` },
    {
      table: 'auth_sessions',
      set: `authentications = (
        SELECT json_group_array(json_set(one.value, '$.authTime', (one.value ->> 'authTime') - :by)) FROM json_each(authentications) one)`,
      where: OWNED,
    },
  ],
  attempts: [
    {
      table: 'attempts',
      set: earlier('created_at', 'expires_at'),
      where: `coalesce(:client, '') IN ('', request ->> 'clientId') AND coalesce(:identity, account, '') = coalesce(account, '')`,
    },
  ],
}

export function timeShiftIn(database: DatabaseSync): TimeShift {
  return {
    age: (what, milliseconds, owner) => {
      const by = Math.round(milliseconds)
      const counts = tables[what].map(({ table, set, where }) =>
        Number(database.prepare(`UPDATE ${table} SET ${set} WHERE ${where}`).run({ by, ...ownerOf(owner) }).changes),
      )
      return counts.reduce((sum, count) => sum + count, 0)
    },
    expire: (what, now, owner) => {
      const [{ table, where }] = tables[what]
      const update = database.prepare(`UPDATE ${table} SET expires_at = min(expires_at, :now) WHERE ${where}`)
      return Number(update.run({ now, ...ownerOf(owner) }).changes)
    },
    forget: () => {
      for (const table of ['attempts', 'codes', 'tokens', 'consents', 'browser_sessions', 'auth_sessions']) {
        database.exec(`DELETE FROM ${table}`)
      }
    },
  }
}

/** A string alone names the client. */
const ownerOf = (owner: Owner | string = {}): { client: string | null; identity: string | null } =>
  typeof owner === 'string'
    ? { client: owner, identity: null }
    : { client: owner.client ?? null, identity: owner.identity ?? null }
