import type { Context, Handler } from 'hono'
import { isGlobusServiceError, type LoginSession } from 'pierhead'
import type { Identity } from 'pierhead/globus'
import type { PortalContext } from '../../context.ts'
import { readForm } from '../../form.ts'
import { parseFolder } from '../../files/path.ts'
import { isUuid } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import { sharingUrl } from '../../views/sharing/page.ts'
import { answerProblem, notFound } from '../problem.ts'
import { answerSharing, requireSharing } from './show.ts'

const words = texts.sharing

/** Gives a person or a group a permission, with the right of the one who asks. */
export function addShare(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSharing(c)
    const id = c.req.param('id')
    if (!isUuid(id)) return answerProblem(c, context, notFound)
    const form = await readForm(c)
    const refuse = (wrong: string): Promise<Response> => answerSharing(c, context, { session, id, form, wrong })
    const path = parseFolder(form.get('folder')?.trim())
    if (path === undefined || !path.endsWith('/')) return refuse(words.wrong.folder)
    const [username, group] = [form.get('username')?.trim() ?? '', form.get('group') ?? '']
    if ((username === '') === (group === '')) return refuse(words.wrong.who)
    const identity = username === '' ? undefined : await findPerson(context, session, username)
    if (username !== '' && identity === undefined) return refuse(words.wrong.person(username))
    const rule = {
      DATA_TYPE: 'access' as const,
      principal_type: identity === undefined ? ('group' as const) : ('identity' as const),
      principal: identity?.id ?? group,
      path,
      permissions: form.get('permissions') === 'rw' ? ('rw' as const) : ('r' as const),
      ...(form.get('notify') === '1' && identity?.email ? { notify_email: identity.email } : {}),
    }
    return doing(c, context, { session, id, form, done: 'shared' }, () =>
      context.globus.transfer(session).access.create(id, rule),
    )
  }
}

/** Takes a permission away. One that is gone already is no failure. */
export function removeShare(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSharing(c)
    const id = c.req.param('id')
    const form = await readForm(c)
    const rule = form.get('rule') ?? undefined
    if (!isUuid(id) || rule === undefined || !/^[\w-]{1,64}$/.test(rule)) return answerProblem(c, context, notFound)
    return doing(c, context, { session, id, form, done: 'removed' }, () =>
      context.globus.transfer(session).access.remove({ endpoint_xid: id, id: rule }),
    )
  }
}

async function findPerson(
  { globus }: PortalContext,
  session: LoginSession,
  username: string,
): Promise<Identity | undefined> {
  // A comma would ask for several.
  if (username.includes(',')) return undefined
  const { items } = await globus.auth(session).identities.getAll({ usernames: username }).collect()
  return items[0]
}

interface Doing {
  readonly session: LoginSession
  readonly id: string
  readonly form: URLSearchParams
  readonly done: keyof typeof words.done
}

async function doing(
  c: Context,
  context: PortalContext,
  { session, id, form, done }: Doing,
  work: () => Promise<unknown>,
) {
  try {
    await work()
    return c.redirect(`${sharingUrl(id)}?done=${done}`, 303)
  } catch (error) {
    if (!isGlobusServiceError(error) || error.code === 'globus_token_refused') throw error
    if (done === 'removed' && error.status === 404) return c.redirect(`${sharingUrl(id)}?done=gone`, 303)
    const wrong = error.serviceCode === 'Exists' ? words.exists : `${texts.failureSays} ${error.serviceMessage}`
    return answerSharing(c, context, { session, id, form, wrong })
  }
}
