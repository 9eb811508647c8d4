import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiProxy } from './lib/globus/api-proxy.ts'
import { readProxyRequest, sendResponse } from './lib/globus/web-request.ts'
import { guardsFor, type AdapterGuards } from './lib/login/adapter-guards.ts'
import type { BearerGuard, Caller } from './lib/login/bearer.ts'
import type { Login } from './lib/login/login.ts'
import { callerOf, checkBearer, recoverBearer } from './lib/login/node-bearer.ts'
import { findVisit, openVisit, sendAnswer, visitOf } from './lib/login/node-exchange.ts'
import { readParsedForm as readForm } from './lib/login/parsed-body.ts'

/** What login reads of a request of Express, 5 or 4. */
export interface ExpressRequest extends IncomingMessage {
  /** The address before routers cut off the path that they are mounted at. */
  readonly originalUrl?: string
  /** What a body parser left. Where login reads a form before any parser does, it leaves the fields here. */
  body?: unknown
}

/** Express's `next`. */
export type ExpressNext = (error?: unknown) => void
type Handler<Request extends ExpressRequest> = (req: Request, res: ServerResponse, next: ExpressNext) => unknown

/**
 * Serves login, callback and logout, loads the session and refuses forged requests. Register it before the routes that need
 * a session, before or after body parsers, and `loginErrors` after the routes.
 */
export function loginMiddleware<Data>(
  login: Login<Data>,
): (req: ExpressRequest, res: ServerResponse, next: ExpressNext) => Promise<void> {
  return async (req, res, next) => {
    try {
      const visit = await openVisit(login, req, res, req.originalUrl)
      const answer = await visit.route(() => readForm(req))
      if (answer !== undefined) return sendAnswer(res, answer)
    } catch (error) {
      return next(error)
    }
    return next()
  }
}

/** Turns errors of this package into a redirect or a problem document, and hands on all others. Register it after the routes. */
export function loginErrors(): (
  error: unknown,
  req: ExpressRequest,
  res: ServerResponse,
  next: ExpressNext,
) => Promise<void> {
  return async (error, req, res, next) => {
    try {
      const answer = recoverBearer(req, error) ?? (await findVisit(req)?.recover(error, () => readForm(req)))
      if (answer === undefined) next(error)
      else sendAnswer(res, answer)
    } catch (failure) {
      next(failure)
    }
  }
}

/** For Express 4, which loses the errors of asynchronous handlers: hands them to `next`. Express 5 does so by itself. */
export function guarded<Request extends ExpressRequest>(
  handler: Handler<Request>,
): (req: Request, res: ServerResponse, next: ExpressNext) => Promise<void> {
  return async (req, res, next) => {
    try {
      await handler(req, res, next)
    } catch (error) {
      next(error)
    }
  }
}

type Guards = AdapterGuards<ExpressRequest>
const missing = 'Register loginMiddleware before the routes that ask for a session.'
const guards: Guards = guardsFor((req) => visitOf(req, missing))

/** The session, or undefined for an anonymous visitor. */
export const getSession: Guards['getSession'] = guards.getSession
/** The session. Throws `LoginRequiredError`, which `loginErrors` turns into the way to log in and back, or into a 401. */
export const requireSession: Guards['requireSession'] = guards.requireSession
/** The session, once its tokens have these scopes; the person is asked for what is missing. */
export const requireScopes: Guards['requireScopes'] = guards.requireScopes
/** How the person, by any linked identity, is in a group. Await it: nothing is decided before. */
export const requireGroup: Guards['requireGroup'] = guards.requireGroup
/** The session, once its person logged in as it is asked for. Await it: nothing is decided before. */
export const requireAuthentication: Guards['requireAuthentication'] = guards.requireAuthentication

/** For resource servers: lets in who sent a good token. Errors belong to `loginErrors`, which answers as applications expect. */
export function bearer(
  guard: BearerGuard,
): (req: ExpressRequest, res: ServerResponse, next: ExpressNext) => Promise<void> {
  return guarded(async (req, res, next) => {
    const refused = await checkBearer(req, guard)
    if (refused === undefined) next()
    else sendAnswer(res, refused)
  })
}

/** Who sent the token. Throws a TypeError where `bearer` did not let the request in. */
export const requireCaller: (req: ExpressRequest) => Caller = callerOf

/**
 * Serves a proxy of `pierhead/proxy`: `app.use('/globus', proxyHandler(proxy))`, before body parsers, which would use up what
 * is to be passed on. Its errors belong to `loginErrors`.
 */
export function proxyHandler(
  proxy: ApiProxy,
): (req: ExpressRequest, res: ServerResponse, next: ExpressNext) => Promise<void> {
  return guarded(async (req, res) => {
    await sendResponse(res, await proxy.handle(readProxyRequest(req, res, req.originalUrl), requireSession(req)))
  })
}
