import type { Clock } from 'pierhead'

/** The system's clock, which a test can put forward. Waiting is real, and as much shorter as `haste` says. */
export class TestClock implements Clock {
  /** A deadline of 10 s fires after 10 s divided by this. Raise it only for what is meant to come too late. */
  haste = 1
  #ahead = 0

  advance(seconds: number): void {
    this.#ahead += seconds * 1000
  }

  readonly now = (): number => Date.now() + this.#ahead

  monotonic(): number {
    return performance.now() + this.#ahead
  }

  timeout(milliseconds: number): AbortSignal {
    return AbortSignal.timeout(Math.ceil(milliseconds / this.haste))
  }

  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, milliseconds / this.haste)
      const stop = (): void => {
        clearTimeout(timer)
        reject(new DOMException('The wait was aborted.', 'AbortError'))
      }
      if (signal?.aborted === true) stop()
      else signal?.addEventListener('abort', stop, { once: true })
    })
  }
}
