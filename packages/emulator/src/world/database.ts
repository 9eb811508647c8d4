import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { migrations } from './schema.ts'

/**
 * Opens the state of a world: `world.sqlite` in that directory (made with mode 0700, the file with 0600), or in memory without one.
 *
 * @throws Error when the file was written by a newer release
 */
export function openDatabase(directory: string | undefined): DatabaseSync {
  const database = new DatabaseSync(directory === undefined ? ':memory:' : prepareFile(directory))
  // FULL would wait for the disk at each commit; in WAL mode NORMAL survives kill -9 whole.
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000',
  )
  migrate(database)
  return database
}

/** Runs the work in one transaction: all of it is stored, or nothing. Must not be nested. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function prepareFile(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  chmodSync(directory, 0o700)
  const file = join(directory, 'world.sqlite')
  // SQLite gives its -wal and -shm files the mode of the database file, so that it must exist with the right one first.
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  return file
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
  if (version > migrations.length) {
    throw new Error(
      `The data were written by a newer emulator (schema ${version}, this one knows ${migrations.length}): update it, or use another --data directory`,
    )
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue
    inTransaction(database, () => database.exec(`${sql}; PRAGMA user_version = ${index + 1}`))
  }
}
