import { bearErrors } from '../lib/session/bear-errors.ts'
import { createDeadline, twice, type Deadline } from '../lib/session/deadline.ts'
import { createKeys, type RedisKeys } from '../lib/session/redis-keys.ts'
import { openRecord, textOf, wrapValue } from '../lib/session/redis-record.ts'
import { createScripts, type RedisCommands, type RedisScripts } from '../lib/session/redis-scripts.ts'
import type { SessionStore, StoredValue } from '../lib/session/session-store.ts'
import { sweepInSteps, sweepLease } from '../lib/session/sweep-lease.ts'

/** What is used of a client or cluster of node-redis (`redis`, `@redis/client`). */
export interface NodeRedisClient {
  get(key: string): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** What is used of a client or cluster of ioredis. */
export interface IoRedisClient {
  get(key: string): Promise<unknown>
  eval(script: string, keys: number, ...keysAndArguments: string[]): Promise<unknown>
  evalsha(sha1: string, keys: number, ...keysAndArguments: string[]): Promise<unknown>
}

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** Epoch milliseconds; the same clock as the login's. Default: `Date.now`. Redis's own clock decides nothing. */
  readonly now?: () => number
  /** First part of every key. Two applications need two, as neither can open what the other sealed. Default `pierhead:`. */
  readonly prefix?: string
  /** Milliseconds for which a call waits for its answer, reconnecting included. Default 700. */
  readonly timeout?: number
}

/**
 * A session store in Redis 5 or newer, Valkey, or a Redis Cluster, for an application on any number of machines. The client
 * stays yours: connect it before, close it after the login, and listen to its `error` events if you want them in your log.
 *
 * Set `maxmemory-policy noeviction` on the server: an evicted session is a person logged out and tokens that nobody revokes.
 *
 * @throws TypeError when the client or an option is wrong. Every method throws LoginError `store_unavailable` when Redis
 *   fails or does not answer in time
 * @example createLogin({ ..., session: { secrets, store: redisStore(await createClient({ url }).connect()) } })
 */
export function redisStore(client: NodeRedisClient | IoRedisClient, options: RedisStoreOptions = {}): SessionStore {
  const { now = Date.now, prefix = 'pierhead:', timeout = 700 } = options
  const run = createScripts(commandsOf(client))
  const context = { client, now, run, keys: createKeys(prefix), deadline: createDeadline('Redis', timeout) }
  bearErrors(client)
  return {
    ...values(context),
    ...listing(context),
    ...queue(context),
    // The client belongs to whoever made it.
    close: async () => undefined,
  }
}

interface Context {
  readonly client: NodeRedisClient | IoRedisClient
  readonly now: () => number
  readonly run: RedisScripts
  readonly keys: RedisKeys
  readonly deadline: Deadline
}

function values(context: Context): Pick<SessionStore, 'create' | 'read' | 'replace' | 'delete'> {
  const { client, now, run, keys, deadline } = context
  /** Our clock alone decides about expiry; Redis's is for what nobody sweeps any more. */
  const lifetime = (expiresAt: number): string => milliseconds(Math.max(0, expiresAt - now()) + leftBehind)
  return {
    async create(id, value, { subject, expiresAt }) {
      const expires = milliseconds(expiresAt)
      const given = [id, wrapValue({ expires, subject, value }), lifetime(expiresAt), expires]
      return (await deadline(() => run.create([keys.shardOf(id)], given))) === 1
    },

    async read(id) {
      const key = keys.valueKey(id)
      const record = openRecord(await deadline(() => twice(() => client.get(key))))
      return record !== undefined && record.expiresAt > now() ? record.value : undefined
    },

    async replace(id, previous, next, { expiresAt }) {
      const given = [id, previous, next, lifetime(expiresAt), milliseconds(expiresAt), milliseconds(now())]
      return (await deadline(() => run.replace([keys.shardOf(id)], given))) === 1
    },

    async delete(id) {
      return (await deadline(() => run.delete([keys.shardOf(id)], [id]))) === 1
    },
  }
}

