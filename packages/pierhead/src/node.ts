import type { IncomingMessage, ServerResponse } from 'node:http'
import { LoginRequiredError } from './errors.ts'
import type { Login } from './lib/login/login.ts'
import type { LoginSession } from './lib/login/login-session.ts'
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

/** The session, or undefined for an anonymous visitor. */
export function getSession<Data = undefined>(req: IncomingMessage): LoginSession<Data> | undefined {
  return visitOf<Data>(req, 'Call loginMiddleware before asking for a session.').session
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
