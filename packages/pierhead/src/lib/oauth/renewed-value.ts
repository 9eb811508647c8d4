import { LoginError } from '../../errors.ts'
import { waitShared } from './http.ts'

/** A value that is fetched when first needed and renewed later, while the last good copy stays in use. */
export interface RenewedValue<T> {
  /**
   * The value. Without a copy this waits for a fetch, and throws when it fails: a failure is never remembered. A copy
   * older than its life is returned at once and renewed in the background.
   */
  current(signal?: AbortSignal): Promise<T>
  /**
   * For a caller whose work failed with `seen`: a newer copy, fetched if need be. Undefined when there is none because
   * such a fetch already happened less than 10 s ago.
   */
  newerThan(seen: T, signal?: AbortSignal): Promise<T | undefined>
}

/** What to fetch and how long a copy counts as fresh. */
export interface RenewedValueOptions<T> {
  /** Names the value in messages. */
  readonly what: string
  readonly load: (signal: AbortSignal) => Promise<T>
  readonly now: () => number
  /** Milliseconds for which a copy is used without renewing it. */
  readonly life: number
  /** A copy to begin with; renewed at first use. */
  readonly initial?: T | undefined
  readonly onStale?: ((error: LoginError) => void) | undefined
}

/** Pause between attempts while a copy can serve: milliseconds. */
const pause = 10_000
/** A fetch is shared by all callers, so no single caller's signal may end it; this does. Milliseconds. */
const fetchTimeout = 10_000

/** Creates a value that nobody has fetched yet. */
export function createRenewedValue<T>(options: RenewedValueOptions<T>): RenewedValue<T> {
  let value = options.initial
  let fetchedAt = -Infinity
  let triedAt = -Infinity
  let forcedAt = -Infinity
  let flight: Promise<T> | undefined

  async function fetchValue(): Promise<T> {
    triedAt = options.now()
    try {
      value = await options.load(AbortSignal.timeout(fetchTimeout))
      fetchedAt = options.now()
      return value
    } catch (error) {
      if (value !== undefined && error instanceof LoginError) options.onStale?.(error)
      throw error
    } finally {
      flight = undefined
    }
  }

  function startFetch(): Promise<T> {
    if (flight) return flight
    flight = fetchValue()
    // Nobody may be waiting for it; the failure was reported above.
    flight.catch(() => {})
    return flight
  }

  return {
    async current(signal) {
      if (value === undefined) return waitShared(options.what, startFetch(), signal)
      const now = options.now()
      if (now - fetchedAt >= options.life && now - triedAt >= pause) void startFetch()
      return value
    },

    async newerThan(seen, signal) {
      if (value !== undefined && value !== seen) return value
      const now = options.now()
      if (!flight && now - forcedAt < pause) return undefined
      if (!flight) forcedAt = now
      const newer = await waitShared(options.what, startFetch(), signal)
      return newer === seen ? undefined : newer
    },
  }
}
