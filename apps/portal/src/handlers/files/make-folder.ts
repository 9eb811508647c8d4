import type { Handler } from 'hono'
import type { PortalContext } from '../../context.ts'
import { backUrl, decodeName } from '../../files/folder-action.ts'
import { parseName } from '../../files/path.ts'
import { answerFileAction, badName } from './answer-action.ts'

/** Makes a folder in the one that is open. */
export function makeFolder(context: PortalContext): Handler {
  return (c) =>
    answerFileAction(c, context, async (action) => {
      const { collectionId, form, path, place, session } = action
      // The script of uploads sends the name exactly as it is on the person's computer.
      const name = parseName(decodeName(form.get('folder')) ?? form.get('new_name')?.trim() ?? '')
      if (name === undefined) return badName(backUrl(place))
      const { fileOperations } = context.globus.transfer(session)
      await context.refusedWrites.watch(action, () => fileOperations.mkdir(collectionId, { path: `${path}${name}/` }))
      return { to: backUrl(place, { words: 'folder-created' }) }
    })
}
