/**
 * Opened values, remembered under the exact sealed text that they came from, so that only the same text finds them.
 * Bounded in bytes; the oldest go first.
 */
export interface Remembered<Value> {
  get(sealed: string): Value | undefined
  /** `more`: characters of sealed text that the value keeps beside this one. */
  set(sealed: string, value: Value, more?: number): void
  delete(sealed: string): void
  readonly bytes: number
}

/** An entry costs about its sealed text twice: as key, and opened. */
const costFactor = 2
const entryOverhead = 256

export function createRemembered<Value>(maxBytes: number): Remembered<Value> {
  const entries = new Map<string, { value: Value; cost: number }>()
  let bytes = 0

  const remove = (sealed: string): void => {
    bytes -= entries.get(sealed)?.cost ?? 0
    entries.delete(sealed)
  }

  return {
    get: (sealed) => entries.get(sealed)?.value,
    set(sealed, value, more = 0) {
      const cost = (sealed.length + more) * costFactor + entryOverhead
      remove(sealed)
      if (cost > maxBytes) return
      entries.set(sealed, { value, cost })
      bytes += cost
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes) break
        remove(oldest)
      }
    },
    delete: remove,
    get bytes() {
      return bytes
    },
  }
}
