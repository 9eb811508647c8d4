import type { Handler } from 'hono'
import type { SearchConfig } from '../../config/types.ts'
import type { PortalContext } from '../../context.ts'
import { askSearch } from '../../search/ask-search.ts'
import { readSearch } from '../../search/search-address.ts'
import { personOf } from '../../views/person.ts'
import { resultsPage } from '../../views/search/results.ts'
import { loginHere } from '../login-here.ts'
import { answerProblem } from '../problem.ts'
import { searchProblem, searchSession } from './session.ts'

/** Records by words and facets, with the rights of whoever asks. */
export function showSearch(context: PortalContext, config: SearchConfig): Handler {
  return async (c) => {
    const session = searchSession(c)
    const person = session && personOf(session)
    const query = readSearch(new URL(c.req.url).searchParams, config)
    try {
      const answer = await askSearch(context.globus.search(session), config, query)
      return c.html(resultsPage(context.site, { answer, config, person, query, loginUrl: loginHere(c, context) }))
    } catch (error) {
      const problem = searchProblem(error)
      if (problem === undefined) throw error
      return answerProblem(c, context, { ...problem, again: { href: '/search', text: config.title }, person })
    }
  }
}
