import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import { Pool } from 'pg'
import type { SessionStore } from 'pierhead'
import { postgresStore } from 'pierhead/session-store/postgres'
import { redisStore } from 'pierhead/session-store/redis'
import { sqliteStore } from 'pierhead/session-store/sqlite'
import { startPostgres } from '../tools/lib/postgres-server.ts'
import { startRedis } from '../tools/lib/redis-server.ts'

/** Bytes of a record with tokens for three resource servers. */
const size = 3000
const value = Buffer.alloc(size, 'pierhead').toString('base64url').slice(0, size)
const subjectOf = (index: number): string => `subject-${index % 50_000}`
/** As random as the identifiers of sessions are, so that neighbours in the list are none in the database. */
export const idOf = (index: number): string => `{subject-}${hash('sha256', String(index), 'base64url')}`

/** Sessions that are added in one transaction. */
const batch = 50_000

export type StoreKind = 'SQLite' | 'Redis' | 'Postgres'

/** A store with sessions in it, and what it is compared with. */
export interface FilledStore {
  readonly store: SessionStore
  /** The same value by the driver's own call. */
  readonly bare?: (id: string) => Promise<unknown>
  /** Adds the sessions of these numbers. */
  readonly fill: (from: number, to: number) => Promise<void>
  readonly end: () => Promise<void>
}

export const makers: Readonly<Record<StoreKind, () => Promise<FilledStore>>> = {
  SQLite: sqlite,
  Redis: redis,
  Postgres: postgres,
}

async function fillOneByOne(store: SessionStore, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += 1)
    await store.create(idOf(index), value, { subject: subjectOf(index), expiresAt: Infinity })
}

async function sqlite(): Promise<FilledStore> {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-bench-'))
  const file = join(folder, 'sessions.db')
  const store = sqliteStore(file)
  return {
    store,
    async fill(from, to) {
      const database = new DatabaseSync(file)
      const insert = database.prepare('INSERT INTO value (id, value, subject, expires_at) VALUES (?, ?, ?, ?)')
      database.exec('PRAGMA cache_size = -400000')
      for (let first = from; first < to; first += batch) {
        database.exec('BEGIN')
        for (let index = first; index < Math.min(first + batch, to); index += 1)
          insert.run(idOf(index), value, subjectOf(index), Number.MAX_SAFE_INTEGER)
        database.exec('COMMIT')
      }
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
    },
    async end() {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function redis(): Promise<FilledStore> {
  const server = await startRedis()
  const client = createClient({ url: `redis://127.0.0.1:${server.port}` })
  await client.connect()
  const keys = await (async () => {
    const store = redisStore(client)
    await store.create(idOf(0), value, { subject: 'first', expiresAt: Infinity })
    const [key = ''] = await client.keys('*value:*')
    await store.delete(idOf(0))
    return (id: string) => key.replace(idOf(0), id)
  })()
  const store = redisStore(client)
  return {
    store,
    fill: (from, to) => fillOneByOne(store, from, to),
    bare: (id) => client.get(keys(id)),
    async end() {
      client.destroy()
      await server.stop()
    },
  }
}

async function postgres(): Promise<FilledStore> {
  const server = await startPostgres()
  const pool = new Pool({ connectionString: server.url, max: 4 })
  const store = postgresStore(pool)
  await store.read('none')
  return {
    store,
    bare: async (id) => {
      const { rows } = await pool.query<{ value: string }>('SELECT value FROM pierhead_value WHERE id = $1', [id])
      return rows[0]?.value
    },
    async fill(from, to) {
      await pool.query(
        `INSERT INTO pierhead_value (id, value, subject, expires_at)
         SELECT '{subject-}' || rtrim(translate(encode(sha256(i::text::bytea), 'base64'), '+/', '-_'), '='), $1,
           'subject-' || i % 50000, 9007199254740991
         FROM generate_series($2::int, $3::int) AS i`,
        [value, from, to - 1],
      )
      await pool.query('VACUUM ANALYZE pierhead_value')
    },
    async end() {
      await pool.end()
      await server.stop()
    },
  }
}
