import { isPierheadError } from '../../src/errors.ts'
import { sqliteStore } from '../../src/session-store/sqlite.ts'

/** Fills the store at the path in argv until it refuses, and prints as JSON how far it came and what it got. */
const [path = ''] = process.argv.slice(2)
const store = sqliteStore(path)
let created = 0
try {
  for (; created < 10_000; created++) {
    await store.create(`id${created}`, 'v'.repeat(10_000), { subject: 'filler', expiresAt: Infinity })
  }
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? error.cause.code : ''
  process.stdout.write(JSON.stringify({ created, code: isPierheadError(error) ? error.code : String(error), cause }))
}
