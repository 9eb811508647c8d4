import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isNetworkFileSystem } from '../../src/lib/session/private-file.ts'
import { sqliteStore } from '../../src/session-store/sqlite.ts'
import { describeSessionStore } from '../contract/session-store.ts'
import { collect } from '../contract/session-store-model.ts'
import { describeSharedStore } from '../contract/shared-session-store.ts'
import { containing, matching } from '../matchers.ts'

let folder: string
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pierhead-sqlite-'))
})
afterAll(() => rm(folder, { recursive: true }))

const newPath = (): string => join(folder, `sessions-${files++}.db`)
const entry = { subject: 'ada', expiresAt: 1_790_000_001_000 }

describeSessionStore('the SQLite store', async () => {
  const clock = { now: 1_790_000_000_000 }
  const path = newPath()
  const options = { now: () => clock.now }
  return { store: sqliteStore(path, options), again: async () => sqliteStore(path, options), clock }
})

describeSessionStore('the SQLite store in memory', async () => {
  const clock = { now: 1_790_000_000_000 }
  return { store: sqliteStore(':memory:', { now: () => clock.now }), clock }
})

describe('the file of a SQLite store', () => {
  test('keeps values and jobs over a restart', async () => {
    const path = newPath()
    const now = () => 1_790_000_000_000
    const first = sqliteStore(path, { now })
    await first.create('id', 'v', entry)
    await first.enqueue('job', 'work', 0)
    await first.close()
    const second = sqliteStore(path, { now })
    expect(await second.read('id')).toBe('v')
    expect(await second.claim(1, 1)).toEqual([{ id: 'job', value: 'work' }])
    await second.close()
  })

  test('keeps what was written by a process that never closed it', async () => {
    const path = newPath()
    const first = sqliteStore(path)
    await first.create('id', 'v', { subject: 's', expiresAt: Infinity })
    const copy = newPath()
    for (const suffix of ['', '-wal']) await writeFile(copy + suffix, await readFile(path + suffix))
    const second = sqliteStore(copy)
    expect(await second.read('id')).toBe('v')
    await Promise.all([first.close(), second.close()])
  })

  test('is readable by its owner only, and so are its companions', async () => {
    const path = newPath()
    const store = sqliteStore(path)
    await store.create('id', 'v', entry)
    const names = (await readdir(folder)).filter((name) => join(folder, name).startsWith(path))
    expect(names).toHaveLength(3)
    for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    await store.close()
  })

  test('that others may read is closed to them', async () => {
    const path = newPath()
    await writeFile(path, '')
    await chmod(path, 0o644)
    await sqliteStore(path).close()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('uses a write-ahead log and finds expired values and subjects by index', async () => {
    const path = newPath()
    await sqliteStore(path).close()
    const database = new DatabaseSync(path)
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    const plan = (sql: string) => JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())
    expect(plan('SELECT id FROM value WHERE expires_at <= 1 ORDER BY expires_at LIMIT 1')).toContain('value_by_expiry')
    expect(plan('SELECT id FROM job WHERE due <= 1 ORDER BY due LIMIT 1')).toContain('job_by_due')
    expect(plan("SELECT id FROM value WHERE subject = 'a' AND id > '' ORDER BY id LIMIT 9")).toContain(
      'value_by_subject',
    )
    database.close()
  })
})

describe('a file that cannot be used is refused with the reason', () => {
  const refused = (path: string) => {
    try {
      void sqliteStore(path).close()
    } catch (error) {
      return error
    }
    return 'accepted'
  }

  test('REL-36 a newer schema', async () => {
    const path = newPath()
    await sqliteStore(path).close()
    const database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 999')
    database.close()
    expect(refused(path)).toMatchObject({
      name: 'LoginError',
      code: 'store_unavailable',
      message: containing('schema version 999, newer than 1'),
    })
  })

  test('the database of another program, which stays as it is', async () => {
    const path = newPath()
    const database = new DatabaseSync(path)
    database.exec('CREATE TABLE value (x)')
    database.close()
    const before = await readFile(path)
    expect(refused(path)).toMatchObject({
      code: 'store_unavailable',
      message: containing('another program'),
    })
    expect(await readFile(path)).toEqual(before)
  })

  test('something that is no database, with a note on repair', async () => {
    const path = newPath()
    await writeFile(path, 'this is a text file and certainly no database '.repeat(200))
    expect(refused(path)).toMatchObject({
      code: 'store_unavailable',
      message: matching(/damaged or not a database.*\.recover/),
      cause: { code: 'ERR_SQLITE_ERROR' },
    })
  })

  test('REL-43 a file whose pages are overwritten or cut off', async () => {
    const damage = [
      async (path: string) => {
        const file = await open(path, 'r+')
        await file.write(Buffer.alloc(8192, 0xa5), 0, 8192, 4096)
        await file.close()
      },
      (path: string) => truncate(path, 5000),
    ]
    for (const hurt of damage) {
      const path = newPath()
      const store = sqliteStore(path)
      for (let index = 0; index < 200; index++) await store.create(`id${index}`, 'v'.repeat(500), entry)
      await store.close()
      await hurt(path)
      const outcome: unknown = await (async () => {
        const opened = sqliteStore(path)
        try {
          for (let index = 0; index < 200; index++) await opened.create(`id${index}`, 'w', entry)
          return 'accepted'
        } finally {
          await opened.close()
        }
      })().catch((error: unknown) => error)
      expect(outcome).toMatchObject({ code: 'store_unavailable', message: containing('.recover') })
    }
  })

  test('a folder, a missing folder, no name', async () => {
    const path = newPath()
    await mkdir(path)
    expect(refused(path)).toMatchObject({ code: 'store_unavailable', message: containing('EISDIR') })
    expect(refused(join(folder, 'missing', 'x.db'))).toMatchObject({ message: containing('ENOENT') })
    expect(refused('')).toBeInstanceOf(TypeError)
    expect(refused('file:x.db?mode=memory')).toBeInstanceOf(TypeError)
  })

  test('network file systems are told by their number', () => {
    for (const type of [0x6969, 0xff534d42, -11317950, 0x01021997]) expect(isNetworkFileSystem(type)).toBe(true)
    for (const type of [0xef53, 0x01021994, 0x9123683e, 0x58465342]) expect(isNetworkFileSystem(type)).toBe(false)
  })
})

describe('a store that fails later says store_unavailable, with the cause, and recovers by itself', () => {
  test('REL-45 no room for another byte: what was confirmed stays, and the file opens again', async () => {
    const path = newPath()
    // The limit of the shell counts for every file of the process, as a full disk would: blocks of 512 bytes.
    const limited = ['-c', 'ulimit -f 1024 && exec "$@"', 'sh', process.execPath, '--conditions=pierhead-source']
    const filler = fileURLToPath(new URL('sqlite-filler.ts', import.meta.url))
    const { stdout } = await promisify(execFile)('sh', [...limited, filler, path], { timeout: 60_000 })
    const { created, code, cause } = JSON.parse(stdout) as { created: number; code: string; cause: string } // printed by it
    expect(code).toBe('store_unavailable')
    expect(cause).toBe('ERR_SQLITE_ERROR')
    expect(created).toBeGreaterThan(10)
    const store = sqliteStore(path)
    expect(await collect(store.listBySubject('filler'))).toHaveLength(created)
    expect(await store.create('more', 'v', entry)).toBe(true)
    await store.close()
  })

  test('REL-43 another process that holds the lock', async () => {
    const path = newPath()
    const store = sqliteStore(path, { now: () => 1_790_000_000_000 })
    await store.create('id', 'v', entry)
    const holder = new DatabaseSync(path)
    holder.exec('BEGIN IMMEDIATE')
    await expect(store.delete('id')).rejects.toMatchObject({
      code: 'store_unavailable',
      message: containing('another process'),
      cause: { errcode: 5 },
    })
    expect(await store.read('id')).toBe('v')
    holder.exec('ROLLBACK')
    holder.close()
    expect(await store.delete('id')).toBe(true)
    await store.close()
  })

  test('after it was closed', async () => {
    const store = sqliteStore(newPath())
    await store.close()
    for (const call of [store.read('id'), store.create('id', 'v', entry), store.sweep(1), store.claim(1, 1)]) {
      await expect(call).rejects.toMatchObject({ code: 'store_unavailable' })
    }
    await expect(collect(store.listBySubject('ada'))).rejects.toMatchObject({ code: 'store_unavailable' })
  })
})

describeSharedStore('sqlite', newPath)
