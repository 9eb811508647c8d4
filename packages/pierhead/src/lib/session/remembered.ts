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

interface Entry<Value> {
  readonly sealed: string
  readonly value: Value
  readonly cost: number
}

export function createRemembered<Value>(maxBytes: number): Remembered<Value> {
  const entries = new Map<string, Entry<Value>>()
  let bytes = 0

  const find = (sealed: string): Entry<Value> | undefined => {
    const entry = entries.get(keyOf(sealed))
    return entry?.sealed === sealed ? entry : undefined
  }
  const removeKey = (key: string): void => {
    bytes -= entries.get(key)?.cost ?? 0
    entries.delete(key)
  }

  return {
    get: (sealed) => find(sealed)?.value,
    set(sealed, value, more = 0) {
      const cost = (sealed.length + more) * costFactor + entryOverhead
      const key = keyOf(sealed)
      removeKey(key)
      if (cost > maxBytes) return
      entries.set(key, { sealed, value, cost })
      bytes += cost
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes) break
        removeKey(oldest)
      }
    },
    delete(sealed) {
      if (find(sealed) !== undefined) removeKey(keyOf(sealed))
    },
    get bytes() {
      return bytes
    },
  }
}

/**
 * The nonce of the sealed value, which is random, or the whole of a text that has none: hashing a few characters is cheaper
 * than hashing a thousand. What is found is compared with the whole text; two of one nonce take each other's place.
 */
function keyOf(sealed: string): string {
  const header = sealed.indexOf('..')
  return header < 0 ? sealed : sealed.slice(header + 2, header + 18)
}
