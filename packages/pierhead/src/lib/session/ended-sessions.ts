/** Sessions that this process ended, until they would have expired anyway: their cookies may come back. */
export interface EndedSessions {
  /** False: it was ended already. */
  add(sid: string, until: number): boolean
  has(sid: string): boolean
}

const maxEntries = 100_000

export function createEndedSessions(now: () => number): EndedSessions {
  const ended = new Map<string, number>()
  return {
    add(sid, until) {
      if (ended.has(sid)) return false
      if (ended.size >= maxEntries) prune(ended, now())
      ended.set(sid, until)
      return true
    },
    has: (sid) => ended.size > 0 && ended.has(sid),
  }
}

/** Drops what has expired; if that is nothing, the oldest. */
function prune(ended: Map<string, number>, now: number): void {
  for (const [sid, until] of ended) if (until <= now) ended.delete(sid)
  if (ended.size < maxEntries) return
  for (const oldest of ended.keys()) {
    ended.delete(oldest)
    return
  }
}
