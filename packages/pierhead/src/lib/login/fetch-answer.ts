import type { Answer } from './answer.ts'
import type { FetchVisit } from './fetch-visit.ts'

/**
 * An answer for frameworks that speak in `Response`, with headers that are added to those it has. `origin`: put before
 * a local `Location`, where the framework wants it absolute.
 */
export function toResponse(answer: Answer, added: readonly (readonly [string, string])[] = [], origin = ''): Response {
  const headers = new Headers(answer.headers.map(([name, value]): [string, string] => [name, value]))
  const location = headers.get('location')
  if (location?.startsWith('/')) headers.set('location', origin + location)
  for (const [name, value] of added) {
    if (name === 'cache-control') headers.set(name, value)
    else headers.append(name, value)
  }
  return new Response(answer.body === '' ? null : answer.body, { status: answer.status, headers })
}

/** What Hono's context has of an answer that is being made. */
interface Answering {
  readonly res: Response
  header(name: string, value: string, options?: { append: boolean }): void
}

/** Through `header`, which copes with responses that cannot be changed, such as those of fetch. */
export function addHeaders(c: Answering, lines: readonly (readonly [string, string])[]): void {
  for (const [name, value] of lines) {
    const present = name === 'set-cookie' ? null : c.res.headers.get(name)
    if (name === 'cache-control') {
      if (present !== value) c.header(name, value)
    } else if (present === null || !/(?:^|[\s,])cookie(?:[\s,]|$)/i.test(present)) {
      c.header(name, value, { append: true })
    }
  }
}

/** The response with headers of the visit added. A copy, because some responses cannot be changed. */
export function withHeaders(response: Response, lines: readonly (readonly [string, string])[]): Response {
  if (lines.length === 0) return response
  const res = new Response(response.body, response)
  const header: Answering['header'] = (name, value, options) =>
    options?.append === true ? res.headers.append(name, value) : res.headers.set(name, value)
  addHeaders({ res, header }, lines)
  return res
}

/**
 * What answers a request of a visit: the visit itself, else the handler, else what its error asks for. `failed`: called when
 * the error is somebody else's, before it is thrown on.
 */
export async function answerFetch<Data>(
  { visit, readForm }: FetchVisit<Data>,
  handle: () => Promise<Response>,
  failed: () => Promise<void>,
): Promise<Response> {
  const refused = await visit.route(readForm)
  if (refused !== undefined) return toResponse(refused, visit.headers())
  try {
    return withHeaders(await handle(), visit.headers())
  } catch (error) {
    const answer = await visit.recover(error, readForm)
    if (answer !== undefined) return toResponse(answer, visit.headers())
    await failed()
    throw error
  }
}
