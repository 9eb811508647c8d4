import type { Context } from 'hono'
import type { LoginSession } from 'pierhead'
import type { CollectionView } from '../../collections/collection-view.ts'
import { searchCollections } from '../../collections/search-collections.ts'
import type { PortalContext } from '../../context.ts'
import { isUuid } from '../../files/place.ts'
import type { CopyRequest } from '../../transfers/copy-form.ts'
import type { CopyOptions } from '../../transfers/submission-form.ts'
import { personOf } from '../../views/person.ts'
import { newTransferPage, type NewTransferView } from '../../views/transfers/new.ts'

/** Collections to choose a destination from. */
const mostChoices = 60

/** What the page that asks is filled in with. */
export interface Asked {
  readonly session: LoginSession
  readonly copy: CopyRequest
  /** What other destinations are looked for by; empty: those that were used lately. */
  readonly find: string
  /** Undefined: the folder of the request, else where the destination opens. */
  readonly folder: string | undefined
  readonly options: CopyOptions
  /** Undefined, or not an id: a fresh one is asked for. */
  readonly submissionId: string | undefined
  readonly notice?: NewTransferView['notice']
}

/** The page that asks where to and how. */
export async function showForm(c: Context, context: PortalContext, asked: Asked): Promise<Response> {
  const { session, copy, find, notice, submissionId: given } = asked
  const transfer = context.globus.transfer(session)
  const [source, destination, submissionId, ...found] = await Promise.all([
    context.collections.get(session, copy.source),
    copy.destination === undefined ? undefined : context.collections.get(session, copy.destination),
    isUuid(given) ? given : transfer.taskSubmission.submissionId().then(({ value }) => value),
    ...(find === ''
      ? [searchCollections(transfer, 'recent', ''), searchCollections(transfer, 'mine', '')]
      : [searchCollections(transfer, 'all', find)]),
  ])
  const choices = new Map<string, CollectionView>()
  if (destination !== undefined) choices.set(destination.id, destination)
  for (const collection of found.flatMap(({ collections }) => collections))
    if (choices.size < mostChoices) choices.set(collection.id, collection)
  const page = newTransferPage(context.site, {
    person: personOf(session),
    csrfToken: session.csrfToken,
    copy,
    source: source.name,
    choices: [...choices.values()],
    find,
    folder: asked.folder ?? copy.destinationPath ?? '/~/',
    options: asked.options,
    submissionId,
    notice,
  })
  return c.html(page, notice?.isWrong === true ? 400 : 200)
}
