import type { Context, Handler } from 'hono'
import { isGlobusServiceError, type LoginSession } from 'pierhead'
import { requireScopes, requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { isUuid } from '../../files/place.ts'
import { outcomeOf, type Act } from '../../operator/audit.ts'
import { refusalOf } from '../../sharing/share-failure.ts'
import { openShared, type SharedCollection } from '../../sharing/shared-collection.ts'
import { texts } from '../../texts.ts'
import { filesUrl } from '../../views/files/addresses.ts'
import { personOf } from '../../views/person.ts'
import { endSharingPage } from '../../views/sharing/end.ts'
import { sharingUrl } from '../../views/sharing/page.ts'
import { answerFailure } from '../files/file-problem.ts'
import { answerProblem, notFound } from '../problem.ts'

/** Asks whether a guest collection is to be taken away. */
export function askToEndSharing(context: PortalContext): Handler {
  return (c) =>
    withShared(c, context, ({ session, shared }) =>
      c.html(endSharingPage(context.site, { person: personOf(session), csrfToken: session.csrfToken, shared })),
    )
}

/** Takes it away with the person's own right, and leads to the folder that it was made of. */
export function endSharing(context: PortalContext): Handler {
  return (c) =>
    withShared(c, context, async ({ session, shared }) => {
      const { collection, origin } = shared
      const place = { collection: collection.id, path: origin?.path ?? '/' }
      const note = (act: Pick<Act, 'outcome' | 'reason'>): void =>
        context.audit.note(session, { act: 'end_sharing', as: 'person', ...place, ...act })
      try {
        await shared.remove()
      } catch (error) {
        if (isGlobusServiceError(error)) note(outcomeOf(error))
        throw error
      }
      note({ outcome: 'done' })
      const back = origin === undefined ? context.site.start.href : filesUrl(origin)
      return c.redirect(`${back}${back.includes('?') ? '&' : '?'}done=unshared`, 303)
    })
}

interface Opened {
  readonly session: LoginSession
  readonly shared: SharedCollection
}

async function withShared(
  c: Context,
  context: PortalContext,
  work: (opened: Opened) => Response | Promise<Response>,
): Promise<Response> {
  const session = requireSession(c)
  const id = c.req.param('id')
  if (!isUuid(id)) return answerProblem(c, context, { ...notFound, person: personOf(session) })
  const again = { href: sharingUrl(id), text: texts.shareFolder.end.keep }
  try {
    const requireScope = async (scope: string): Promise<void> => void requireScopes(c, scope)
    const shared = await openShared(context.globus, { id, session, requireScope })
    return 'code' in shared ? await answerFailure(c, context, shared, again) : await work({ session, shared })
  } catch (error) {
    if (!isGlobusServiceError(error) || error.code === 'globus_token_refused') throw error
    return answerFailure(c, context, refusalOf(error), again)
  }
}
