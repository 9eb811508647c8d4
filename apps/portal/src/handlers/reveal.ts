import type { Handler } from 'hono'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../context.ts'
import { readForm } from '../form.ts'
import { texts } from '../texts.ts'
import { personOf } from '../views/person.ts'
import { revealPage } from '../views/reveal.ts'
import { answerProblem } from './problem.ts'
import { unknownServer } from './tokens.ts'

/** Shows one access token, where the operator allows it (SEC-45: everywhere else no response holds one). */
export function revealToken(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const person = personOf(session)
    if (!context.config.revealTokens) return answerProblem(c, context, { ...disabled, person })
    const asked = (await readForm(c)).get('resource_server')
    const token = session.tokens.find(({ resourceServer }) => resourceServer === asked)
    if (token === undefined) return answerProblem(c, context, { ...unknownServer, person })
    const { resourceServer } = token
    const accessToken = await session.accessToken(resourceServer)
    context.log.logger.warn({ subject: session.claims.sub, sid: session.id, resourceServer }, 'A token was revealed.')
    return c.html(revealPage(context.site, { person, resourceServer, accessToken }))
  }
}

const disabled = {
  status: 403,
  code: 'reveal_disabled',
  ...texts.problems.notRevealed,
} as const
