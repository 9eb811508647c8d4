// Import cannot do it: the file declares modules, and is none.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="../types/next.d.ts" />
import { cookies, headers } from 'next/headers.js'
import { NextResponse } from 'next/server.js'
import type { ApiProxy } from './lib/globus/api-proxy.ts'
import { createAmbient } from './lib/login/ambient.ts'
import type { AmbientGuards } from './lib/login/ambient-guards.ts'
import type { BearerGuard, Caller } from './lib/login/bearer.ts'
import { toResponse, withHeaders } from './lib/login/fetch-answer.ts'
import { answerBearer, callerOf } from './lib/login/fetch-bearer.ts'
import { openFetchVisit, targetOf } from './lib/login/fetch-visit.ts'
import { forwardedHeaders } from './lib/login/forwarded-request.ts'
import type { Login } from './lib/login/login.ts'
import { loginOf, shareLogin, type LoginSource } from './lib/login/shared-login.ts'

export type { LoginSource } from './lib/login/shared-login.ts'

const ambient = createAmbient({
  headers,
  async setCookies(changed) {
    const jar = await cookies()
    const options = { path: '/', httpOnly: true, sameSite: 'lax' } as const
    for (const { name, value, maxAge, secure } of changed) jar.set(name, value, { ...options, maxAge, secure })
  },
  async redirect(url) {
    // By this name Next's bundler finds the module of each layer; no other file of it can be loaded in all of them.
    const navigation = await import('next/navigation')
    return navigation.redirect(url)
  },
})
const { guards } = ambient

/**
 * One login for the whole process, made when it is first needed: Next.js loads modules apart for `proxy.ts`, for pages and for
 * route handlers, and builds without secrets. `name` tells several logins of one application from each other.
 */
export function sharedLogin<Data = undefined>(create: () => Login<Data>, name = 'login'): () => Login<Data> {
  return shareLogin(create, name)
}

/**
 * For `proxy.ts`: serves login, callback and logout, refuses forged requests, and refreshes sessions for the page as well as
 * for the browser. It lets everybody pass: pages, actions and route handlers ask for the session themselves.
 */
export function loginProxy<Data>(source: LoginSource<Data>): (request: Request) => Promise<Response> {
  return async (request) => {
    const login = loginOf(source)
    // The header makes a script's request of it, which no other site can send; where it comes from is checked besides.
    const vouched = (request.headers.get('next-action') ?? '') !== ''
    const fetched = request.headers.get('sec-fetch-dest') === 'empty'
    const { visit, readForm } = await openFetchVisit(login, request, { vouched, fetched })
    const answer = await visit.route(readForm)
    const answered = visit.headers()
    if (answer !== undefined) return toResponse(answer, answered, login.origin)
    const forwarded = forwardedHeaders(request, { answered, target: targetOf(request.url) })
    return withHeaders(NextResponse.next({ request: { headers: forwarded } }), answered)
  }
}

/**
 * For pages, layouts, server actions and route handlers: what a guard or a service demands in the middle of them becomes the
 * way to Globus and back, or the answer that a script understands. Cookies that change are sent, but for pages, which cannot.
 */
export function guarded<Args extends readonly unknown[], Result, Data>(
  login: LoginSource<Data>,
  handler: (...args: Args) => Result | Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const [request] = args
    const handle = async (): Promise<Result> => handler(...args)
    if (!(request instanceof Request)) return ambient.render(login, handle)
    // Nothing but a handler of requests gets a Request, and it answers with a Response.
    return ambient.answer(login, request, handle as () => Promise<Response>) as Promise<Result>
  }
}

/** The session, or undefined for an anonymous visitor. */
export const getSession: AmbientGuards['getSession'] = guards.getSession
/** The session. Sends a page to log in and back; in a guarded route handler, answers a script with 401. */
export const requireSession: AmbientGuards['requireSession'] = guards.requireSession
/** The session, once its tokens have these scopes; the person is asked for what is missing. */
export const requireScopes: AmbientGuards['requireScopes'] = guards.requireScopes
/** How the person, by any linked identity, is in a group. */
export const requireGroup: AmbientGuards['requireGroup'] = guards.requireGroup
/** The session, once its person logged in as it is asked for. */
export const requireAuthentication: AmbientGuards['requireAuthentication'] = guards.requireAuthentication

/** For resource servers: a route handler for who sent a good token. Errors are answered as their application understands. */
export function bearer<Args extends readonly [Request, ...(readonly unknown[])]>(
  guard: BearerGuard,
  handler: (...args: Args) => Response | Promise<Response>,
): (...args: Args) => Promise<Response> {
  return (...args) => answerBearer(guard, args[0], () => handler(...args))
}

/** Who sent the token. Throws a TypeError where `bearer` did not let the request in. */
export const requireCaller: (request: Request) => Caller = callerOf

/** A route handler that serves a proxy of `pierhead/proxy`, for every method: `app/globus/[...path]/route.ts`. */
export function proxyHandler<Data>(login: LoginSource<Data>, proxy: ApiProxy): (request: Request) => Promise<Response> {
  return guarded(login, async (request: Request) => {
    const { method, headers: sent, body, signal } = request
    const asked = { method, headers: sent, body, signal, target: targetOf(request.url) }
    return proxy.handle(asked, await requireSession(login))
  })
}
