import type { Context, Handler, MiddlewareHandler } from 'hono'
import type { ApiProxy } from './lib/globus/api-proxy.ts'
import { guardsFor, type AdapterGuards } from './lib/login/adapter-guards.ts'
import type { BearerGuard, Caller } from './lib/login/bearer.ts'
import { createCallers } from './lib/login/callers.ts'
import { addHeaders, toResponse } from './lib/login/fetch-answer.ts'
import { targetOf as targetIn } from './lib/login/fetch-visit.ts'
import type { Login } from './lib/login/login.ts'
import { limitForm } from './lib/login/read-form.ts'
import type { LoginRequest } from './lib/login/request.ts'
import type { Visit } from './lib/login/visit.ts'

const variable = 'pierhead'

/**
 * Serves login, callback and logout, loads the session, refuses forged requests, and turns errors of this package into a
 * redirect or a problem document. Register it before the routes that need a session.
 */
export function loginMiddleware<Data>(login: Login<Data>): MiddlewareHandler {
  return async (c, next) => {
    const visit = await login.open(toLoginRequest(c))
    let form: Promise<URLSearchParams> | undefined
    const readOnce = (): Promise<URLSearchParams> => (form ??= readForm(c))
    const answer = await visit.route(readOnce)
    if (answer !== undefined) return toResponse(answer, visit.headers())
    c.set(variable, visit)
    const held = visit.session !== undefined
    // Set before the response is built, which is far cheaper than after; checked again below in case a handler set its own.
    if (held) c.header('Cache-Control', 'private, no-store')
    if (held) c.header('Vary', 'Cookie', { append: true })
    await next()
    const recovered = c.error === undefined ? undefined : await visit.recover(c.error, readOnce)
    if (recovered === undefined) addHeaders(c, visit.headers())
    else replace(c, toResponse(recovered, visit.headers()))
    return undefined
  }
}

type Guards = AdapterGuards<Context>
const guards: Guards = guardsFor((c) => {
  // Only loginMiddleware sets it.
  const visit = c.get(variable) as Visit<never> | undefined
  if (visit === undefined) throw new TypeError('Register loginMiddleware before the routes that ask for a session.')
  return visit
})

/** The session, or undefined for an anonymous visitor. */
export const getSession: Guards['getSession'] = guards.getSession
/** The session. Throws `LoginRequiredError`, which sends a page to log in and back, and answers a script with 401. */
export const requireSession: Guards['requireSession'] = guards.requireSession
/** The session, once its tokens have these scopes; the person is asked for what is missing. */
export const requireScopes: Guards['requireScopes'] = guards.requireScopes
/** How the person, by any linked identity, is in a group. Await it: nothing is decided before. */
export const requireGroup: Guards['requireGroup'] = guards.requireGroup
/** The session, once its person logged in as it is asked for. Await it: nothing is decided before. */
export const requireAuthentication: Guards['requireAuthentication'] = guards.requireAuthentication

const callers = createCallers<Context>()

/** For resource servers: lets in who sent a good token, and answers errors of this package as their application understands. */
export function bearer(guard: BearerGuard): MiddlewareHandler {
  return async (c, next) => {
    const checked = await guard.check((name) => c.req.header(name))
    if ('answer' in checked) return toResponse(checked.answer)
    callers.keep(c, checked.caller)
    await next()
    const recovered = c.error && guard.recover(c.error)
    if (recovered !== undefined) replace(c, toResponse(recovered))
    return undefined
  }
}

/** Who sent the token. Throws a TypeError where `bearer` did not let the request in. */
export const requireCaller: (c: Context) => Caller = (c) => callers.require(c)

/** Serves a proxy of `pierhead/proxy`: `app.all('/globus/*', proxyHandler(proxy))`. */
export function proxyHandler(proxy: ApiProxy): Handler {
  return (c) => {
    const { method, headers, body, signal } = c.req.raw
    return proxy.handle({ method, headers, body, signal, target: targetOf(c) }, requireSession(c))
  }
}

/** Hono keeps the text, so that the handler can read the form again. */
async function readForm(c: Context): Promise<URLSearchParams> {
  c.req.raw = limitForm(c.req.raw)
  return new URLSearchParams(await c.req.text())
}

function toLoginRequest(c: Context): LoginRequest {
  return { method: c.req.raw.method, target: targetOf(c), header: (name) => c.req.header(name) }
}

/** The adapters for Hono build an absolute address from the request line. */
function targetOf(c: Context): string {
  return targetIn(c.req.raw.url)
}

/** Drops what the failed handler had prepared. */
function replace(c: Context, response: Response): void {
  c.res = undefined
  c.res = response
}
