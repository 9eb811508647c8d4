import type { StoredValue } from './session-store.ts'

/** For how long, in milliseconds, expired values that one sweep took are hidden from every other. */
export const sweepLease = 60_000

/**
 * A sweep in two steps, for stores across a network: values are hidden, read, and only then removed. Were they removed at
 * once, an answer that is lost on the way would take their tokens with it, and nobody would revoke them. Where the second
 * step fails, nobody knows whether it happened: to hand a value over twice does no harm.
 */
export async function sweepInSteps(
  take: () => Promise<StoredValue[]>,
  remove: (ids: string[]) => Promise<Iterable<string>>,
): Promise<StoredValue[]> {
  const taken = await take()
  if (taken.length === 0) return []
  try {
    const removed = new Set(await remove(taken.map(({ id }) => id)))
    return taken.filter(({ id }) => removed.has(id))
  } catch {
    return taken
  }
}
