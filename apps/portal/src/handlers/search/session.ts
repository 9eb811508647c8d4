import type { Context } from 'hono'
import { isGlobusServiceError, type LoginSession } from 'pierhead'
import { scopes } from 'pierhead/globus'
import { getSession, requireScopes } from 'pierhead/hono'
import { texts } from '../../texts.ts'
import type { Problem } from '../../views/problem.ts'

const words = texts.search

/** Whoever is logged in searches with their own rights, also when their login began before the portal had a search. */
export function searchSession(c: Context): LoginSession | undefined {
  return getSession(c) === undefined ? undefined : requireScopes(c, scopes.search.search)
}

/** What a person is told when the service does not answer as it should; undefined: it is another error. */
export function searchProblem(error: unknown): Pick<Problem, 'status' | 'code' | 'title' | 'advice'> | undefined {
  if (!isGlobusServiceError(error)) return undefined
  if (error.status === 400 || error.status === 422)
    return { status: 400, code: 'search_refused', title: words.refused, advice: words.refusedAdvice }
  return { status: 503, code: 'search_unavailable', title: words.unavailable, advice: words.unavailableAdvice }
}
