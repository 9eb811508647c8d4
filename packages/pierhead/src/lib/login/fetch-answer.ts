import type { Answer } from './answer.ts'

/** An answer for frameworks that speak in `Response`, with headers that are added to those it has. */
export function toResponse(answer: Answer, added: readonly (readonly [string, string])[] = []): Response {
  const headers = new Headers(answer.headers.map(([name, value]): [string, string] => [name, value]))
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
