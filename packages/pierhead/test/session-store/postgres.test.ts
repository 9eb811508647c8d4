import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { capability } from '../../../../tools/lib/capability.ts'
import { startPostgres, type PostgresServer } from '../../../../tools/lib/postgres-server.ts'
import { postgresStore, type PostgresClient } from '../../src/session-store/postgres.ts'
import { describeSessionStore } from '../contract/session-store.ts'
import { describeSharedStore } from '../contract/shared-session-store.ts'
import { containing } from '../matchers.ts'
import { connectStore } from '../support/stores.ts'

const program = capability('postgres')
const entry = { subject: 'ada', expiresAt: 1_790_000_001_000 }
let prefixes = 0
const newPrefix = (): string => `test${prefixes++}_`

describe.skipIf(!program.available)('the Postgres store', () => {
  let server: PostgresServer
  let pool: pg.Pool
  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url, max: 8 })
    pool.on('error', () => undefined)
  }, 120_000)
  afterAll(async () => {
    await pool.end()
    await server.stop()
  })

  const newAddress = (): string => `${server.url}#${newPrefix()}`

  describeSessionStore('through pg', async () => {
    const clock = { now: 1_790_000_000_000 }
    const address = newAddress()
    const connectAgain = async () => {
      const connected = await connectStore('pg', address, { now: () => clock.now })
      let ended: Promise<void> | undefined
      return { ...connected.store, close: () => (ended ??= connected.end()) }
    }
    return { store: await connectAgain(), again: connectAgain, clock }
  })
  describeSharedStore('pg', newAddress)
  describeTables(() => pool)

  test('finds expired values, jobs and subjects by index', async () => {
    const prefix = newPrefix()
    const store = postgresStore(pool, { prefix, timeout: 30_000 })
    for (let index = 0; index < 500; index++)
      await store.create(`id${index}`, 'v', { subject: `s${index}`, expiresAt: index })
    await pool.query(`ANALYZE ${prefix}value`)
    const plan = async (sql: string) => JSON.stringify((await pool.query(`EXPLAIN ${sql}`)).rows)
    expect(await plan(`SELECT id FROM ${prefix}value WHERE expires_at <= 1 ORDER BY expires_at LIMIT 1`)).toContain(
      'by_expiry',
    )
    expect(await plan(`SELECT id FROM ${prefix}value WHERE subject = 's1' AND id > '' ORDER BY id LIMIT 9`)).toContain(
      'by_subject',
    )
  })

  test('REL-48 makes its tables once, however many start together', async () => {
    const prefix = newPrefix()
    const stores = Array.from({ length: 8 }, () => postgresStore(pool, { prefix, timeout: 30_000 }))
    await Promise.all(stores.map((store, index) => store.create(`id${index}`, 'v', entry)))
    const { rows } = await pool.query(`SELECT version FROM ${prefix}schema`)
    expect(rows).toEqual([{ version: 1 }])
  })

  test('needs no right to make tables that are there', async () => {
    const prefix = newPrefix()
    await postgresStore(pool, { prefix, timeout: 30_000 }).read('id')
    await pool.query(`CREATE ROLE ${prefix}app LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ${prefix}schema, ${prefix}value, ${prefix}job TO ${prefix}app`)
    const own = new pg.Pool({ connectionString: server.url.replace('postgres@', `${prefix}app@`) })
    const now = () => 1_790_000_000_000
    expect(await postgresStore(own, { prefix, now, timeout: 30_000 }).create('id', 'v', entry)).toBe(true)
    await expect(postgresStore(own, { prefix: 'missing_', timeout: 30_000 }).read('id')).rejects.toMatchObject({
      code: 'store_unavailable',
      message: containing('permission denied for schema public'),
    })
    await own.end()
  })

  test('REL-47 passes over what another sweep holds', async () => {
    const prefix = newPrefix()
    const store = postgresStore(pool, { prefix, timeout: 30_000 })
    for (const id of ['held', 'free']) await store.create(id, 'v', { subject: 's', expiresAt: 1 })
    const holder = await pool.connect()
    await holder.query('BEGIN')
    await holder.query(`SELECT 1 FROM ${prefix}value WHERE id = 'held' FOR UPDATE`)
    expect(await store.sweep(9)).toEqual([{ id: 'free', value: 'v' }])
    await holder.query('ROLLBACK')
    holder.release()
    expect(await store.sweep(9)).toEqual([{ id: 'held', value: 'v' }])
  })
})

