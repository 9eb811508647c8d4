import type { Handler } from 'hono'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { parseFolder } from '../../files/path.ts'
import { emptyPane, isUuid, placeUrl } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import { orderOfTask } from '../../transfers/order-of-task.ts'
import type { PastOrder } from '../../transfers/past-orders.ts'
import type { CopyOptions } from '../../transfers/submission-form.ts'
import { canRepeat, taskView, type TaskView } from '../../transfers/task-view.ts'
import { personOf } from '../../views/person.ts'
import { taskTitle } from '../../views/transfers/task-parts.ts'
import { answerProblem, notFound } from '../problem.ts'
import { explaining } from './new.ts'
import { showForm } from './show-form.ts'
import { answerTaskError } from './show.ts'

/**
 * The page that asks how to copy, filled in as for a task that has ended; nothing is submitted here. What was chosen is what
 * was kept when it was submitted, or what the task itself shows without doubt. Else it says so, and leads to both folders.
 */
export function askAgain(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const id = c.req.param('id')
    if (!isUuid(id)) return answerProblem(c, context, { ...notFound, person: personOf(session) })
    const transfer = context.globus.transfer(session)
    const found = await transfer.task.get(id).then(
      (task) => ({ task }),
      (error: unknown) => ({ error }),
    )
    if ('error' in found) return answerTaskError(c, context, found.error)
    const view = taskView(found.task)
    if (!canRepeat(view)) return answerProblem(c, context, { ...notFound, person: personOf(session) })
    const order = (await context.pastOrders.find(session.claims.sub, id)) ?? (await orderOfTask(transfer, found.task))
    if (order === undefined) return c.redirect(bothFolders(view), 303)
    return explaining(c, context, order, () =>
      showForm(c, context, { session, copy: order, ...blank, ...filledIn(order, view) }),
    )
  }
}

const blank = { find: '', folder: undefined, submissionId: undefined }

/** What did not succeed left files behind, of which some may be cut off: those are found by their content. */
function filledIn({ options }: PastOrder, view: TaskView) {
  const isRetry = view.state !== 'succeeded'
  const { again, retry } = texts.newTransfer
  const chosen: CopyOptions = isRetry ? { ...options, sync: 'checksum' } : options
  return { options: chosen, notice: { text: (isRetry ? retry : again)(taskTitle(view)), isWrong: false } }
}

/** Both collections side by side, where was copied from and to as far as Globus tells, with words about why. */
function bothFolders({ destination, source }: TaskView): string {
  const right = destination && emptyPane(destination.id, parseFolder(destination.path))
  const url = placeUrl({ left: emptyPane(source.id, parseFolder(source.path)), right })
  return `${url}${url.includes('?') ? '&' : '?'}done=not-repeated`
}
