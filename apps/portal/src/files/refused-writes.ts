import { isGlobusServiceError, type LoginSession } from 'pierhead'
import { fileFailure } from './failure.ts'
import type { FolderPath } from './path.ts'

/** A folder as one person sees it. */
export interface PersonsFolder {
  readonly session: LoginSession
  readonly collectionId: string
  readonly path: FolderPath
}

/**
 * Folders in which Globus did not let a person write. Nothing tells it beforehand: Transfer's documents have no such field,
 * and the rules of a guest collection are shown to those who manage it only. So one refusal is remembered for the session.
 */
export interface RefusedWrites {
  has(folder: PersonsFolder): boolean
  /** Writes, and remembers whether that was allowed. Throws what the work throws. */
  watch<T>(folder: PersonsFolder, write: () => Promise<T>): Promise<T>
}

/** Milliseconds. Somebody may have given the right meanwhile. */
const lifetime = 10 * 60_000
const most = 1000

export function createRefusedWrites(now: () => number): RefusedWrites {
  const refused = new Map<string, number>()
  const keyOf = ({ collectionId, path, session }: PersonsFolder): string => `${session.id} ${collectionId} ${path}`
  const note = (key: string): void => {
    refused.delete(key)
    refused.set(key, now() + lifetime)
    // The oldest goes first: a map keeps the order in which things came.
    for (const oldest of refused.keys()) {
      if (refused.size <= most) break
      refused.delete(oldest)
    }
  }
  return {
    has: (folder) => (refused.get(keyOf(folder)) ?? 0) > now(),
    async watch(folder, write) {
      const key = keyOf(folder)
      try {
        const result = await write()
        refused.delete(key)
        return result
      } catch (error) {
        if (isGlobusServiceError(error) && fileFailure(error, 'folder').code === 'denied') note(key)
        throw error
      }
    },
  }
}
