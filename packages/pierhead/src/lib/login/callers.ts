import type { Caller } from './bearer.ts'

/** Who sent the token of each request that is under way. */
export interface Callers<Request extends object> {
  keep(request: Request, caller: Caller): void
  /** Throws a TypeError when no guard let the request in. */
  require(request: Request): Caller
}

export function createCallers<Request extends object>(): Callers<Request> {
  const callers = new WeakMap<Request, Caller>()
  return {
    keep: (request, caller) => void callers.set(request, caller),
    require(request) {
      const caller = callers.get(request)
      if (caller === undefined) throw new TypeError('Run bearer(…) before the handlers that ask for a caller.')
      return caller
    },
  }
}
