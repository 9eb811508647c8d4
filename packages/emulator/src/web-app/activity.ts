import { html } from 'hono/html'
import { PageError } from '../auth/authorization-error.ts'
import { layout } from '../auth/pages/layout.ts'
import { respondPage, type Html } from '../auth/pages/respond.ts'
import { withSession } from '../auth/web/page-session.ts'
import type { EmulatorContext } from '../context.ts'
import type { PathParameters } from '../routes.ts'
import { taskDocument } from '../transfer/task-document.ts'
import { timestamp } from '../transfer/timestamps.ts'
import type { Task } from '../world/tasks.ts'

const MOST_EVENTS = 50

/** `GET /activity/ID`: how a task of one's own is getting on. */
export const showActivity = (
  browser: Request,
  context: EmulatorContext,
  { task: id = '' }: PathParameters,
): Promise<Response> =>
  withSession(browser, context, (session) => {
    const task = context.world.tasks.find(id.toLowerCase())
    if (task?.owner !== session.account) throw noSuchTask()
    return respondPage(activityPage(task, context))
  })

function activityPage(task: Task, context: EmulatorContext): Html {
  const document = taskDocument(task, context)
  const events = context.world.taskEvents.list(task.id, { isError: undefined, limit: MOST_EVENTS, offset: 0 })
  return layout(
    'Activity',
    html`<h1>${task.label ?? `${task.type === 'DELETE' ? 'Delete' : 'Transfer'} ${task.id}`}</h1>
      <dl>
        ${shown.map(
          ([key, title]) =>
            html`<div>
              <dt>${title}</dt>
              <dd>${textOf(document[key])}</dd>
            </div>`,
        )}
      </dl>
      <h2>Events</h2>
      <ul class="scopes">
        ${events.map(
          ({ code, time, details }) =>
            html`<li>
              <strong>${code}</strong> <time>${timestamp(time)}</time>
              <small>${details}</small>
            </li>`,
        )}
      </ul>`,
  )
}

const shown = [
  ['task_id', 'Task'],
  ['status', 'Status'],
  ['nice_status_short_description', 'Now'],
  ['source_endpoint_display_name', 'Source'],
  ['destination_endpoint_display_name', 'Destination'],
  ['request_time', 'Requested'],
  ['completion_time', 'Completed'],
  ['deadline', 'Deadline'],
  ['files', 'Files'],
  ['files_transferred', 'Files transferred'],
  ['bytes_transferred', 'Bytes transferred'],
  ['faults', 'Faults'],
] as const

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '–'

const noSuchTask = (): PageError =>
  new PageError({
    title: 'No such task',
    sentence: 'There is no task with that id among yours.',
    code: 'TASK_NOT_FOUND',
    status: 404,
  })
