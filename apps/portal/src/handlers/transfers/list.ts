import type { Handler } from 'hono'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { taskView } from '../../transfers/task-view.ts'
import { personOf } from '../../views/person.ts'
import { taskFilters, tasksPage, type TaskFilter } from '../../views/transfers/list.ts'

/** More are in Globus's own list of activity. */
const most = 100

const statuses: Record<TaskFilter, string> = {
  all: 'ACTIVE,INACTIVE,SUCCEEDED,FAILED',
  running: 'ACTIVE,INACTIVE',
  finished: 'SUCCEEDED',
  failed: 'FAILED',
}

export function showTasks({ globus, site }: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const filter = taskFilters.find((one) => one === c.req.query('show')) ?? 'all'
    const list = globus.transfer(session).task.getAll({
      filter: `type:TRANSFER,DELETE/status:${statuses[filter]}`,
      orderby: 'request_time desc',
      limit: most,
    })
    const { items, complete } = await list.collect(most)
    return c.html(tasksPage(site, { person: personOf(session), filter, tasks: items.map(taskView), complete }))
  }
}
