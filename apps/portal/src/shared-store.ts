import { setTimeout as delay } from 'node:timers/promises'
import type { SessionStore } from 'pierhead'
import { ConfigurationError } from './config.ts'

export interface SharedStoreOptions {
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number
  /** Told of each error of the connection; nobody else is. */
  readonly onError: (error: unknown) => void
}

/**
 * Opens the sessions that several portals share, in Redis or PostgreSQL. A server that is down is no error here: it is looked
 * for until it is there, and calls fail meanwhile. Closing the store closes the connections.
 * @param url `redis://`, `rediss://`, `postgres://` or `postgresql://`, as `SESSION_STORE_URL` was read
 * @throws ConfigurationError when the driver cannot make sense of the address, which the message does not repeat
 */
export async function openSharedStore(url: string, options: SharedStoreOptions): Promise<SessionStore> {
  try {
    const store = await (url.startsWith('redis') ? openRedis(url, options) : openPostgres(url, options))
    if (!(await firstAnswer(store))) options.onError(new Error(`No answer within ${patience / 1000} seconds.`))
    return store
  } catch {
    // Drivers name the whole address in their errors, password included.
    throw new ConfigurationError('SESSION_STORE_URL is no address that the driver of its database understands.')
  }
}

// The drivers are loaded by those who use them only: that of Redis takes longer than all else of a start.

async function openRedis(url: string, { now, onError }: SharedStoreOptions): Promise<SessionStore> {
  const [{ createClient }, { redisStore }] = await Promise.all([
    import('@redis/client'),
    import('pierhead/session-store/redis'),
  ])
  const client = createClient({ url })
  client.on('error', onError)
  const store = redisStore(client, now === undefined ? {} : { now })
  // Goes on until the server is there; each failure is an `error` event.
  client.connect().catch(() => undefined)
  return { ...store, close: async () => client.destroy() }
}

async function openPostgres(url: string, { now, onError }: SharedStoreOptions): Promise<SessionStore> {
  const [{ Pool }, { postgresStore }] = await Promise.all([import('pg'), import('pierhead/session-store/postgres')])
  // A connection that a firewall dropped without a word is given up.
  const pool = new Pool({ connectionString: url, connectionTimeoutMillis: patience, query_timeout: patience })
  pool.on('error', onError)
  return { ...postgresStore(pool, now === undefined ? {} : { now }), close: () => pool.end() }
}

/** Milliseconds. People wait less: the store's own deadline is shorter. */
const patience = 5000

/**
 * A portal that listens is sent requests, and the first of them should not wait for connections and tables. A server that is
 * down holds the start up for this long only.
 */
async function firstAnswer(store: SessionStore): Promise<boolean> {
  const until = performance.now() + patience
  while (performance.now() < until) {
    try {
      await store.read('readiness')
      return true
    } catch {
      await delay(100)
    }
  }
  return false
}
