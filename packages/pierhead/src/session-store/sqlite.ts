import type { StatementSync } from 'node:sqlite'
import { guarded, openDatabase } from '../lib/session/sqlite-database.ts'
import type { SessionStore, StoredValue } from '../lib/session/session-store.ts'

/** Options of {@link sqliteStore}. */
export interface SqliteStoreOptions {
  /** Epoch milliseconds; the same clock as the login's. Default: `Date.now`. */
  readonly now?: () => number
}

/**
 * A session store in a SQLite file, for one host: any number of its processes may use the file together. The file is made
 * when it does not exist, with mode 0600; it must lie on a local disk. `:memory:` is a private store that is never
 * written. A power failure can undo the changes of the last moments; the end of a process cannot.
 *
 * Calls are short and synchronous inside; one waits at most 2 s for another process.
 *
 * @param path the file; its folder must exist
 * @throws LoginError `store_unavailable` when the file cannot be opened, and from every method when it cannot be used
 * @example createLogin({ ..., session: { secrets, store: sqliteStore('sessions.db') } })
 */
export function sqliteStore(path: string, options: SqliteStoreOptions = {}): SessionStore {
  const { now = Date.now } = options
  const database = openDatabase(path)
  const run = guarded(path, () => prepareAll((sql) => database.prepare(sql)))
  let isOpen = true

  return {
    async create(id, value, { subject, expiresAt }) {
      return guarded(path, () => changed(run.create, id, value, subject, milliseconds(expiresAt)))
    },

    async read(id) {
      return guarded(path, () => rows(run.read, id, milliseconds(now()))[0]?.value)
    },

    async replace(id, previous, next, { expiresAt }) {
      return guarded(path, () => changed(run.replace, next, milliseconds(expiresAt), id, previous, milliseconds(now())))
    },

    async delete(id) {
      return guarded(path, () => changed(run.delete, id))
    },

    async *listBySubject(subject) {
      // In pages: no statement stays open between two steps of the caller.
      for (let last = ''; ;) {
        const page = guarded(path, () => rows(run.list, subject, last, milliseconds(now()), pageSize))
        yield* page
        if (page.length < pageSize) return
        last = page.at(-1)?.id ?? ''
      }
    },

    async sweep(limit) {
      return guarded(path, () => rows(run.sweep, milliseconds(now()), Math.max(0, limit)))
    },

    async enqueue(id, value, due) {
      guarded(path, () => run.enqueue.run(id, value, milliseconds(due)))
    },

    async claim(limit, lease) {
      const time = milliseconds(now())
      return guarded(path, () => rows(run.claim, milliseconds(time + lease), time, Math.max(0, limit)))
    },

    async settle(id) {
      guarded(path, () => run.settle.run(id))
    },

    async close() {
      if (!isOpen) return
      isOpen = false
      guarded(path, () => database.close())
    },
  }
}

const pageSize = 100

/** Every method is one statement: SQLite makes each of them atomic among all processes. */
const sql = {
  create: 'INSERT INTO value (id, value, subject, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  read: 'SELECT id, value FROM value WHERE id = ? AND expires_at > ?',
  replace: 'UPDATE value SET value = ?, expires_at = ? WHERE id = ? AND value = ? AND expires_at > ?',
  delete: 'DELETE FROM value WHERE id = ?',
  list: 'SELECT id, value FROM value WHERE subject = ? AND id > ? AND expires_at > ? ORDER BY id LIMIT ?',
  sweep: `DELETE FROM value WHERE id IN (SELECT id FROM value WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
    RETURNING id, value`,
  enqueue: 'INSERT INTO job (id, value, due) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  claim: `UPDATE job SET due = ? WHERE id IN (SELECT id FROM job WHERE due <= ? ORDER BY due LIMIT ?)
    RETURNING id, value`,
  settle: 'DELETE FROM job WHERE id = ?',
} as const

function prepareAll(prepare: (sql: string) => StatementSync): Record<keyof typeof sql, StatementSync> {
  return {
    create: prepare(sql.create),
    read: prepare(sql.read),
    replace: prepare(sql.replace),
    delete: prepare(sql.delete),
    list: prepare(sql.list),
    sweep: prepare(sql.sweep),
    enqueue: prepare(sql.enqueue),
    claim: prepare(sql.claim),
    settle: prepare(sql.settle),
  }
}

function changed(statement: StatementSync, ...parameters: (string | number)[]): boolean {
  return Number(statement.run(...parameters).changes) === 1
}

function rows(statement: StatementSync, ...parameters: (string | number)[]): StoredValue[] {
  return statement.all(...parameters).map((row) => ({ id: String(row['id']), value: String(row['value']) }))
}

/** Whole milliseconds that fit SQLite's integer column; `Infinity` becomes a very late time. */
function milliseconds(time: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Math.floor(time), Number.MAX_SAFE_INTEGER))
}
