import type { Handler } from 'hono'
import type { PortalContext } from '../../context.ts'
import { backUrl, type FolderAction } from '../../files/folder-action.ts'
import { isUuid } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import { deletePage } from '../../views/files/delete.ts'
import { personOf } from '../../views/person.ts'
import { answerFileAction, nothingSelected } from './answer-action.ts'

/** Asks first. The page that asks holds a submission id: sent twice, it still makes one task. */
export function deleteEntries(context: PortalContext): Handler {
  return (c) =>
    answerFileAction(c, context, async (action) => {
      const { collectionId, form, names, path, place, session } = action
      const back = backUrl(place)
      if (names.length === 0) return nothingSelected(back)
      const id = form.get('submission_id') ?? undefined
      if (isUuid(id)) return { to: await submit(context, action, id) }
      const [collection, submission] = await Promise.all([
        context.collections.get(session, collectionId),
        context.globus.transfer(session).taskSubmission.submissionId(),
      ])
      const { pathname, search } = new URL(c.req.url)
      return c.html(
        deletePage(context.site, {
          person: personOf(session),
          csrfToken: session.csrfToken,
          action: pathname + search,
          submissionId: submission.value,
          collection: collection.name,
          back,
          names,
          path,
        }),
      )
    })
}

/** Folders are deleted with what is in them; what is gone already is no failure. */
async function submit({ globus }: PortalContext, action: FolderAction, submissionId: string): Promise<string> {
  const { collectionId, names, path, place, session } = action
  const { code, task_id: task } = await globus.transfer(session).taskSubmission.submitDelete({
    submission_id: submissionId,
    endpoint: collectionId,
    label: texts.fileActions.deleteLabel,
    recursive: true,
    ignore_missing: true,
    notify_on_succeeded: false,
    notify_on_failed: false,
    notify_on_inactive: false,
    DATA: names.map((name) => ({ DATA_TYPE: 'delete_item' as const, path: path + name })),
  })
  return backUrl(place, { words: code === 'Duplicate' ? 'again' : 'deleting', task })
}
