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
  const queue = createQueue(now, refuseWhenFull)

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

    read: async (id) => live(id)?.value,

    async replace(id, previous, next, { expiresAt }) {
      const entry = live(id)
      if (entry?.value !== previous) return false
      entry.value = next
      entry.expiresAt = expiresAt
      return true
    },

    delete: async (id) => entries.delete(id),

    async *listBySubject(subject) {
      // The caller may delete while it walks, and others may between two steps.
      for (const id of idsOf(entries, subject)) {
        const value = live(id)?.value
        if (value !== undefined) yield { id, value }
      }
    },

    async sweep(limit) {
      const expired = take(entries, limit, (entry) => entry.expiresAt <= now())
      for (const { id } of expired) entries.delete(id)
      return expired
    },

    enqueue: queue.enqueue,
    claim: queue.claim,
    settle: queue.settle,

    // Nothing was opened; another login of this process may still use it.
    close: async () => undefined,
  }
}

function idsOf(entries: ReadonlyMap<string, Entry>, subject: string): string[] {
  return [...entries].filter(([, entry]) => entry.subject === subject).map(([id]) => id)
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
  readonly size: () => number
  readonly enqueue: SessionStore['enqueue']
  readonly claim: SessionStore['claim']
  readonly settle: SessionStore['settle']
}

function createQueue(now: () => number, beforeAdding: () => void): Queue {
  const jobs = new Map<string, Job>()
  return {
    size: () => jobs.size,

    enqueue: async (id, value, due) => {
      if (jobs.has(id)) return
      beforeAdding()
      jobs.set(id, { value, due })
    },

    claim: async (limit, lease) => {
      const time = now()
      const earliestFirst = [...jobs].filter(([, job]) => job.due <= time).sort(([, a], [, b]) => a.due - b.due)
      return earliestFirst.slice(0, Math.max(0, limit)).map(([id, job]) => {
        job.due = time + lease
        return { id, value: job.value }
      })
    },

    settle: async (id) => {
      jobs.delete(id)
    },
  }
}
