import type { Handler } from 'hono'
import { html } from 'hono/html'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { loadLeft, loadOther } from '../../files/load-pane.ts'
import { isUuid, readPlace } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import { filesPage, filesStyles } from '../../views/files/page.ts'
import type { Html } from '../../views/html.ts'
import { preloadHeader } from '../../views/layout.ts'
import { personOf } from '../../views/person.ts'
import { answerProblem, notFound } from '../problem.ts'

/** Lists one or two folders with the person's own token. */
export function showFiles(context: PortalContext): Handler {
  const { collections, globus, refusedWrites, site } = context
  return async (c) => {
    const session = requireSession(c)
    const person = personOf(session)
    const query = new URL(c.req.url).searchParams
    const place = readPlace(c.req.param('id') ?? '', query)
    if (place === undefined) return answerProblem(c, context, { ...notFound, person })
    const loader = { session, transfer: globus.transfer(session), collections, refusedWrites }
    const [left, right] = await Promise.all([loadLeft(loader, place), loadOther(loader, place.right)])
    const status = 'pane' in left && 'failure' in left.content ? left.content.failure.status : 200
    const { claims, csrfToken } = session
    c.header('Link', preloadHeader(site, filesStyles))
    return c.html(
      filesPage(site, { person, csrfToken, subject: claims.sub, place, left, right, notice: noticeOf(query) }),
      status,
    )
  }
}

const done: Readonly<Record<string, string>> = texts.files.done

/** Words for what the address says was done. Anything else it says is ignored. */
function noticeOf(query: URLSearchParams): Html | undefined {
  const words = query.get('done') ?? ''
  const task = query.get('task') ?? undefined
  if (!Object.hasOwn(done, words)) return undefined
  const link = isUuid(task) ? html` <a href="/transfers/${task}">${texts.files.taskLink}</a>` : ''
  return html`${done[words]}${link}`
}
