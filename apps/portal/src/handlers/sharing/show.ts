import type { Context, Handler } from 'hono'
import { isGlobusServiceError, type LoginSession } from 'pierhead'
import { scopes } from 'pierhead/globus'
import { requireScopes } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { isUuid } from '../../files/place.ts'
import { readShares } from '../../sharing/shares.ts'
import { texts } from '../../texts.ts'
import { filesUrl } from '../../views/files/addresses.ts'
import { personOf } from '../../views/person.ts'
import { sharingPage } from '../../views/sharing/page.ts'
import { answerServiceError } from '../files/file-problem.ts'
import { answerProblem, notFound } from '../problem.ts'

/** What the page reads of other services: names of people, and the person's own groups. Asked for when it is first opened. */
export const needed = [scopes.auth.viewIdentities, scopes.groups.viewMyGroupsAndMemberships]

export const requireSharing = (c: Context): LoginSession => requireScopes(c, ...needed)

export function showSharing(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSharing(c)
    const id = c.req.param('id')
    if (!isUuid(id)) return answerProblem(c, context, { ...notFound, person: personOf(session) })
    return answerSharing(c, context, { session, id })
  }
}

interface Sharing {
  readonly session: LoginSession
  readonly id: string
  /** What was wrong with a form, and what it held. */
  readonly wrong?: string
  readonly form?: URLSearchParams
}

/** The page, as it is or with words about a form that it could not take. */
export async function answerSharing(
  c: Context,
  context: PortalContext,
  { session, id, wrong, form }: Sharing,
): Promise<Response> {
  const { globus, site } = context
  try {
    const transfer = globus.transfer(session)
    const [collection, groups] = await Promise.all([
      context.collections.get(session, id),
      globus.groups(session).groups.getMyGroups().collect(),
    ])
    const shares = await readShares({ transfer, auth: globus.auth(session) }, id, groups.items)
    const done = c.req.query('done') ?? ''
    const notices: Readonly<Record<string, string>> = { ...texts.sharing.done, ...texts.shareFolder.done }
    const page = sharingPage(site, {
      person: personOf(session),
      csrfToken: session.csrfToken,
      collection,
      shares,
      groups: groups.items,
      folder: form?.get('folder') ?? c.req.query('path') ?? '/',
      username: form?.get('username') ?? '',
      notice: Object.hasOwn(notices, done) ? notices[done] : undefined,
      wrong,
    })
    return c.html(page, wrong === undefined ? 200 : 400)
  } catch (error) {
    if (!isGlobusServiceError(error)) throw error
    return answerServiceError(c, context, error, {
      wanted: 'folder',
      again: { href: filesUrl({ id }), text: texts.sharing.back },
    })
  }
}
