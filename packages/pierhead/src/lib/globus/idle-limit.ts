import type { ServiceClock } from './client-options.ts'

export interface IdleLimit {
  /** Something moved: begins anew. */
  reset(): void
  stop(): void
}

/** Calls back when nothing has moved for so many milliseconds. */
export function idleLimit(clock: ServiceClock, milliseconds: number, onIdle: () => void): IdleLimit {
  let current = new AbortController()
  const stop = (): void => current.abort()
  return {
    reset() {
      stop()
      current = new AbortController()
      clock.wait(milliseconds, current.signal).then(onIdle, () => undefined)
    },
    stop,
  }
}
