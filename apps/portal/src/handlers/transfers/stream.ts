import type { Context, Handler } from 'hono'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { isUuid } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import { ratesOf, readEvents } from '../../transfers/task-history.ts'
import { taskView } from '../../transfers/task-view.ts'
import { writeUpdate } from '../../views/transfers/update.ts'
import { answerProblem } from '../problem.ts'

/** Tasks of one page at most; a browser with more of them open sees the others a little later. */
const mostWatched = 20

/** News of the person's tasks as they come: <https://html.spec.whatwg.org/multipage/server-sent-events.html>. */
export function streamTasks(context: PortalContext): Handler {
  const { liveTasks } = context
  return (c) => {
    const session = requireSession(c)
    // Nobody would read the stream, and nobody would end it.
    if (c.req.method === 'HEAD') return c.body(null, 200, headers)
    if (liveTasks.isFull(session.claims.sub)) return answerProblem(c, context, tooMany)
    const since = Number(c.req.header('last-event-id') ?? 0)
    const wanted = { watched: watchedOf(c), since: Number.isFinite(since) ? since : 0 }
    return c.body(liveTasks.stream(session, wanted), 200, headers)
  }
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  // nginx would keep small messages to itself.
  'x-accel-buffering': 'no',
} as const

const tooMany = { status: 429, code: 'too_many_streams', ...texts.transfers.tooManyStreams } as const

/** The same news at one moment, for browsers whose streams do not get through. */
export function listUpdates({ globus, now }: PortalContext): Handler {
  return async (c) => {
    const transfer = globus.transfer(requireSession(c))
    const updates = await Promise.all(
      watchedOf(c).map(async (id) => {
        const [task, events] = await Promise.all([transfer.task.get(id), readEvents(transfer, id)])
        return writeUpdate({ view: taskView(task), events, samples: ratesOf(events), at: now() })
      }),
    )
    return c.body(`[${updates.join(',')}]`, 200, { 'content-type': 'application/json' })
  }
}

function watchedOf(c: Context): string[] {
  const ids = (c.req.queries('task') ?? []).filter(isUuid).map((id) => id.toLowerCase())
  return [...new Set(ids)].slice(0, mostWatched)
}
