import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './answer.ts'
import { addLateHeaders } from './late-headers.ts'
import type { Login } from './login.ts'
import type { LoginRequest } from './request.ts'
import type { Visit } from './visit.ts'

/**
 * On the request itself: what a WeakMap holds of young objects that point back to their key stays until a collection of the
 * whole heap, and every collection before it copies them.
 */
const place: unique symbol = Symbol('pierhead.visit')

interface VisitedRequest extends IncomingMessage {
  [place]?: Visit<unknown>
}

/** Reads who is there, remembers it for this request, and lets the headers of the visit leave with whatever answers. */
export async function openVisit<Data>(
  login: Login<Data>,
  req: VisitedRequest,
  res: ServerResponse,
  target: string | undefined = req.url,
): Promise<Visit<Data>> {
  const visit = await login.open(new NodeRequest(req, target))
  req[place] = visit
  addLateHeaders(res, visit)
  return visit
}

/** Undefined: `openVisit` has not seen the request. */
export function findVisit(req: VisitedRequest): Visit<unknown> | undefined {
  return req[place]
}

/** The visit of a request that `openVisit` has seen. Throws a TypeError that says what is missing. */
export function visitOf<Data>(req: IncomingMessage, missing: string): Visit<Data> {
  const visit = findVisit(req)
  if (visit === undefined) throw new TypeError(missing)
  // The visit was opened by the login whose Data the caller names.
  return visit as Visit<Data>
}

/** A class, because one is made for every request: its functions are there already. */
class NodeRequest implements LoginRequest {
  readonly method: string
  readonly target: string
  readonly #req: IncomingMessage

  constructor(req: IncomingMessage, target = '/') {
    this.method = req.method ?? 'GET'
    this.target = target
    this.#req = req
  }

  header(name: string): string | undefined {
    const value = this.#req.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
}

/** What a failed handler may have said of a body that does not leave. */
export const bodyHeaders: readonly string[] = [
  'content-encoding',
  'content-length',
  'content-range',
  'content-disposition',
  'content-type',
  'etag',
  'last-modified',
]

/** Half an answer cannot be taken back: where one has begun, the connection is cut, so that the client sees it is broken. */
export function sendAnswer(res: ServerResponse, answer: Answer): void {
  if (res.headersSent) {
    res.destroy()
    return
  }
  res.statusCode = answer.status
  for (const name of bodyHeaders) res.removeHeader(name)
  for (const [name, value] of answer.headers) res.setHeader(name, value)
  res.end(answer.body)
}