function listing(context: Context): Pick<SessionStore, 'listBySubject' | 'sweep'> {
  const { now, run, keys, deadline } = context
  return {
    async *listBySubject(subject) {
      for (const shard of keys.shardsOfSubject(subject)) {
        const ids = texts(await deadline(() => twice(() => run.members([shard], [encodeURIComponent(subject)]))))
        for (let first = 0; first < ids.length; first += pageSize) {
          const page = ids.slice(first, first + pageSize)
          yield* pairs(await deadline(() => twice(() => run.values([shard], [milliseconds(now()), ...page]))))
        }
      }
    },

    async sweep(limit) {
      const swept: StoredValue[] = []
      try {
        for (const shard of keys.shardsInTurn()) {
          if (swept.length < limit) swept.push(...(await sweepShard(context, shard, limit - swept.length)))
        }
      } catch (error) {
        // What was removed before this shard failed must reach the caller; the error will come again.
        if (swept.length === 0) throw error
      }
      return swept
    },
  }
}

function sweepShard({ now, run, deadline }: Context, shard: string, limit: number): Promise<StoredValue[]> {
  const lease = milliseconds(now() + sweepLease)
  return sweepInSteps(
    async () => pairs(await deadline(() => run.take([shard], [milliseconds(now()), String(limit), lease]))),
    async (ids) => texts(await deadline(() => run.remove([shard], [lease, ...ids]))),
  )
}

function queue({ now, run, keys, deadline }: Context): Pick<SessionStore, 'enqueue' | 'claim' | 'settle'> {
  return {
    async enqueue(id, value, due) {
      await deadline(() => run.enqueue([keys.queue], [id, value, milliseconds(due)]))
    },

    async claim(limit, lease) {
      if (limit <= 0) return []
      const given = [milliseconds(now()), String(limit), milliseconds(now() + lease)]
      return pairs(await deadline(() => run.claim([keys.queue], given)))
    },

    async settle(id) {
      await deadline(() => run.settle([keys.queue], [id]))
    },
  }
}

const pageSize = 100
/**
 * An expired record waits for a sweep, which revokes its tokens. Where nobody sweeps for so long the application is gone,
 * and Globus has forgotten the refresh tokens as well (six months without use).
 */
const leftBehind = 183 * 24 * 3_600_000

/** Both libraries' names for the same commands. */
function commandsOf(client: NodeRedisClient | IoRedisClient): RedisCommands {
  if ('evalSha' in client && typeof client.evalSha === 'function') {
    return {
      eval: (script, keys, values) => client.eval(script, { keys, arguments: values }),
      evalSha: (sha1, keys, values) => client.evalSha(sha1, { keys, arguments: values }),
    }
  }
  if ('evalsha' in client && typeof client.evalsha === 'function') {
    return {
      eval: (script, keys, values) => client.eval(script, keys.length, ...keys, ...values),
      evalSha: (sha1, keys, values) => client.evalsha(sha1, keys.length, ...keys, ...values),
    }
  }
  throw new TypeError('redisStore takes a client or cluster of node-redis or ioredis, and this is neither.')
}

/** Whole milliseconds that Redis and Lua keep exactly; `Infinity` becomes a very late time. */
function milliseconds(time: number): string {
  return String(Math.max(Number.MIN_SAFE_INTEGER, Math.min(Math.floor(time), Number.MAX_SAFE_INTEGER)))
}

function texts(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map((item) => textOf(item) ?? '') : []
}

/** Scripts answer with identifier and value in turn. */
function pairs(reply: unknown): StoredValue[] {
  const flat = texts(reply)
  return flat.flatMap((id, index) => (index % 2 === 0 ? [{ id, value: flat[index + 1] ?? '' }] : []))
}
