import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { LoginError } from '../errors.ts'
import { preparePrivateFile } from '../lib/session/private-file.ts'
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

/** Marks a file as ours in its header, so that no other program's database is taken for a session store: "Pier". */
const applicationId = 0x50696572

/** Each entry brings the schema from its index to the next version. Only ever append. */
const migrations = [
  `CREATE TABLE value (
     id TEXT PRIMARY KEY,
     value TEXT NOT NULL,
     subject TEXT NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX value_by_expiry ON value (expires_at);
   CREATE INDEX value_by_subject ON value (subject, id);
   CREATE TABLE job (id TEXT PRIMARY KEY, value TEXT NOT NULL, due INTEGER NOT NULL) STRICT;
   CREATE INDEX job_by_due ON job (due);`,
]

/** SQLite's own 2 MiB hold 500 sessions, so that a read of the 501st asks the operating system. Taken as it is needed. */
const cacheKibibytes = 65_536

/** Milliseconds for which another process may hold the file while we start, and later. */
const startTimeout = 10_000
const busyTimeout = 2_000

/**
 * Opens the database of a session store and brings its schema up to date, once, however many processes start together.
 * A new file can be read by its owner only.
 *
 * @throws LoginError `store_unavailable` with the reason and what to do; TypeError for a path that cannot be one
 */
function openDatabase(path: string): DatabaseSync {
  if (path === '' || path.startsWith('file:')) throw new TypeError('path must name a file, or be ":memory:".')
  return guarded(path, () => {
    // SQLite would create the file readable for everyone; its -wal and -shm files take over the mode of this one.
    if (path !== ':memory:') preparePrivateFile(path)
    const database = new DatabaseSync(path)
    try {
      database.exec(`PRAGMA busy_timeout = ${startTimeout}`)
      checkOwner(database, path)
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
      database.exec(`PRAGMA cache_size = -${cacheKibibytes}`)
      migrate(database, path)
      database.exec(`PRAGMA busy_timeout = ${busyTimeout}`)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

/** Runs work on the database; whatever fails becomes `store_unavailable` with a remedy where there is one. */
function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof LoginError) throw cause
    throw unavailable(path, remedy(cause), cause)
  }
}

function checkOwner(database: DatabaseSync, path: string): void {
  const id = pragma(database, 'application_id')
  if (id === applicationId) return
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() ?? {}
  if (id !== 0 || tables !== 0) {
    // A process that starts at the same moment may just have made it ours.
    if (pragma(database, 'application_id') === applicationId) return
    throw unavailable(path, 'it is the database of another program; choose another path')
  }
}

function migrate(database: DatabaseSync, path: string): void {
  if (pragma(database, 'user_version') === migrations.length) return
  // Whoever gets the lock migrates; the others then find the work done.
  database.exec('BEGIN IMMEDIATE')
  try {
    const version = pragma(database, 'user_version')
    if (version > migrations.length) {
      const reason = `it has schema version ${version}, newer than ${migrations.length}; use the newer release that wrote it`
      throw unavailable(path, reason)
    }
    for (const step of migrations.slice(version)) database.exec(step)
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    rollBack(database)
    throw error
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // SQLite ended the transaction by itself; the first error tells why.
  }
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}

function remedy(cause: unknown): string {
  const codes = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0
  if (codes === 11 || codes === 26) {
    return (
      'the file is damaged or not a database; stop the app, move the file and its -wal and -shm files away and start ' +
      'again (everyone logs in anew), or repair a copy with: sqlite3 FILE .recover'
    )
  }
  if (codes === 5) return 'another process holds it for too long'
  if (codes === 8) return 'it cannot be written to'
  if (codes === 13) return 'the disk is full'
  return cause instanceof Error ? cause.message : 'unknown reason'
}

function unavailable(path: string, reason: string, cause?: unknown): LoginError {
  const options = cause === undefined ? {} : { cause }
  return new LoginError(
    'store_unavailable',
    `The session store ${JSON.stringify(path)} cannot be used: ${reason}.`,
    options,
  )
}
