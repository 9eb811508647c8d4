import { LoginError } from '../errors.ts'
import type { SessionStore, StoredValue } from '../lib/session/session-store.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Epoch milliseconds; the same clock as the login's. Default: `Date.now`. */
  readonly now?: () => number
  /**
   * Values and jobs held at most, together. Default: 100 000. A full store refuses new ones: dropping the oldest would log
   * people out and forget revocations.
   */
  readonly maximumEntries?: number
}

interface Entry {
  value: string
  readonly subject: string
  expiresAt: number
}

interface Job {
  readonly value: string
  /** Not before this time; a claim moves it to the end of its lease. */
  due: number
}

/**
 * A session store in the memory of this process: for development, tests and apps of a single process. Everything in it,
 * waiting revocations too, is lost when the process ends.
 *
 * @throws LoginError `store_unavailable` from `create` and `enqueue` when the store is full
 */
export function memoryStore(options: MemoryStoreOptions = {}): SessionStore {
  const { now = Date.now, maximumEntries = 100_000 } = options
  const entries = new Map<string, Entry>()
  const queue = createQueue(now)

  function live(id: string): Entry | undefined {
    const entry = entries.get(id)
    return entry && entry.expiresAt > now() ? entry : undefined
  }

  function refuseWhenFull(): void {
    if (entries.size + queue.size() < maximumEntries) return
    throw new LoginError(
      'store_unavailable',
      `The memory store is full with ${maximumEntries} entries; raise maximumEntries or use another store.`,
    )
  }

  return {
    async create(id, value, { subject, expiresAt }) {
      if (entries.has(id)) return false
      refuseWhenFull()
      entries.set(id, { value, subject, expiresAt })
      return true
    },

    async read(id) {
      return live(id)?.value
    },

    async replace(id, previous, next, { expiresAt }) {
      const entry = live(id)
      if (entry?.value !== previous) return false
      entry.value = next
      entry.expiresAt = expiresAt
      return true
    },

    async delete(id) {
      return entries.delete(id)
    },

    async *listBySubject(subject) {
      // The caller may delete while it walks, and others may between two steps.
      const snapshot = [...entries]
      for (const [id, entry] of snapshot) {
        if (entry.subject === subject && live(id) === entry) yield { id, value: entry.value }
      }
    },

    async sweep(limit) {
      const expired = take(entries, limit, (entry) => entry.expiresAt <= now())
      for (const { id } of expired) entries.delete(id)
      return expired
    },

    async enqueue(id, value, due) {
      if (queue.has(id)) return
      refuseWhenFull()
      queue.add(id, { value, due })
    },

    async claim(limit, lease) {
      return queue.claim(limit, lease)
    },

    async settle(id) {
      queue.remove(id)
    },

    async close() {
      // Nothing was opened; another login of this process may still use it.
    },
  }
}

function take(entries: Iterable<[string, Entry]>, limit: number, fits: (entry: Entry) => boolean): StoredValue[] {
  const taken: StoredValue[] = []
  for (const [id, entry] of entries) {
    if (taken.length >= limit) break
    if (fits(entry)) taken.push({ id, value: entry.value })
  }
  return taken
}

interface Queue {
  size: () => number
  has: (id: string) => boolean
  add: (id: string, job: Job) => void
  claim: (limit: number, lease: number) => StoredValue[]
  remove: (id: string) => void
}

function createQueue(now: () => number): Queue {
  const jobs = new Map<string, Job>()
  return {
    size: () => jobs.size,
    has: (id) => jobs.has(id),
    add: (id, job) => void jobs.set(id, job),
    remove: (id) => void jobs.delete(id),
    claim(limit, lease) {
      const time = now()
      const earliestFirst = [...jobs].filter(([, job]) => job.due <= time).sort(([, a], [, b]) => a.due - b.due)
      return earliestFirst.slice(0, Math.max(0, limit)).map(([id, job]) => {
        job.due = time + lease
        return { id, value: job.value }
      })
    },
  }
}
