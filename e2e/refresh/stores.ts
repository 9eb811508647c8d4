import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionStore } from 'pierhead'
import { sqliteStore } from 'pierhead/session-store/sqlite'

/** A kind of store that several processes can share. Another kind is one more entry of `sharedStores`. */
export interface SharedStore {
  /** Makes an empty one and says where it is: a file, or the address of a server. */
  readonly create: () => Promise<{ readonly place: string; readonly remove: () => Promise<void> }>
  /** Opens it in the process that asks. */
  readonly open: (place: string, now: () => number) => SessionStore
}

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
} as const satisfies Readonly<Record<string, SharedStore>>

export type SharedStoreName = keyof typeof sharedStores

// The keys of an object literal are its names.
export const sharedStoreNames = Object.keys(sharedStores) as SharedStoreName[]
