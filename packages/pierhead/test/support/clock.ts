import { setImmediate } from 'node:timers/promises'
import { frozenClock, settle, type FrozenClock } from '../../src/lib/testing/frozen-clock.ts'

export { settle }
export type TestClock = FrozenClock

export const startOfTests = Date.UTC(2026, 3, 1, 12)

export const createTestClock = (start = startOfTests): TestClock => frozenClock(start)

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
