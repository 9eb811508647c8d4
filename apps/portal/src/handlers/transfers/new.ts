import type { Context, Handler } from 'hono'
import { isGlobusServiceError, type LoginSession } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { readForm } from '../../form.ts'
import { describeCause } from '../../log.ts'
import { texts } from '../../texts.ts'
import { readCopyForm, type CopyRequest } from '../../transfers/copy-form.ts'
import { readOptions, readOrder, submissionOf, type CopyOrder } from '../../transfers/submission-form.ts'
import { filesUrl } from '../../views/files/addresses.ts'
import { personOf } from '../../views/person.ts'
import { taskUrl } from '../../views/transfers/task-parts.ts'
import { answerServiceError } from '../files/file-problem.ts'
import { answerProblem } from '../problem.ts'
import { showForm } from './show-form.ts'

/** Asks where to and how. The fields are those of `transfers/copy-form.ts`, in a form or, for links, in the query. */
export function askForTransfer(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const form = c.req.method === 'GET' ? new URL(c.req.url).searchParams : await readForm(c)
    const copy = readCopyForm(form)
    if (copy === undefined || copy.names.length === 0) return nothingChosen(c, context, session, copy)
    return explaining(c, context, copy, () => showForm(c, context, { session, copy, ...askedBy(form) }))
  }
}

/** Submits. The submission id came with the page: sent twice, by a double click or a reload, it makes one task. */
export function submitTransfer(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const form = await readForm(c)
    const order = readOrder(form)
    const copy = readCopyForm(form)
    if (copy === undefined || copy.names.length === 0) return nothingChosen(c, context, session, copy)
    return explaining(c, context, copy, async () => {
      if (order === undefined) return showForm(c, context, { session, copy, ...askedBy(form), notice: incomplete })
      const { task_id: id } = await context.globus.transfer(session).taskSubmission.submitTransfer(submissionOf(order))
      context.liveTasks.hurry(session.claims.sub)
      await remember(context, session, { id, order })
      return c.redirect(taskUrl(id), 303)
    })
  }
}

const incomplete = { text: texts.newTransfer.noDestination, isWrong: true }

/** What the page that asks was sent of itself before, as when another destination is looked for. */
const askedBy = (form: URLSearchParams) => ({
  find: (form.get('find') ?? '').trim().slice(0, 200),
  folder: form.get('destination_folder') ?? undefined,
  options: readOptions(form),
  submissionId: form.get('submission_id') ?? undefined,
})

/** So that it can be repeated. The transfer goes on without that, so a store that fails is a line in the log. */
async function remember(
  { log, pastOrders }: PortalContext,
  { claims }: LoginSession,
  { id, order: { submissionId: _once, ...order } }: { id: string; order: CopyOrder },
): Promise<void> {
  try {
    await pastOrders.keep(claims.sub, id, order)
  } catch (error) {
    log.logger.warn({ cause: describeCause(error), task: id }, 'A transfer was not remembered; it cannot be repeated.')
  }
}

/** What Globus refuses becomes a page that leads back to the files. */
export async function explaining(c: Context, context: PortalContext, copy: CopyRequest, work: () => Promise<Response>) {
  try {
    return await work()
  } catch (error) {
    if (!isGlobusServiceError(error)) throw error
    return answerServiceError(c, context, error, { wanted: 'folder', again: backTo(copy) })
  }
}

const backTo = ({ source, sourcePath }: CopyRequest) => ({
  href: filesUrl({ id: source, path: sourcePath }),
  text: texts.fileActions.back,
})

function nothingChosen(c: Context, context: PortalContext, session: LoginSession, copy: CopyRequest | undefined) {
  const again = copy === undefined ? context.site.start : backTo(copy)
  const problem = { code: 'nothing_selected', ...texts.fileActions.nothingSelected, status: 400, again } as const
  return answerProblem(c, context, { ...problem, person: personOf(session) })
}
