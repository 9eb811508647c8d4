import { closeSync, constants, fchmodSync, fstatSync, openSync, statfsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { LoginError } from '../../errors.ts'

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

/** Milliseconds for which another process may hold the file while we start, and later. */
const startTimeout = 10_000
const busyTimeout = 2_000

/**
 * Opens the database of a session store and brings its schema up to date, once, however many processes start together.
 * A new file can be read by its owner only.
 *
 * @throws LoginError `store_unavailable` with the reason and what to do; TypeError for a path that cannot be one
 */
export function openDatabase(path: string): DatabaseSync {
  if (path === '' || path.startsWith('file:')) throw new TypeError('path must name a file, or be ":memory:".')
  return guarded(path, () => {
    if (path !== ':memory:') prepareFile(path)
    const database = new DatabaseSync(path)
    try {
      database.exec(`PRAGMA busy_timeout = ${startTimeout}`)
      checkOwner(database, path)
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
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
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof LoginError) throw cause
    throw unavailable(path, remedy(cause), cause)
  }
}

/** True for the numbers that Linux gives to file systems on which SQLite's shared memory and locks do not work. */
export function isNetworkFileSystem(type: number): boolean {
  return networkFileSystems.has(type >>> 0)
}

// linux/magic.h: NFS, SMB, CIFS, SMB2, 9P, AFS, Ceph; Lustre and GPFS use numbers of their own.
const networkFileSystems: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x5346414f, 0x00c36400, 0x0bd00bd0, 0x47504653,
])

function prepareFile(path: string): void {
  // SQLite would create it readable for everyone; its -wal and -shm files take over the mode of this one.
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  try {
    if ((fstatSync(file).mode & 0o077) !== 0) fchmodSync(file, 0o600)
  } finally {
    closeSync(file)
  }
  if (process.platform === 'linux' && isNetworkFileSystem(statfsSync(path).type)) {
    throw unavailable(path, 'it is on a network file system, where SQLite cannot lock; choose a local disk')
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
