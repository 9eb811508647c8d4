import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/lib/login/clock.ts'

interface Timer {
  readonly due: number
  readonly ring: () => void
}

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  readonly now: () => number
  /** Moves both times ahead, timer by timer, and lets what rang run on before the next. */
  advance(milliseconds: number): Promise<void>
  /** Moves the wall clock alone, as an operator or a time server does. */
  setWall(epochMilliseconds: number): void
  readonly pending: number
}

export const startOfTests = Date.UTC(2026, 3, 1, 12)

export function createTestClock(start = startOfTests): TestClock {
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

/** Turns the event loop until something is so; a test that waits in vain fails by its own limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate()
}

/** Moves the clock on, a little at a time, until the work is done; answers of servers arrive in between. */
export async function drive<Result>(clock: TestClock, work: Promise<Result>): Promise<Result> {
  const state = watch(work)
  while (!state.done) {
    await settle(50)
    if (!state.done) await clock.advance(50)
  }
  return work
}

/** Tells without waiting whether the work is over. */
export function watch(work: Promise<unknown>): { readonly done: boolean } {
  const state = { done: false }
  const mark = (): void => void (state.done = true)
  work.then(mark, mark)
  return state
}

/** A promise that a test opens when it is time. */
export function createGate(): { readonly promise: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, open: resolve }
}
