import { bearErrors } from '../lib/session/bear-errors.ts'
import { createDeadline, twice } from '../lib/session/deadline.ts'
import { isUndefinedTable, migrate, type RunSql } from '../lib/session/postgres-schema.ts'
import { statements, type PostgresStatements } from '../lib/session/postgres-statements.ts'
import type { SessionStore, StoredValue } from '../lib/session/session-store.ts'
import { sweepInSteps, sweepLease } from '../lib/session/sweep-lease.ts'

/** What is used of a `Pool` of `pg`, or of a PGlite. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions {
  /** Epoch milliseconds; the same clock as the login's. Default: `Date.now`. The server's own clock decides nothing. */
  readonly now?: () => number
  /**
   * First part of the tables' names, in the schema that the connection's `search_path` names first. Two applications need two,
   * as neither can open what the other sealed. Default `pierhead_`.
   */
  readonly prefix?: string
  /** Milliseconds for which a call waits for its answer, connecting included. Default 700. */
  readonly timeout?: number
}

/**
 * A session store in PostgreSQL 12 or newer, for an application on any number of machines. It makes its tables at the first
 * call. The pool stays yours: end it after the login, and listen to its `error` events if you want them in your log. Every
 * call is one statement without a name, so a pooler such as pgbouncer may stand between.
 *
 * @throws TypeError when the client or an option is wrong. Every method throws LoginError `store_unavailable` when the
 *   database fails or does not answer in time
 * @example createLogin({ ..., session: { secrets, store: postgresStore(new Pool({ connectionString })) } })
 */
export function postgresStore(client: PostgresClient, options: PostgresStoreOptions = {}): SessionStore {
  const { now = Date.now, prefix = 'pierhead_', timeout = 700 } = options
  if (typeof client.query !== 'function') throw new TypeError('postgresStore takes a Pool of pg or a PGlite.')
  if (!/^[a-z_][a-z0-9_]{0,30}$/.test(prefix)) {
    throw new TypeError('prefix must be 1 to 31 lower case letters, digits and underscores, and no digit first.')
  }
  bearErrors(client)
  const run = withTables(client, prefix)
  const deadline = createDeadline('Postgres', timeout)
  const context: Context = {
    now,
    sql: statements(prefix),
    change: (text, values) => deadline(() => run(text, values)),
    read: (text, values) => deadline(() => twice(() => run(text, values))),
  }
  return {
    ...values(context),
    ...listing(context),
    ...queue(context),
    // The pool belongs to whoever made it.
    close: async () => undefined,
  }
}

interface Context {
  readonly now: () => number
  readonly sql: PostgresStatements
  readonly change: RunSql
  readonly read: RunSql
}

function values({ now, sql, change, read }: Context): Pick<SessionStore, 'create' | 'read' | 'replace' | 'delete'> {
  return {
    async create(id, value, { subject, expiresAt }) {
      return (await change(sql.create, [id, escaped(value), subject, milliseconds(expiresAt)])).length === 1
    },

    async read(id) {
      return storedValues(await read(sql.read, [id, milliseconds(now())]))[0]?.value
    },

    async replace(id, previous, next, { expiresAt }) {
      const given = [escaped(next), milliseconds(expiresAt), id, escaped(previous), milliseconds(now())]
      return (await change(sql.replace, given)).length === 1
    },

    async delete(id) {
      return (await change(sql.delete, [id])).length === 1
    },
  }
}

function listing({ now, sql, change, read }: Context): Pick<SessionStore, 'listBySubject' | 'sweep'> {
  return {
    async *listBySubject(subject) {
      for (let last = ''; ;) {
        const page = storedValues(await read(sql.list, [subject, last, milliseconds(now()), pageSize]))
        yield* page
        if (page.length < pageSize) return
        last = page.at(-1)?.id ?? ''
      }
    },

    async sweep(limit) {
      const lease = milliseconds(now() + sweepLease)
      return sweepInSteps(
        async () => storedValues(await change(sql.take, [lease, milliseconds(now()), Math.max(0, limit)])),
        async (ids) => (await change(sql.remove, [ids, lease])).map((row) => String(row['id'])),
      )
    },
  }
}

function queue({ now, sql, change }: Context): Pick<SessionStore, 'enqueue' | 'claim' | 'settle'> {
  return {
    async enqueue(id, value, due) {
      await change(sql.enqueue, [id, escaped(value), milliseconds(due)])
    },

    async claim(limit, lease) {
      return storedValues(
        await change(sql.claim, [milliseconds(now() + lease), milliseconds(now()), Math.max(0, limit)]),
      )
    },

    async settle(id) {
      await change(sql.settle, [id])
    },
  }
}

const pageSize = 100
/** Milliseconds after which looking for the tables begins anew: a connection that died in silence never answers. */
const migrationTimeout = 10_000

/** Runs statements once the tables are there: made before the first, and again when a database was replaced by an empty one. */
function withTables(client: PostgresClient, prefix: string): RunSql {
  const deadline = createDeadline('Postgres', migrationTimeout)
  let isReady = false
  let preparing: Promise<void> | undefined

  const run: RunSql = async (text, values) => {
    const { rows } = await client.query(text, values)
    // Both clients give each row as an object, unless asked otherwise.
    return rows as Readonly<Record<string, unknown>>[]
  }
  const prepare = async (): Promise<void> => {
    try {
      await deadline(() => migrate(run, prefix))
      isReady = true
    } finally {
      preparing = undefined
    }
  }

  return async (text, values) => {
    if (!isReady) await (preparing ??= prepare())
    try {
      return await run(text, values)
    } catch (error) {
      if (!isUndefinedTable(error)) throw error
      isReady = false
      await (preparing ??= prepare())
      return run(text, values)
    }
  }
}

function storedValues(rows: Awaited<ReturnType<RunSql>>): StoredValue[] {
  return rows.map((row) => ({ id: String(row['id']), value: unescaped(String(row['value'])) }))
}

/** The one character that a text of PostgreSQL cannot hold is U+0000. Sealed values hold neither it nor a backslash. */
function escaped(value: string): string {
  return value.includes('\\') || value.includes('\0') ? value.replaceAll('\\', '\\\\').replaceAll('\0', '\\0') : value
}

function unescaped(value: string): string {
  return value.includes('\\') ? value.replaceAll(/\\(.)/gs, (_, next) => (next === '0' ? '\0' : '\\')) : value
}

/** Whole milliseconds that a number keeps exactly; `Infinity` becomes a very late time. */
function milliseconds(time: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Math.floor(time), Number.MAX_SAFE_INTEGER))
}
