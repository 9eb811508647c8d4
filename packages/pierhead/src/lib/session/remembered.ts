/**
 * Opened values, remembered under the exact sealed text that they came from, so that only the same text finds them.
 * Bounded in bytes; the oldest go first.
 */
export interface Remembered<Value> {
  get(sealed: string): Value | undefined
  set(sealed: string, value: Value): void
  delete(sealed: string): void
  readonly bytes: number
}

/** An entry costs about its sealed text twice: as key, and opened. */
const costFactor = 2
const entryOverhead = 256

export function createRemembered<Value>(maxBytes: number): Remembered<Value> {
  const entries = new Map<string, Value>()
  let bytes = 0

  const remove = (sealed: string): void => {
    if (entries.delete(sealed)) bytes -= cost(sealed)
  }

  return {
    get: (sealed) => entries.get(sealed),
    set(sealed, value) {
      if (cost(sealed) > maxBytes) return
      remove(sealed)
      entries.set(sealed, value)
      bytes += cost(sealed)
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

function cost(sealed: string): number {
  return sealed.length * costFactor + entryOverhead
}
