import type { MiddlewareHandler } from 'hono'
import { scopes } from 'pierhead/globus'
import { getSession, requireScopes } from 'pierhead/hono'

/** For pages that need Globus Transfer: asks for its token anew from whoever has given it back. */
export function requireTransfer(): MiddlewareHandler {
  return async (c, next) => {
    if (getSession(c) !== undefined) requireScopes(c, scopes.transfer.all)
    await next()
  }
}
