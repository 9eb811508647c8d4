import type { Context } from 'hono'
import { getSession } from 'pierhead/hono'
import type { PortalContext } from '../context.ts'
import { answerProblem } from '../handlers/problem.ts'
import { texts } from '../texts.ts'
import { personOf } from '../views/person.ts'
import type { Need } from '../views/problem.ts'
import type { AccessRefusedError, Lacking } from './lacking.ts'

const words = texts.access
const identitiesPage = '/v2/web/identities'

/** Says what is missing, whom to ask, and how to come as somebody else. */
export function answerRefusal(
  c: Context,
  context: PortalContext,
  error: AccessRefusedError,
): Response | Promise<Response> {
  const { config, login, log, refusals } = context
  const session = getSession(c)
  const subject = session?.claims.sub
  const code = error.lacking.some(({ kind }) => kind === 'admin') ? 'admin_required' : 'access_required'
  const { path } = c.req
  log.logger.info({ event: 'access_refused', code, subject, lacking: error.lacking }, 'Somebody was not let in.')
  refusals.add({ code, subject, path, request: log.requestId(), message: error.message })
  const { pathname, search } = new URL(c.req.url)
  const returnTo = c.req.method === 'GET' ? pathname + search : '/'
  const person = session?.claims.preferred_username || session?.claims.sub || ''
  return answerProblem(c, context, {
    status: 403,
    code,
    title: code === 'admin_required' ? words.adminTitle : words.title,
    advice: error.lacking.length === 1 ? words.advice(person) : words.adviceForMany(person),
    needs: error.lacking.map((one) => needFor(one, config.issuer)),
    contact: error.contact,
    again: { href: login.loginUrl({ returnTo, prompt: 'login' }), text: words.anotherIdentity },
    person: session && personOf(session),
  })
}

function needFor(lacking: Lacking, issuer: string): Need {
  switch (lacking.kind) {
    case 'group': {
      const names = lacking.groups.map(({ id, name }) => name ?? id)
      const [only] = names
      return {
        text: names.length === 1 && only !== undefined ? words.group(only) : words.groups(names.join(', ')),
        links: lacking.groups.flatMap(({ id, name, joinUrl }) =>
          joinUrl === undefined ? [] : [{ href: joinUrl, text: words.joinGroup(name ?? id) }],
        ),
      }
    }
    case 'domain':
      return {
        text: words.domain(lacking.domains.join(' or ')),
        links: [{ href: issuer + identitiesPage, text: words.linkIdentity }],
      }
    case 'identity':
      return { text: words.identity, links: [] }
    default:
      return { text: words.admin, links: [] }
  }
}
