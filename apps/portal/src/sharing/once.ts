/** Does a piece of work once for all who ask for the same while it goes on, and for a minute after what `isDone` says. */
export type Once = <Result>(
  key: string,
  work: () => Promise<Result>,
  isDone: (result: Result) => boolean,
) => Promise<Result>

/** Milliseconds: as long as somebody presses a button twice, or loads the page again. */
const lifetime = 60_000

/** `now`: epoch milliseconds. In this process only: whoever has several must find out by other means too. */
export function createOnce(now: () => number): Once {
  const kept = new Map<string, { readonly result: Promise<unknown>; until: number }>()
  return async <Result>(key: string, work: () => Promise<Result>, isDone: (result: Result) => boolean) => {
    for (const [old, { until }] of kept) if (until <= now()) kept.delete(old)
    const known = kept.get(key)
    // What the key stands for was begun by the same function.
    if (known !== undefined) return known.result as Promise<Result>
    const entry = { result: work(), until: Number.POSITIVE_INFINITY }
    kept.set(key, entry)
    try {
      const result = await entry.result
      entry.until = isDone(result) ? now() + lifetime : 0
      return result
    } catch (error) {
      kept.delete(key)
      throw error
    }
  }
}
