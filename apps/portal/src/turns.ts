/** Takes care that one person's requests that need much memory do not all need it at once. */
export interface Turns {
  /** Does the work when it is this person's turn. Undefined: too much of theirs waits already. */
  take<T>(subject: string, work: () => Promise<T>): Promise<T | undefined>
}

interface Queue {
  running: number
  readonly waiting: (() => void)[]
}

/** Pieces of work of one person: how many go on, and how many wait. A page of theirs needs two, one for each side. */
const [mostAtOnce, mostWaiting] = [2, 50]

export function createTurns(): Turns {
  const people = new Map<string, Queue>()
  return {
    async take(subject, work) {
      const own = people.get(subject) ?? { running: 0, waiting: [] }
      if (own.waiting.length >= mostWaiting) return undefined
      people.set(subject, own)
      if (own.running < mostAtOnce) own.running += 1
      else await new Promise<void>((resolve) => own.waiting.push(resolve))
      try {
        return await work()
      } finally {
        // Whoever is next takes over the place.
        const next = own.waiting.shift()
        if (next === undefined) own.running -= 1
        else next()
        if (own.running === 0) people.delete(subject)
      }
    },
  }
}
