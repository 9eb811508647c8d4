import type { IncomingMessage } from 'node:http'
import type { Answer } from './answer.ts'
import type { BearerGuard, Caller } from './bearer.ts'
import { createCallers } from './callers.ts'

const callers = createCallers<IncomingMessage>()
const guards = new WeakMap<IncomingMessage, BearerGuard>()

/** The refusal of a request, or undefined when its token is good: then its caller is remembered. */
export async function checkBearer(req: IncomingMessage, guard: BearerGuard): Promise<Answer | undefined> {
  const checked = await guard.check((name) => req.headersDistinct[name]?.join(', '))
  if ('answer' in checked) return checked.answer
  callers.keep(req, checked.caller)
  guards.set(req, guard)
  return undefined
}

/** The answer to an error of this package in a request that a guard let in. */
export function recoverBearer(req: IncomingMessage, error: unknown): Answer | undefined {
  return guards.get(req)?.recover(error)
}

/** Throws a TypeError where no guard let the request in. */
export const callerOf = (req: IncomingMessage): Caller => callers.require(req)