describe('the Postgres store in PGlite', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
  }, 120_000)
  afterAll(() => database.close())

  describeSessionStore('through PGlite', async () => {
    const clock = { now: 1_790_000_000_000 }
    const options = { prefix: newPrefix(), now: () => clock.now, timeout: 30_000 }
    return { store: postgresStore(database, options), again: async () => postgresStore(database, options), clock }
  })
  describeTables(() => database)
})

function describeTables(client: () => PostgresClient): void {
  const time = { now: 1_790_000_000_000 }
  const open = (prefix: string, through = client()) =>
    postgresStore(through, { prefix, timeout: 30_000, now: () => time.now })

  test('REL-36 tables of a newer release are refused with the remedy', async () => {
    const prefix = newPrefix()
    await open(prefix).read('id')
    await client().query(`UPDATE ${prefix}schema SET version = 999`)
    await expect(open(prefix).read('id')).rejects.toMatchObject({
      name: 'LoginError',
      code: 'store_unavailable',
      message: containing('schema version 999, newer than 1'),
    })
  })

  test('REL-42 tables that vanish, as in a database restored from nothing, are made again', async () => {
    const prefix = newPrefix()
    const store = open(prefix)
    await store.create('id', 'v', entry)
    for (const table of ['value', 'job', 'schema']) await client().query(`DROP TABLE ${prefix}${table}`)
    expect(await store.read('id')).toBeUndefined()
    expect(await store.create('id', 'v', entry)).toBe(true)
  })

  test('a backslash comes back as it was', async () => {
    const store = open(newPrefix())
    const value = '\\0 \0 \\\\ \\'
    await store.create('id', value, entry)
    expect(await store.read('id')).toBe(value)
    expect(await store.replace('id', value, `${value}\0`, entry)).toBe(true)
  })

  test('what a sweep hid and did not remove is handed out again, unless a clock that is behind has it in use', async () => {
    const prefix = newPrefix()
    const store = open(prefix)
    await store.create('lost', 'v', { subject: 's', expiresAt: time.now })
    const breaking: PostgresClient = {
      async query(text, values) {
        const answer = await client().query(text, values)
        if (text.startsWith('UPDATE')) throw new Error('The connection broke.')
        return answer
      },
    }
    await expect(open(prefix, breaking).sweep(9)).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(await store.sweep(9)).toEqual([])
    time.now += 60_000
    const behind = postgresStore(client(), { prefix, timeout: 30_000, now: () => time.now - 120_000 })
    const meeting: PostgresClient = {
      async query(text, values) {
        if (text.startsWith('DELETE')) await behind.replace('lost', 'v', 'w', { expiresAt: time.now + 1000 })
        return client().query(text, values)
      },
    }
    expect(await open(prefix, meeting).sweep(9)).toEqual([])
    expect(await store.read('lost')).toBe('w')
    time.now += 1000
    expect(await store.sweep(9)).toEqual([{ id: 'lost', value: 'w' }])
  })
}

describe('postgresStore refuses', () => {
  const client = { query: async () => ({ rows: [] }) }

  test('what is no client', () => {
    // What a caller without types could pass.
    expect(() => postgresStore({} as never)).toThrow(/Pool of pg or a PGlite/)
  })

  test.each([{ prefix: '' }, { prefix: 'x; DROP TABLE y' }, { prefix: '1a' }, { prefix: 'A_' }, { timeout: -1 }])(
    'the options %o',
    (options) => {
      expect(() => postgresStore(client, options)).toThrow(TypeError)
    },
  )
})
