/** Seconds. Both are checked on the server at every request, whatever the cookie's own lifetime says. */
export interface SessionLimits {
  /** From the last request that was seen. */
  readonly idle: number
  /** From login. Nothing extends it. */
  readonly absolute: number
}

/** Epoch milliseconds. */
export interface SessionTimes {
  readonly created: number
  readonly seen: number
  /** The session ends here at the latest; may be earlier than the absolute limit. */
  readonly ends: number
}

/** One leeway for clocks of several machines that share a store. */
const leeway = 60_000
/** A session that is used writes at most this often; a short idle limit makes it more often. */
const touchInterval = 60_000

export function isExpired(times: SessionTimes, limits: SessionLimits, now: number): boolean {
  return now >= expiresAt(times, limits) || times.created > now + leeway
}

/** Epoch milliseconds at which the session ends if nothing is seen of it any more. */
export function expiresAt(times: SessionTimes, limits: SessionLimits): number {
  return Math.min(absoluteEnd(times, limits), times.seen + limits.idle * 1000)
}

/** Epoch milliseconds after which the session cannot exist, however much it is used. */
export function absoluteEnd(times: SessionTimes, limits: SessionLimits): number {
  return Math.min(times.ends, times.created + limits.absolute * 1000)
}

export function needsTouch(times: SessionTimes, limits: SessionLimits, now: number): boolean {
  return now - times.seen >= Math.min(touchInterval, limits.idle * 100)
}
