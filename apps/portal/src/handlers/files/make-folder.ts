import type { Handler } from 'hono'
import type { PortalContext } from '../../context.ts'
import { backUrl } from '../../files/folder-action.ts'
import { parseName } from '../../files/path.ts'
import { answerFileAction, badName } from './answer-action.ts'

/** Makes a folder in the one that is open. */
export function makeFolder(context: PortalContext): Handler {
  return (c) =>
    answerFileAction(c, context, async (action) => {
      const { collectionId, form, path, place, session } = action
      const name = parseName(form.get('new_name')?.trim() ?? '')
      if (name === undefined) return badName(backUrl(place))
      await context.globus.transfer(session).fileOperations.mkdir(collectionId, { path: `${path}${name}/` })
      return { to: backUrl(place, { words: 'folder-created' }) }
    })
}
