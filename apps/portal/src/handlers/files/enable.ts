import type { Handler } from 'hono'
import { requireScopes, requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { backUrl } from '../../files/folder-action.ts'
import { httpsScope } from '../../files/https-access.ts'
import { isPane, readPlace } from '../../files/place.ts'
import { parseFile } from '../../files/path.ts'
import { previewUrl } from '../../views/files/addresses.ts'
import { personOf } from '../../views/person.ts'
import { answerProblem, notFound } from '../problem.ts'
import { answerServiceError } from './file-problem.ts'

/** Asks Globus for the right to read and write files of a collection, and comes back to the folder or the file. */
export function enableHttps(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const query = new URL(c.req.url).searchParams
    const place = readPlace(c.req.param('id') ?? '', query)
    const pane = query.get('side') === 'right' ? place?.right : place?.left
    if (place === undefined || !isPane(pane))
      return answerProblem(c, context, { ...notFound, person: personOf(session) })
    try {
      const collection = await context.collections.get(session, pane.id)
      if (collection.https_server !== null) requireScopes(c, httpsScope(collection))
      const file = parseFile(query.get('file') ?? undefined)
      return c.redirect(file === undefined ? backUrl(place, { words: 'enabled' }) : previewUrl(pane.id, file), 303)
    } catch (error) {
      return answerServiceError(c, context, error, { wanted: 'folder' })
    }
  }
}
