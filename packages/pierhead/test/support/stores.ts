import type { SessionStore } from '../../src/index.ts'
import { postgresStore } from '../../src/session-store/postgres.ts'
import { redisStore } from '../../src/session-store/redis.ts'
import { sqliteStore } from '../../src/session-store/sqlite.ts'

/** Stores that several processes can share, each by the client library that reaches it. */
export type StoreKind = 'sqlite' | 'node-redis' | 'ioredis' | 'pg'

export interface ConnectedStore {
  readonly store: SessionStore
  /** Closes the store and the connections under it. */
  readonly end: () => Promise<void>
}

export interface ConnectOptions {
  readonly now?: () => number
  /** Milliseconds. Default: long, as a busy machine is no outage. */
  readonly timeout?: number
}

type Connect = (address: string, options: ConnectOptions) => Promise<ConnectedStore>

/**
 * Connects to a store: a file, or a URL whose fragment is the prefix of what it keeps, such as
 * `redis://127.0.0.1:6379#app:` and `postgres://postgres@127.0.0.1:5432/postgres#app_`.
 */
export function connectStore(kind: StoreKind, address: string, options: ConnectOptions = {}): Promise<ConnectedStore> {
  return connect[kind](address, { timeout: 30_000, ...options })
}

/** Each library is loaded where it is used: processes that start by the dozen load one of them. */
const connect: Readonly<Record<StoreKind, Connect>> = {
  async sqlite(path, { now }) {
    const store = sqliteStore(path, now === undefined ? {} : { now })
    return { store, end: () => store.close() }
  },
  async 'node-redis'(address, options) {
    const { url, prefix } = split(address)
    const { createClient } = await import('@redis/client')
    const client = createClient({ url, pingInterval: 1000, socket: { socketTimeout: 3000 } })
    await client.connect()
    return { store: redisStore(client, { prefix, ...options }), end: async () => client.destroy() }
  },
  async ioredis(address, options) {
    const { url, prefix } = split(address)
    const { Redis } = await import('ioredis')
    const client = new Redis(url, { socketTimeout: 3000 })
    // Without a listener ioredis prints what it meets.
    client.on('error', () => undefined)
    return { store: redisStore(client, { prefix, ...options }), end: async () => client.disconnect() }
  },
  async pg(address, options) {
    const { url, prefix } = split(address)
    const { Pool } = (await import('pg')).default
    const pool = new Pool({
      connectionString: url,
      max: 4,
      connectionTimeoutMillis: options.timeout ?? 0,
      query_timeout: 10_000,
    })
    return { store: postgresStore(pool, { prefix, ...options }), end: () => pool.end() }
  },
}

function split(address: string): { url: string; prefix: string } {
  const [url = '', prefix = ''] = address.split('#')
  return { url, prefix }
}
