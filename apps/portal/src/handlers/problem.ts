import type { Context } from 'hono'
import type { PortalContext } from '../context.ts'
import { texts } from '../texts.ts'
import { problemPage, type Problem } from '../views/problem.ts'

export const notFound = {
  status: 404,
  code: 'not_found',
  ...texts.problems.notFound,
} as const

export const internalError = {
  status: 500,
  code: 'internal_error',
  ...texts.problems.failed,
} as const

/** A page for a person, and RFC 9457 for a script. Both carry the stable code; what the log has stays in the log. */
export function answerProblem(c: Context, { log, site }: PortalContext, problem: Omit<Problem, 'requestId'>) {
  const { status, code, title, advice, needs } = problem
  const requestId = log.requestId()
  c.header('Cache-Control', 'private, no-store')
  if (isNavigation(c)) return c.html(problemPage(site, { ...problem, requestId }), status)
  const missing = needs === undefined ? {} : { needs: needs.map(({ text }) => text) }
  const document = { type: 'about:blank', status, title, detail: advice, code, ...missing, request: requestId }
  return c.body(JSON.stringify(document), status, { 'content-type': 'application/problem+json' })
}

/** The same rule as the login's: browsers say so in fetch metadata, other clients by what they accept. */
function isNavigation(c: Context): boolean {
  const isBrowser = c.req.header('sec-fetch-site') !== undefined
  if (isBrowser) return c.req.header('sec-fetch-mode') === 'navigate'
  return /\btext\/html\b/.test(c.req.header('accept') ?? '')
}
