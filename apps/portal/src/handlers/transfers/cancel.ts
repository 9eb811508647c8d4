import type { Handler } from 'hono'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { isUuid } from '../../files/place.ts'
import { taskUrl } from '../../views/transfers/task-parts.ts'
import { answerProblem, notFound } from '../problem.ts'
import { answerTaskError } from './show.ts'

/** Asked for twice, or of a task that has ended, it changes nothing and says so on the task's page. */
export function cancelTask(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const id = c.req.param('id')
    if (!isUuid(id)) return answerProblem(c, context, notFound)
    try {
      const { code } = await context.globus.transfer(session).task.cancel(id)
      context.liveTasks.hurry(session.claims.sub)
      return c.redirect(code === 'TaskComplete' ? taskUrl(id) : `${taskUrl(id)}?done=cancel`, 303)
    } catch (error) {
      return answerTaskError(c, context, error)
    }
  }
}
