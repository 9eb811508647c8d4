import type { Handler } from 'hono'
import { isGlobusServiceError } from 'pierhead'
import type { SearchConfig } from '../../config/types.ts'
import type { PortalContext } from '../../context.ts'
import { readRecord } from '../../search/record.ts'
import { personOf } from '../../views/person.ts'
import { recordPage } from '../../views/search/record.ts'
import { loginHere } from '../login-here.ts'
import { answerProblem, notFound } from '../problem.ts'
import { searchProblem, searchSession } from './session.ts'

const longestSubject = 2000

/** One record. What somebody may not see does not exist for them. */
export function showRecord(context: PortalContext, config: SearchConfig): Handler {
  return async (c) => {
    const session = searchSession(c)
    const person = session && personOf(session)
    const subject = c.req.query('subject') ?? ''
    if (subject === '' || subject.length > longestSubject) return answerProblem(c, context, { ...notFound, person })
    try {
      const found: unknown = await context.globus.search(session).subject.get(config.index, { subject })
      const record = readRecord(found, config)
      if (record === undefined) return answerProblem(c, context, { ...notFound, person })
      const hasFiles = context.config.mode !== 'datasets'
      return c.html(recordPage(context.site, { config, hasFiles, person, record, loginUrl: loginHere(c, context) }))
    } catch (error) {
      const isMissing = isGlobusServiceError(error) && error.status === 404
      const problem = isMissing ? notFound : searchProblem(error)
      if (problem === undefined) throw error
      return answerProblem(c, context, { ...problem, again: { href: '/search', text: config.title }, person })
    }
  }
}
