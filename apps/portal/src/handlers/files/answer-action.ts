import type { Context } from 'hono'
import { isGlobusServiceError } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { backUrl, readFolderAction, type FolderAction } from '../../files/folder-action.ts'
import { isUuid, readPlace } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import { personOf } from '../../views/person.ts'
import { answerProblem, notFound } from '../problem.ts'
import { answerServiceError, type WayBack } from './file-problem.ts'

/** What became of a form: where to go, or words about what was wrong with it. */
export type ActionResult =
  | { readonly to: string }
  | {
      readonly wrong: { readonly code: string; readonly title: string; readonly advice: string }
      readonly back: string
    }

export function badName(back: string): ActionResult {
  return { wrong: { code: 'bad_name', ...texts.fileActions.badName }, back }
}

export function nothingSelected(back: string): ActionResult {
  return { wrong: { code: 'nothing_selected', ...texts.fileActions.nothingSelected }, back }
}

/** Does what a form of the files page asks for, and leads back to that page. */
export async function answerFileAction(
  c: Context,
  context: PortalContext,
  act: (action: FolderAction) => Promise<ActionResult | Response>,
): Promise<Response> {
  try {
    const action = await readFolderAction(c)
    const person = personOf(requireSession(c))
    if (action === undefined) return answerProblem(c, context, { ...notFound, person })
    const result = await act(action)
    if (result instanceof Response) return result
    if ('to' in result) return c.redirect(result.to, 303)
    const again = { href: result.back, text: texts.fileActions.back }
    return answerProblem(c, context, { ...result.wrong, status: 400, again, person })
  } catch (error) {
    if (!isGlobusServiceError(error)) throw error
    return answerServiceError(c, context, error, { wanted: 'folder', again: wayBack(c) })
  }
}

function wayBack(c: Context): WayBack | undefined {
  const id = c.req.param('id')
  const place = isUuid(id) ? readPlace(id, new URL(c.req.url).searchParams) : undefined
  return place === undefined ? undefined : { href: backUrl(place), text: texts.fileActions.back }
}
