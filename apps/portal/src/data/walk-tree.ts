import { isPierheadError } from 'pierhead'
import type { TransferClient } from 'pierhead/globus'

/** How large a folder is with all folders in it. Unless it is `whole`, there is at least as much. */
export interface TreeSize {
  readonly files: number
  readonly bytes: number
  /** `counting`: not done yet. `bound`: more than is counted. `unreadable`: parts were refused, or could not be had. */
  readonly state: 'whole' | 'counting' | 'bound' | 'unreadable'
}

/** How far one walk goes. Each folder costs a request: Transfer lists no tree. */
export interface WalkBounds {
  readonly folders: number
  readonly entries: number
  /** Milliseconds. */
  readonly time: number
}

export interface Walk {
  /** As far as it is known now. */
  now(): TreeSize
  readonly ended: Promise<void>
}

interface WalkOptions {
  readonly transfer: TransferClient
  readonly collection: string
  readonly path: string
  readonly bounds: WalkBounds
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly signal: AbortSignal
}

/** Requests at a time, of the 20 a second that one person may send. */
const atOnce = 3

/**
 * Adds up a tree with the person's own rights. Links are left out, as a transfer leaves them out; hidden files count. It never
 * throws for what Globus answers.
 */
export function walkTree({ bounds, collection, now, path, signal, transfer }: WalkOptions): Walk {
  const until = now() + bounds.time
  const waiting = [path]
  let [files, bytes, asked, seen, isUnreadable, isDone] = [0, 0, 0, 0, false, false]
  const isBound = (): boolean => asked >= bounds.folders || seen >= bounds.entries || now() >= until || signal.aborted

  const list = async (folder: string): Promise<void> => {
    asked += 1
    try {
      const query = { path: folder, show_hidden: 'true' } as const
      const { complete, items } = await transfer.fileOperations.ls(collection, query, { signal }).collect()
      isUnreadable ||= !complete
      seen += items.length
      for (const { link_target: target, name, size, type } of items) {
        if ((target ?? null) !== null) continue
        if (type === 'dir') waiting.push(`${folder}${name}/`)
        else if (type === 'file') {
          files += 1
          bytes += size ?? 0
        }
      }
    } catch (error) {
      if (!isPierheadError(error) && !signal.aborted) throw error
      isUnreadable = true
    }
  }

  const run = async (): Promise<void> => {
    try {
      while (waiting.length > 0 && !isBound()) {
        const room = Math.min(atOnce, bounds.folders - asked)
        await Promise.all(waiting.splice(0, room).map(list))
      }
    } finally {
      isDone = true
    }
  }

  return {
    ended: run(),
    now: () => ({
      files,
      bytes,
      state: !isDone ? 'counting' : waiting.length > 0 ? 'bound' : isUnreadable ? 'unreadable' : 'whole',
    }),
  }
}
