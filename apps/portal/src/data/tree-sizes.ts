import type { Clock, LoginSession } from 'pierhead'
import type { Globus } from '../globus.ts'
import { walkTree, type TreeSize, type Walk, type WalkBounds } from './walk-tree.ts'

/**
 * Sizes of whole datasets. They are walked with the rights of whoever looks, and remembered for that session only: another
 * person may be let into fewer folders, and must not learn what is in the others.
 */
export interface TreeSizes {
  /** Waits a moment, so that small datasets show at once; a larger one is counted on. Undefined: nothing is known. */
  of(session: LoginSession, collection: string, path: string): Promise<TreeSize | undefined>
}

export interface TreeSizesOptions {
  readonly globus: Globus
  readonly clock: Pick<Clock, 'now' | 'wait'>
  /** Ends every walk. */
  readonly closing: AbortSignal
  readonly bounds?: WalkBounds
}

const usualBounds: WalkBounds = { folders: 60, entries: 200_000, time: 20_000 }
/** Milliseconds that a page waits for a walk. */
const patience = 700
/** Milliseconds for which a count that has ended is good. */
const lifetime = 10 * 60_000
/** Walks at a time, of all people together. Whoever comes when there are more sees no size. */
const mostWalks = 8
const mostKept = 500

interface Kept {
  readonly walk: Walk
  until: number
}

export function createTreeSizes({ bounds = usualBounds, clock, closing, globus }: TreeSizesOptions): TreeSizes {
  const kept = new Map<string, Kept>()
  let walking = 0

  const start = (session: LoginSession, collection: string, path: string): Kept | undefined => {
    const key = keyOf(session, collection, path)
    if (walking >= mostWalks) return undefined
    walking += 1
    const transfer = globus.transfer(session)
    const walk = walkTree({ transfer, collection, path, bounds, now: () => clock.now(), signal: closing })
    const entry: Kept = { walk, until: Number.POSITIVE_INFINITY }
    const end = (): void => {
      walking -= 1
      entry.until = clock.now() + lifetime
      // The person may allow it a moment later.
      if (isNothing(walk.now()) && kept.get(key) === entry) kept.delete(key)
    }
    void walk.ended.then(end, end)
    return entry
  }

  return {
    async of(session, collection, path) {
      const key = keyOf(session, collection, path)
      const known = kept.get(key)
      const entry = known !== undefined && known.until > clock.now() ? known : start(session, collection, path)
      if (entry === undefined) return undefined
      kept.delete(key)
      kept.set(key, entry)
      // The oldest goes first: a map keeps the order in which things came.
      for (const oldest of kept.keys()) {
        if (kept.size <= mostKept) break
        kept.delete(oldest)
      }
      const soon = new AbortController()
      await Promise.race([
        entry.walk.ended.catch(() => undefined),
        clock.wait(patience, soon.signal).catch(() => undefined),
      ])
      soon.abort()
      const size = entry.walk.now()
      return isNothing(size) ? undefined : size
    },
  }
}

const keyOf = ({ id }: LoginSession, collection: string, path: string): string => `${id} ${collection} ${path}`

/** What cannot be listed at all has no size. */
const isNothing = ({ files, state }: TreeSize): boolean => files === 0 && state !== 'whole' && state !== 'bound'
