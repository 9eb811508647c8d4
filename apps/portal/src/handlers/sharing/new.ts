import type { Context, Handler } from 'hono'
import { isAuthorizationRequirementsError, isGlobusServiceError, type LoginSession } from 'pierhead'
import { requireScopes, requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { readForm } from '../../form.ts'
import { failure, type FileFailure } from '../../files/failure.ts'
import { lacksIdentity } from '../../files/identities.ts'
import { nameOf, parseFolder } from '../../files/path.ts'
import { isUuid } from '../../files/place.ts'
import { outcomeOf, type Act } from '../../operator/audit.ts'
import { isFailure, openHost, type Host } from '../../sharing/host.ts'
import { makeCollection, type Made } from '../../sharing/make-collection.ts'
import type { Piece } from '../../sharing/once.ts'
import { readShareForm, wrongWith, type ShareForm } from '../../sharing/share-form.ts'
import { refusalOf } from '../../sharing/share-failure.ts'
import { texts } from '../../texts.ts'
import { filesUrl } from '../../views/files/addresses.ts'
import { personOf } from '../../views/person.ts'
import { newSharePage } from '../../views/sharing/new.ts'
import { sharingUrl } from '../../views/sharing/page.ts'
import { answerFailure } from '../files/file-problem.ts'
import { answerProblem, notFound } from '../problem.ts'
import { needed } from './show.ts'

const words = texts.shareFolder

/** The form that makes a guest collection of a folder, once it is known that this can be done. */
export function askForShare(context: PortalContext): Handler {
  return async (c) => {
    const path = parseFolder(c.req.query('path'))
    return withHost(c, context, path, ({ host, session }) => {
      const name = path === undefined || path === '/' ? host.collection.name : nameOf(path)
      const empty = { description: '', keywords: '', isListed: false, account: '' }
      return answerForm(c, context, { host, session, form: { ...empty, path: path ?? '/', name } })
    })
  }
}

/** Makes the guest collection, with the person's own right, and leads to its permissions. */
export function shareFolder(context: PortalContext): Handler {
  return async (c) => {
    requireSession(c)
    const form = readShareForm(await readForm(c))
    return withHost(c, context, form?.path, (opened) =>
      form === undefined
        ? answerProblem(c, context, { ...notFound, person: personOf(opened.session) })
        : make(c, context, { ...opened, form }),
    )
  }
}

interface Opened {
  readonly host: Host
  readonly session: LoginSession
}

type Work = (opened: Opened) => Response | Promise<Response>

/** Opens the collection that the address names, and says why where that does not work. */
async function withHost(c: Context, context: PortalContext, path: string | undefined, work: Work): Promise<Response> {
  const session = requireSession(c)
  const id = c.req.param('id')
  if (!isUuid(id)) return answerProblem(c, context, { ...notFound, person: personOf(session) })
  const say = (found: FileFailure): Response | Promise<Response> =>
    answerFailure(c, context, found, { href: filesUrl({ id, path }), text: words.back })
  try {
    // All that this page and the next one need is asked for in one go.
    const requireScope = (scope: string): void => void requireScopes(c, scope, ...needed)
    const host = await openHost(context.globus, { id, session, requireScope })
    return isFailure(host) ? await say(host) : await work({ host, session })
  } catch (error) {
    if (isAuthorizationRequirementsError(error) && lacksIdentity(session.claims, error))
      return say(failure('other-identity', 403, error.sessionMessage))
    if (!isGlobusServiceError(error) || error.code === 'globus_token_refused') throw error
    return say(refusalOf(error))
  }
}

interface Making extends Opened {
  readonly form: ShareForm
}

async function make(c: Context, context: PortalContext, { form, host, session }: Making): Promise<Response> {
  const account = accountOf(host, form)
  const wrong = wrongWith(form) ?? (host.kind === 'server' && account === undefined ? words.wrong.account : undefined)
  if (wrong !== undefined) return answerForm(c, context, { host, session, form, wrong })
  const { id } = host.collection
  const note = (act: Pick<Act, 'outcome' | 'made' | 'reason'>): void =>
    context.audit.note(session, { act: 'share_folder', as: 'person', collection: id, path: form.path, ...act })
  const piece: Piece<Made> = {
    async work() {
      const made = await makeCollection(context.globus, { account, form, host, session })
      if (made.state !== 'taken') note({ outcome: made.state === 'made' ? 'done' : 'there_already', made: made.id })
      return made
    },
    toText: (made) => (made.state === 'taken' ? undefined : JSON.stringify(made)),
    // As toText wrote it, and sealed.
    fromText: (text) => JSON.parse(text) as Made,
  }
  try {
    const made = await context.once(`${session.id} ${JSON.stringify([id, form.path, form.name])}`, piece)
    if (made === undefined) return answerProblem(c, context, { ...inProgress, person: personOf(session) })
    if (made.state === 'taken') {
      const taken = { wrong: words.wrong.taken(form.name), taken: made.id }
      return await answerForm(c, context, { host, session, form, ...taken })
    }
    return c.redirect(`${sharingUrl(made.id)}?done=${made.state}`, 303)
  } catch (error) {
    if (!isGlobusServiceError(error)) throw error
    const { status = 0, serviceMessage } = error
    note(outcomeOf(error))
    if (status !== 400 && status !== 409 && status !== 422) throw error
    const said = `${words.wrong.refused} ${texts.failureSays} ${serviceMessage}`
    return answerForm(c, context, { host, session, form, wrong: said })
  }
}

const inProgress = { status: 503, code: 'in_progress', ...words.inProgress } as const

/** The account that was chosen, else the only one. */
function accountOf(host: Host, { account }: ShareForm) {
  if (host.kind === 'personal') return undefined
  return account === '' ? host.accounts[0] : host.accounts.find(({ id }) => id === account)
}

interface FormAnswer extends Opened {
  readonly form: ShareForm
  readonly wrong?: string
  readonly taken?: string
}

async function answerForm(
  c: Context,
  { site }: PortalContext,
  { form, host, session, taken, wrong }: FormAnswer,
): Promise<Response> {
  const { csrfToken } = session
  const page = newSharePage(site, { person: personOf(session), csrfToken, host, form, wrong, taken })
  return c.html(page, wrong === undefined ? 200 : 400)
}
