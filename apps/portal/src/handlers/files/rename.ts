import type { Handler } from 'hono'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { backUrl } from '../../files/folder-action.ts'
import { parseName } from '../../files/path.ts'
import { texts } from '../../texts.ts'
import { renamePage } from '../../views/files/rename.ts'
import { personOf } from '../../views/person.ts'
import { answerFileAction, badName } from './answer-action.ts'

/** Asks for the new name of what is chosen; with a name in the form, gives it. */
export function renameEntry(context: PortalContext): Handler {
  return (c) =>
    answerFileAction(c, context, async (action) => {
      const { collectionId, form, names, path, place, session } = action
      const back = backUrl(place)
      const [name] = names
      if (name === undefined || names.length > 1)
        return { wrong: { code: 'choose_one', ...texts.fileActions.oneForRename }, back }
      const given = form.get('new_name')
      if (given === null) {
        const { csrfToken } = requireSession(c)
        const target = new URL(c.req.url)
        const page = { person: personOf(session), csrfToken, action: target.pathname + target.search, back, name, path }
        return c.html(renamePage(context.site, page))
      }
      const next = parseName(given.trim())
      if (next === undefined) return badName(back)
      const paths = { old_path: path + name, new_path: path + next }
      const { fileOperations } = context.globus.transfer(session)
      if (next !== name) await context.refusedWrites.watch(action, () => fileOperations.rename(collectionId, paths))
      return { to: backUrl(place, { words: 'renamed' }) }
    })
}
