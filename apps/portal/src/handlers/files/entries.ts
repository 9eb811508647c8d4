import type { Handler } from 'hono'
import { isGlobusServiceError } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import { packEntry } from '../../client/entry.ts'
import type { PortalContext } from '../../context.ts'
import { fileFailure } from '../../files/failure.ts'
import { listWhole } from '../../files/list-folder.ts'
import { parseFolder } from '../../files/path.ts'
import { isUuid } from '../../files/place.ts'
import { answerProblem, notFound, tooMuchAtOnce } from '../problem.ts'

/** Everything in a folder, for scripts: `{ entries: [[name, kind, size, modified], …] }`. See `client/entry.ts`. */
export function listEntries(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const id = c.req.param('id')
    const path = parseFolder(c.req.query('path'))
    if (!isUuid(id) || path === undefined) return answerProblem(c, context, notFound)
    try {
      const folder = { id, path, hidden: c.req.query('hidden') === '1' }
      // A hundred thousand entries are a hundred megabytes until they are packed.
      const packed = await context.turns.take(session.claims.sub, async () => {
        const { entries } = await listWhole(context.globus.transfer(session), folder)
        return entries.map(packEntry)
      })
      return packed === undefined ? answerProblem(c, context, tooMuchAtOnce) : c.json({ entries: packed })
    } catch (error) {
      if (!isGlobusServiceError(error) || error.code === 'globus_token_refused') throw error
      return answerProblem(c, context, fileFailure(error, 'folder'))
    }
  }
}
