import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { PortalContext } from './context.ts'
import { answerProblem } from './handlers/problem.ts'
import { texts } from './texts.ts'

/** Forms of the portal hold a few fields. */
const largestForm = 64 * 1024

/** Refuses large bodies before anybody reads them into memory. */
export function limitBodies(context: PortalContext): MiddlewareHandler {
  const limit = bodyLimit({
    maxSize: largestForm,
    onError: (c) =>
      answerProblem(c, context, {
        status: 413,
        code: 'body_too_large',
        title: texts.problems.tooLarge.title,
        advice: texts.problems.tooLarge.advice(largestForm / 1024),
      }),
  })
  return (c, next) => (isUnlimited(c.req.method, c.req.path) ? next() : limit(c, next))
}

/** What is uploaded is passed on as it comes, and kept nowhere. */
function isUnlimited(method: string, path: string): boolean {
  return method === 'GET' || method === 'HEAD' || (method === 'PUT' && /^\/collections\/[^/]+\/content$/.test(path))
}
