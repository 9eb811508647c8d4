import type { Context, Handler } from 'hono'
import { isGlobusServiceError, type LoginSession } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import type { CollectionView } from '../../collections/collection-view.ts'
import { searchCollections } from '../../collections/search-collections.ts'
import type { PortalContext } from '../../context.ts'
import { readForm } from '../../form.ts'
import { isUuid } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import { readCopyForm, type CopyRequest } from '../../transfers/copy-form.ts'
import { readOptions, readOrder, submissionOf } from '../../transfers/submission-form.ts'
import { filesUrl } from '../../views/files/addresses.ts'
import { personOf } from '../../views/person.ts'
import { newTransferPage } from '../../views/transfers/new.ts'
import { taskUrl } from '../../views/transfers/task-parts.ts'
import { answerServiceError } from '../files/file-problem.ts'
import { answerProblem } from '../problem.ts'

/** Collections to choose a destination from. */
const mostChoices = 60

/** Asks where to and how. The fields are those of `transfers/copy-form.ts`, in a form or, for links, in the query. */
export function askForTransfer(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const form = c.req.method === 'GET' ? new URL(c.req.url).searchParams : await readForm(c)
    const copy = readCopyForm(form)
    if (copy === undefined || copy.names.length === 0) return nothingChosen(c, context, session, copy)
    return explaining(c, context, copy, () => showForm(c, context, { session, form, copy }))
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
      if (order === undefined)
        return showForm(c, context, { session, form, copy, wrong: texts.newTransfer.noDestination })
      const { task_id: id } = await context.globus.transfer(session).taskSubmission.submitTransfer(submissionOf(order))
      context.liveTasks.hurry(session.claims.sub)
      return c.redirect(taskUrl(id), 303)
    })
  }
}

/** What Globus refuses becomes a page that leads back to the files. */
async function explaining(c: Context, context: PortalContext, copy: CopyRequest, work: () => Promise<Response>) {
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

interface Asked {
  readonly session: LoginSession
  readonly form: URLSearchParams
  readonly copy: CopyRequest
  readonly wrong?: string
}

async function showForm(c: Context, context: PortalContext, { session, form, copy, wrong }: Asked) {
  const transfer = context.globus.transfer(session)
  const find = (form.get('find') ?? '').trim().slice(0, 200)
  const [source, destination, submission, ...found] = await Promise.all([
    context.collections.get(session, copy.source),
    copy.destination === undefined ? undefined : context.collections.get(session, copy.destination),
    form.get('submission_id') ?? transfer.taskSubmission.submissionId(),
    ...(find === ''
      ? [searchCollections(transfer, 'recent', ''), searchCollections(transfer, 'mine', '')]
      : [searchCollections(transfer, 'all', find)]),
  ])
  const choices = new Map<string, CollectionView>()
  if (destination !== undefined) choices.set(destination.id, destination)
  for (const collection of found.flatMap(({ collections }) => collections))
    if (choices.size < mostChoices) choices.set(collection.id, collection)
  const submissionId = typeof submission === 'string' && isUuid(submission) ? submission : undefined
  const page = newTransferPage(context.site, {
    person: personOf(session),
    csrfToken: session.csrfToken,
    copy,
    source: source.name,
    choices: [...choices.values()],
    find,
    folder: form.get('destination_folder') ?? copy.destinationPath ?? '/~/',
    options: readOptions(form),
    submissionId: submissionId ?? (await newId(submission, () => transfer.taskSubmission.submissionId())),
    wrong,
  })
  return c.html(page, wrong === undefined ? 200 : 400)
}

/** What the form brought along is no id: a fresh one. */
async function newId(given: string | { value: string }, fetch: () => Promise<{ value: string }>): Promise<string> {
  return typeof given === 'string' ? (await fetch()).value : given.value
}

function nothingChosen(c: Context, context: PortalContext, session: LoginSession, copy: CopyRequest | undefined) {
  const again = copy === undefined ? { href: '/collections', text: texts.fileActions.back } : backTo(copy)
  const problem = { code: 'nothing_selected', ...texts.fileActions.nothingSelected, status: 400, again } as const
  return answerProblem(c, context, { ...problem, person: personOf(session) })
}
