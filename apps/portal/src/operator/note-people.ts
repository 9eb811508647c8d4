import type { MiddlewareHandler } from 'hono'
import { getSession } from 'pierhead/hono'
import type { PortalContext } from '../context.ts'
import { describeCause } from '../log.ts'

/** Keeps the list of who was here. That it cannot be written is no reason to turn anybody away. */
export function notePeople({ log, people }: PortalContext): MiddlewareHandler {
  return async (c, next) => {
    const session = getSession(c)
    try {
      if (session !== undefined) people.note(session.claims)
    } catch (error) {
      log.logger.warn({ cause: describeCause(error) }, 'The list of people could not be written.')
    }
    await next()
  }
}
