import type { ServiceClock } from './client-options.ts'

export interface IdleLimit {
  /** Something moved: begins anew. Cheap enough for every chunk. */
  reset(): void
  /** Until the next `reset` nothing has to move. */
  pause(): void
  /** For good. */
  stop(): void
}

/**
 * Calls back when nothing has moved for so many milliseconds. One timer that looks when it is due: a timer for each chunk would
 * cost more than the chunk.
 */
export function idleLimit(clock: ServiceClock, milliseconds: number, onIdle: () => void): IdleLimit {
  const ended = new AbortController()
  let due: number | undefined
  let isWatching = false
  const watch = async (): Promise<void> => {
    isWatching = true
    try {
      for (let left = milliseconds; left > 0; left = due === undefined ? 0 : due - clock.now())
        await clock.wait(left, ended.signal)
      if (due !== undefined) onIdle()
    } catch {
      // Stopped.
    } finally {
      isWatching = false
    }
  }
  return {
    reset() {
      due = clock.now() + milliseconds
      if (!isWatching && !ended.signal.aborted) void watch()
    },
    pause() {
      due = undefined
    },
    stop() {
      due = undefined
      ended.abort()
    },
  }
}
