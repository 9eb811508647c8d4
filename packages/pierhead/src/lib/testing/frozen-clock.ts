import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../login/clock.ts'

interface Timer {
  readonly due: number
  readonly ring: () => void
}

/** A clock that stands still until a test moves it. */
export interface FrozenClock extends Clock {
  /** Moves both times ahead by so many milliseconds, timer by timer, and lets what rang run on before the next. */
  advance(milliseconds: number): Promise<void>
  /** Moves the wall clock alone, as an operator or a time server does. Epoch milliseconds. */
  setWall(epochMilliseconds: number): void
  /** Timers that have not rung yet. */
  readonly pending: number
}

/** For the `clock` of a login, a store or both. Starts at the present second unless epoch milliseconds are given. */
export function frozenClock(start: number = Math.floor(Date.now() / 1000) * 1000): FrozenClock {
  let wall = start
  let steady = 0
  const timers = new Set<Timer>()

  const add = (milliseconds: number, ring: () => void): Timer => {
    const timer = { due: steady + milliseconds, ring }
    timers.add(timer)
    return timer
  }

  const step = (to: number): void => {
    wall += to - steady
    steady = to
  }

  return {
    now: () => wall,
    monotonic: () => steady,
    wait: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const timer = add(milliseconds, resolve)
        const stop = (): void => {
          timers.delete(timer)
          reject(new DOMException('The wait was aborted.', 'AbortError'))
        }
        if (signal?.aborted === true) stop()
        else signal?.addEventListener('abort', stop, { once: true })
      }),
    timeout(milliseconds) {
      const controller = new AbortController()
      add(milliseconds, () => controller.abort(new DOMException('Timed out.', 'TimeoutError')))
      return controller.signal
    },
    async advance(milliseconds) {
      const end = steady + milliseconds
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.due <= end).toSorted((left, right) => left.due - right.due)
        if (next === undefined) break
        timers.delete(next)
        step(Math.max(steady, next.due))
        next.ring()
        await settle()
      }
      step(end)
      await settle()
    },
    setWall: (epochMilliseconds) => void (wall = epochMilliseconds),
    get pending() {
      return timers.size
    },
  }
}

/** Lets promises, and answers that have arrived already, run on. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate()
}
