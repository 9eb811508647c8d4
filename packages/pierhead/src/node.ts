import type { IncomingMessage, ServerResponse } from 'node:http'
import { LoginRequiredError } from './errors.ts'
import type { ApiProxy } from './lib/globus/api-proxy.ts'
import { readProxyRequest, sendResponse } from './lib/globus/web-request.ts'
import type { Answer } from './lib/login/answer.ts'
import type { Login } from './lib/login/login.ts'
import { addLateHeaders } from './lib/login/late-headers.ts'
import type { LoginSession } from './lib/login/login-session.ts'
import { readFormBody } from './lib/login/read-form.ts'
import type { LoginRequest } from './lib/login/request.ts'
import type { Visit } from './lib/login/visit.ts'

const visits = new WeakMap<IncomingMessage, Visit<unknown>>()
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
    const visit = await login.open(toLoginRequest(req))
    visits.set(req, visit)
    addLateHeaders(res, () => visit.headers())
    try {
      const answer = await visit.route(() => readForm(req))
      if (answer === undefined) await next()
      else send(res, answer)
    } catch (error) {
      const answer = await visit.recover(error, () => readForm(req))
      if (answer === undefined) throw error
      // Half an answer cannot be taken back: the client must see that it is broken.
      if (res.headersSent) res.destroy()
      else send(res, answer)
    }
  }
}

/** The session, or undefined for an anonymous visitor. */
export function getSession<Data = undefined>(req: IncomingMessage): LoginSession<Data> | undefined {
  const visit = visits.get(req)
  if (visit === undefined) throw new TypeError('Call loginMiddleware before asking for a session.')
  // The visit was opened by the login whose Data the caller names.
  return visit.session as LoginSession<Data> | undefined
}

/** The session. Throws `LoginRequiredError`, which sends a page to log in and back, and answers a script with 401. */
export function requireSession<Data = undefined>(req: IncomingMessage): LoginSession<Data> {
  const session = getSession<Data>(req)
  if (session === undefined) throw new LoginRequiredError()
  return session
}

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

function toLoginRequest(req: IncomingMessage): LoginRequest {
  return {
    method: req.method ?? 'GET',
    target: req.url ?? '/',
    header: (name) => {
      const value = req.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
  }
}

/** What a failed handler may have said of a body that does not leave. */
const bodyHeaders = [
  'content-encoding',
  'content-length',
  'content-range',
  'content-disposition',
  'content-type',
  'etag',
  'last-modified',
]

function send(res: ServerResponse, answer: Answer): void {
  res.statusCode = answer.status
  for (const name of bodyHeaders) res.removeHeader(name)
  for (const [name, value] of answer.headers) res.setHeader(name, value)
  res.end(answer.body)
}
