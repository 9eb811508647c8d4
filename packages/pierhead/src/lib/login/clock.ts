import { setTimeout as delay } from 'node:timers/promises'

/** All time that this package reads. Tests pass their own. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Milliseconds from an arbitrary start, never stepping back: for leases and deadlines. */
  readonly monotonic: () => number
  /** Resolves after so many milliseconds; rejects when the signal aborts first. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** A signal that aborts after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  wait: (milliseconds, signal) => delay(milliseconds, undefined, signal === undefined ? {} : { signal }),
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
}
