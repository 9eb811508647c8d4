import type { BearerGuard, Caller } from './bearer.ts'
import { createCallers } from './callers.ts'
import { toResponse } from './fetch-answer.ts'

const callers = createCallers<Request>()

/** What answers a request of an application: the guard, else the handler, else what its error asks for. */
export async function answerBearer(
  guard: BearerGuard,
  request: Request,
  handle: () => Response | Promise<Response>,
): Promise<Response> {
  const checked = await guard.check((name) => request.headers.get(name) ?? undefined)
  if ('answer' in checked) return toResponse(checked.answer)
  callers.keep(request, checked.caller)
  try {
    return await handle()
  } catch (error) {
    const answer = guard.recover(error)
    if (answer === undefined) throw error
    return toResponse(answer)
  }
}

/** Throws a TypeError where no guard let the request in. */
export const callerOf = (request: Request): Caller => callers.require(request)
