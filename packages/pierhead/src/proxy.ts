import { LoginError } from './errors.ts'
import { createApiProxy, type ApiProxy, type ApiProxyOptions, type ProxySession } from './lib/globus/api-proxy.ts'
import { isSameCsrfToken } from './lib/login/csrf.ts'

export type { ApiProxy, ApiProxyOptions, ProxyRequest, ProxySession } from './lib/globus/api-proxy.ts'
export type { ProxiedCollection, ProxiedMethod, ProxiedService, ProxyRule } from './lib/globus/proxy-routes.ts'

/**
 * Lets code in the browser call Globus as the person who is logged in, while tokens stay on the server. Only what is named
 * in the options can be reached. The adapters' `proxyHandler` serves it; `pierhead/browser` sends to it.
 *
 * Throws a `TypeError` that names the option when one is wrong.
 */
export function createProxy(options: ApiProxyOptions): ApiProxy {
  return createApiProxy(options, checkCsrf)
}

/** Reading calls need the token too: the proxy acts for the person, and only pages of the session may ask it to. */
function checkCsrf(token: string | null, session: ProxySession): void {
  if (token !== null && isSameCsrfToken(token, session.csrfToken)) return
  throw new LoginError(
    'csrf_refused',
    `The request carries ${token === null ? 'no token' : 'a token of another session'}.`,
  )
}
