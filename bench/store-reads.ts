// How many sessions a store reads in a second, beside what the bare driver gets of the same rows; and with `--million`, whether
// a million sessions make a lookup slower. A program of its own: `node --conditions=pierhead-source bench/store-reads.ts`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createClient } from '@redis/client'
import { Pool } from 'pg'
import type { SessionStore } from 'pierhead'
import { postgresStore } from 'pierhead/session-store/postgres'
import { redisStore } from 'pierhead/session-store/redis'
import { sqliteStore } from 'pierhead/session-store/sqlite'
import { startPostgres } from '../tools/lib/postgres-server.ts'
import { startRedis } from '../tools/lib/redis-server.ts'
import { median } from './statistics.ts'

/** Bytes of a record with tokens for three resource servers. */
const size = 3000
const rounds = 5
const reads = 20_000
const few = 1000
const many = 1_000_000
const value = Buffer.alloc(size, 'pierhead').toString('base64url').slice(0, size)
const subjectOf = (index: number): string => `subject-${index % 50_000}`
const idOf = (index: number): string => `{subject-}${String(index).padStart(43, '0')}`

interface Subject {
  readonly store: SessionStore
  /** The same value by the driver's own call. */
  readonly bare?: (id: string) => Promise<unknown>
  /** Adds sessions faster than one by one. */
  readonly fill?: (from: number, to: number) => Promise<void>
  readonly end: () => Promise<void>
}

const makers: Readonly<Record<string, () => Promise<Subject>>> = { SQLite: sqlite, Redis: redis, Postgres: postgres }
const { values: options } = parseArgs({ options: { million: { type: 'boolean', default: false } } })

for (const [name, make] of Object.entries(makers)) {
  const subject = await make()
  try {
    await fill(subject, 0, few)
    const { kit, bare } = await compare(subject, few)
    const share =
      bare === undefined ? '' : `; bare driver ${Math.round(bare)}/s, the store ${(kit / bare).toFixed(2)} of it`
    console.log(`${name}: ${Math.round(kit)} reads/s with ${few} sessions${share}`)
    if (!options.million || subject.fill === undefined) continue
    await fill(subject, few, many)
    const later = await compare(subject, many)
    console.log(
      `${name}: ${Math.round(later.kit)} reads/s with ${many} sessions; a lookup takes ${(kit / later.kit).toFixed(2)} times as long`,
    )
  } finally {
    await subject.end()
  }
}

/** In turn, so that a machine that is busy for a moment is busy for both. */
async function compare({ store, bare }: Subject, count: number): Promise<{ kit: number; bare: number | undefined }> {
  const kit: number[] = []
  const driver: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    if (bare !== undefined) driver.push(await rate(bare, count))
    kit.push(await rate((id) => store.read(id), count))
  }
  return { kit: median(kit), bare: driver.length === 0 ? undefined : median(driver) }
}

/** Reads a second, sixteen requests at a time, another session each. */
async function rate(read: (id: string) => Promise<unknown>, count: number): Promise<number> {
  const begun = performance.now()
  let next = 0
  const work = async (): Promise<void> => {
    for (; next < reads;) {
      next += 1
      if ((await read(idOf((next * 7919) % count))) === undefined) throw new Error('A session is missing.')
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
  return (reads * 1000) / (performance.now() - begun)
}

async function fill({ store, fill: fast }: Subject, from: number, to: number): Promise<void> {
  if (fast !== undefined) return fast(from, to)
  for (let index = from; index < to; index += 1) {
    await store.create(idOf(index), value, { subject: subjectOf(index), expiresAt: Infinity })
  }
}

async function sqlite(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-bench-'))
  const store = sqliteStore(join(folder, 'sessions.db'))
  return {
    store,
    fill: (from, to) => fill({ store, end: () => store.close() }, from, to),
    async end() {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function redis(): Promise<Subject> {
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
  return {
    store: redisStore(client),
    bare: (id) => client.get(keys(id)),
    async end() {
      client.destroy()
      await server.stop()
    },
  }
}

async function postgres(): Promise<Subject> {
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
         SELECT '{subject-}' || lpad(i::text, 43, '0'), $1, 'subject-' || i % 50000, 9007199254740991
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
