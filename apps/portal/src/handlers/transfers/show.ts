import type { Context, Handler } from 'hono'
import { isGlobusServiceError } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { isUuid } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import { ratesOf, readEvents } from '../../transfers/task-history.ts'
import { taskView } from '../../transfers/task-view.ts'
import { personOf } from '../../views/person.ts'
import { taskPage } from '../../views/transfers/task.ts'
import { answerServiceError } from '../files/file-problem.ts'
import { answerProblem, notFound } from '../problem.ts'

export function showTask(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const id = c.req.param('id')
    if (!isUuid(id)) return answerProblem(c, context, { ...notFound, person: personOf(session) })
    const transfer = context.globus.transfer(session)
    try {
      const [task, events] = await Promise.all([transfer.task.get(id), readEvents(transfer, id)])
      const notice = c.req.query('done') === 'cancel' ? texts.transfers.cancelled : undefined
      const { csrfToken } = session
      const view = { task: taskView(task), events, samples: ratesOf(events), notice, csrfToken }
      return await c.html(taskPage(context.site, { ...view, person: personOf(session) }))
    } catch (error) {
      return answerTaskError(c, context, error)
    }
  }
}

/** A task that is not there has words of its own. */
export function answerTaskError(c: Context, context: PortalContext, error: unknown): Response | Promise<Response> {
  if (!isGlobusServiceError(error) || error.status !== 404)
    return answerServiceError(c, context, error, { wanted: 'file' })
  const { notFoundAdvice: advice, notFoundTitle: title } = texts.transfers
  const person = personOf(requireSession(c))
  return answerProblem(c, context, { status: 404, code: 'no_transfer', title, advice, person })
}
