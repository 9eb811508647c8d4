import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiProxy } from './lib/globus/api-proxy.ts'
import { readProxyRequest, sendResponse } from './lib/globus/web-request.ts'
import { guardsFor, type AdapterGuards } from './lib/login/adapter-guards.ts'
import type { BearerGuard, Caller } from './lib/login/bearer.ts'
import type { Login } from './lib/login/login.ts'
import { callerOf, checkBearer, recoverBearer } from './lib/login/node-bearer.ts'
import { openVisit, sendAnswer, visitOf } from './lib/login/node-exchange.ts'
import { readFormBody } from './lib/login/read-form.ts'

const forms = new WeakMap<IncomingMessage, Promise<URLSearchParams>>()

/** What runs after login has had its turn; it may be asynchronous, and its errors are awaited. */
export type Next = () => unknown

/**
 * Serves login, callback and logout, loads the session, refuses forged requests, and turns errors of this package into a
 * redirect or a problem document. Other errors are thrown on.
 */
export function loginMiddleware<Data>(
  login: Login<Data>,
): (req: IncomingMessage, res: ServerResponse, next: Next) => Promise<void> {
  return async (req, res, next) => {
    const visit = await openVisit(login, req, res)
    try {
      const answer = await visit.route(() => readForm(req))
      if (answer === undefined) await next()
      else sendAnswer(res, answer)
    } catch (error) {
      const answer = await visit.recover(error, () => readForm(req))
      if (answer === undefined) throw error
      sendAnswer(res, answer)
    }
  }
}

type Guards = AdapterGuards<IncomingMessage>
const guards: Guards = guardsFor((req) => visitOf(req, 'Call loginMiddleware before asking for a session.'))

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

/** For resource servers: lets in who sent a good token, and answers errors of this package as their application understands. */
export function bearer(guard: BearerGuard): (req: IncomingMessage, res: ServerResponse, next: Next) => Promise<void> {
  return async (req, res, next) => {
    const refused = await checkBearer(req, guard)
    if (refused !== undefined) return sendAnswer(res, refused)
    try {
      await next()
    } catch (error) {
      const answer = recoverBearer(req, error)
      if (answer === undefined) throw error
      sendAnswer(res, answer)
    }
  }
}

/** Who sent the token. Throws a TypeError where `bearer` did not let the request in. */
export const requireCaller: (req: IncomingMessage) => Caller = callerOf

/** The fields of a urlencoded body, read once and kept: login may have read it already. Throws over 64 KiB. */
export function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  const known = forms.get(req)
  if (known !== undefined) return known
  const form = readFormBody(req)
  forms.set(req, form)
  return form
}

/** Serves a proxy of `pierhead/proxy`, for the requests below its path. Its errors belong to `loginMiddleware`. */
export function proxyHandler(proxy: ApiProxy): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  return async (req, res) => sendResponse(res, await proxy.handle(readProxyRequest(req, res), requireSession(req)))
}
