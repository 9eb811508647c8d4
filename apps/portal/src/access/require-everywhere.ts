import type { MiddlewareHandler } from 'hono'
import type { PortalContext } from '../context.ts'
import { requireAccess } from './require-access.ts'

/** Paths below which somebody who is refused can see who they are, and leave. Admins have a guard of their own. */
const always = [/^\/$/, /^\/account(?:\/|$)/, /^\/admin(?:\/|$)/]

/** Asks everybody for what `access.require` says, on every path but a few: a new page is closed until somebody opens it. */
export function requireEverywhere({ config }: PortalContext): MiddlewareHandler {
  return async (c, next) => {
    const { access, site } = config
    if (access !== undefined && !always.some((path) => path.test(c.req.path)))
      await requireAccess(c, access, { contact: site.contact })
    await next()
  }
}
