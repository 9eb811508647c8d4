import type { SessionStore, StoredValue } from '../lib/session/session-store.ts'

export interface MemoryStoreOptions {
  /** Epoch milliseconds. Default: the system clock. */
  readonly now?: () => number
}

interface Entry {
  value: string
  subject: string
  expiresAt: number
}

/** Sessions in this process's memory: for tests and for one process that may forget everyone at a restart. */
export function memoryStore(options: MemoryStoreOptions = {}): SessionStore {
  const now = options.now ?? Date.now
  const entries = new Map<string, Entry>()
  const jobs = new Map<string, { value: string; due: number }>()
  const live = (id: string): Entry | undefined => {
    const entry = entries.get(id)
    return entry !== undefined && entry.expiresAt > now() ? entry : undefined
  }
  return {
    async create(id, value, entry) {
      if (entries.has(id)) return false
      entries.set(id, { value, ...entry })
      return true
    },
    read: async (id) => live(id)?.value,
    async replace(id, previous, next, { expiresAt }) {
      const entry = live(id)
      if (entry?.value !== previous) return false
      entries.set(id, { ...entry, value: next, expiresAt })
      return true
    },
    delete: async (id) => entries.delete(id),
    async *listBySubject(subject) {
      for (const [id, entry] of Array.from(entries))
        if (entry.subject === subject && live(id) !== undefined) yield { id, value: entry.value }
    },
    async sweep(limit) {
      const expired: StoredValue[] = []
      for (const [id, entry] of entries) {
        if (expired.length >= limit) break
        if (entry.expiresAt <= now()) expired.push({ id, value: entry.value })
      }
      for (const { id } of expired) entries.delete(id)
      return expired
    },
    async enqueue(id, value, due) {
      if (!jobs.has(id)) jobs.set(id, { value, due })
    },
    async claim(limit, lease) {
      const due = [...jobs].filter(([, job]) => job.due <= now()).slice(0, limit)
      for (const [, job] of due) job.due = now() + lease
      return due.map(([id, job]) => ({ id, value: job.value }))
    },
    settle: async (id) => void jobs.delete(id),
    close: async () => undefined,
  }
}
