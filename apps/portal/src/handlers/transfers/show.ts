import type { Context, Handler } from 'hono'
import { isGlobusServiceError } from 'pierhead'
import type { TransferClient } from 'pierhead/globus'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { isUuid } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import type { KnownTask } from '../../transfers/person-watch.ts'
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
    try {
      const isCancelled = c.req.query('done') === 'cancel'
      // A page that was opened often, or loads itself again, asks no more than those that are told.
      const known = isCancelled ? undefined : context.liveTasks.known(session.claims.sub, id)
      const { task, events } = known ?? (await ask(context.globus.transfer(session), id))
      const notice = isCancelled ? texts.transfers.cancelled : undefined
      const { csrfToken } = session
      const view = { task, events, samples: ratesOf(events), notice, csrfToken }
      return c.html(taskPage(context.site, { ...view, person: personOf(session) }))
    } catch (error) {
      return answerTaskError(c, context, error)
    }
  }
}

async function ask(transfer: TransferClient, id: string): Promise<KnownTask> {
  const [task, events] = await Promise.all([transfer.task.get(id), readEvents(transfer, id)])
  return { task: taskView(task), events }
}

/** A task that is not there has words of its own. */
export function answerTaskError(c: Context, context: PortalContext, error: unknown): Response | Promise<Response> {
  if (!isGlobusServiceError(error) || error.status !== 404)
    return answerServiceError(c, context, error, { wanted: 'file' })
  const { notFoundAdvice: advice, notFoundTitle: title } = texts.transfers
  const person = personOf(requireSession(c))
  return answerProblem(c, context, { status: 404, code: 'no_transfer', title, advice, person })
}
