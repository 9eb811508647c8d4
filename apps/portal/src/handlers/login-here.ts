import type { Context } from 'hono'
import type { PortalContext } from '../context.ts'

/** Where somebody logs in who wants to come back to this page. */
export function loginHere(c: Context, { login }: PortalContext): string {
  const { pathname, search } = new URL(c.req.url)
  return login.loginUrl({ returnTo: `${pathname}${search}` })
}
