/** Answers of other services, kept for a moment. Each key has one question under way at a time; failures are not kept. */
export interface ShortCache<Value> {
  /** An answer whose question left less than `age` milliseconds ago, else a new one. */
  get(key: string, age: number, ask: () => Promise<Value>): Promise<Kept<Value>>
}

export interface Kept<Value> {
  readonly value: Value
  /** Monotonic milliseconds at which the question left: what changed later cannot be in the answer. */
  readonly askedAt: number
}

const maximumEntries = 10_000

/** `longest`: milliseconds after which an answer is of no use to anyone. */
export function createShortCache<Value>(monotonic: () => number, longest: number): ShortCache<Value> {
  const answers = new Map<string, { readonly askedAt: number; readonly answer: Promise<Value> }>()

  const drop = (now: number): void => {
    // In the order of asking: whatever comes after one that is young enough is younger still.
    for (const [key, { askedAt }] of answers) {
      if (answers.size < maximumEntries && now - askedAt <= longest) return
      answers.delete(key)
    }
  }

  return {
    async get(key, age, ask) {
      const now = monotonic()
      const known = answers.get(key)
      if (known !== undefined && now - known.askedAt < Math.min(age, longest)) {
        return { value: await known.answer, askedAt: known.askedAt }
      }
      drop(now)
      const answer = ask()
      answers.delete(key)
      answers.set(key, { askedAt: now, answer })
      try {
        return { value: await answer, askedAt: now }
      } catch (error) {
        if (answers.get(key)?.answer === answer) answers.delete(key)
        throw error
      }
    },
  }
}
