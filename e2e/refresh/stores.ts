import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import { Pool } from 'pg'
import type { SessionStore } from 'pierhead'
import { postgresStore } from 'pierhead/session-store/postgres'
import { redisStore } from 'pierhead/session-store/redis'
import { sqliteStore } from 'pierhead/session-store/sqlite'
import { startPostgres } from '../../tools/lib/postgres-server.ts'
import { startRedis } from '../../tools/lib/redis-server.ts'

/** A kind of store that several processes can share. Another kind is one more entry of `sharedStores`. */
export interface SharedStore {
  /** Makes an empty one and says where it is: a file, or the address of a server. */
  readonly create: () => Promise<{ readonly place: string; readonly remove: () => Promise<void> }>
  /** Opens it in the process that asks. */
  readonly open: (place: string, now: () => number) => SessionStore
}

/** Milliseconds: a machine that runs thousands of calls at once is slow, not broken. */
const patience = 30_000

export const sharedStores = {
  SQLite: {
    create: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pierhead-refresh-'))
      return {
        place: join(folder, 'sessions.db'),
        remove: async () => rmSync(folder, { recursive: true, force: true }),
      }
    },
    open: (place, now) => sqliteStore(place, { now }),
  },
  Redis: {
    create: async () => {
      const server = await startRedis()
      return { place: `redis://127.0.0.1:${server.port}`, remove: () => server.stop() }
    },
    open: (place, now) => {
      const client = createClient({ url: place, commandOptions: { timeout: patience } })
      client.on('error', () => undefined)
      // Calls wait for the connection.
      void client.connect()
      return { ...redisStore(client, { now, timeout: patience }), close: async () => client.destroy() }
    },
  },
  Postgres: {
    create: async () => {
      const server = await startPostgres()
      return { place: server.url, remove: () => server.stop() }
    },
    open: (place, now) => {
      const pool = new Pool({ connectionString: place, max: 4 })
      pool.on('error', () => undefined)
      return { ...postgresStore(pool, { now, timeout: patience }), close: () => pool.end() }
    },
  },
} as const satisfies Readonly<Record<string, SharedStore>>

export type SharedStoreName = keyof typeof sharedStores

// The keys of an object literal are its names.
export const sharedStoreNames = Object.keys(sharedStores) as SharedStoreName[]
