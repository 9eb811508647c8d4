import { setTimeout as delay } from 'node:timers/promises'

/** Time and chance, for tests. A `Clock` of `createLogin` fits. */
export interface ServiceClock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Resolves after so many milliseconds; rejects when the signal aborts first. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** A signal that aborts after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal
}

/** For all calls of a client. */
export interface ClientOptions {
  /** Milliseconds for one call, attempts and waits between them included. Default 30,000. */
  readonly timeout?: number
  /** Most bytes of one answer, decompressed. Default 64 MiB: a listing of 100,000 entries fits. */
  readonly maximumBytes?: number
  /** Default: Node's own. */
  readonly fetch?: typeof fetch
  /** Tells the time, for tests. Default: the system's. */
  readonly clock?: ServiceClock
  /** From 0 to 1, for the jitter of waits. Default `Math.random`. */
  readonly random?: () => number
}

/** For one call. */
export interface CallOptions {
  /** Ends the call; what it throws is the signal's reason. */
  readonly signal?: AbortSignal
  /** Milliseconds, in place of the client's. */
  readonly timeout?: number
}

export const defaultTimeout = 30_000
export const defaultMaximumBytes: number = 64 * 1024 * 1024

export const systemClock: ServiceClock = {
  now: () => Date.now(),
  wait: (milliseconds, signal) => delay(milliseconds, undefined, signal === undefined ? {} : { signal }),
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
}
