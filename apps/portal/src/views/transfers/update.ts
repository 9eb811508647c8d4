import { texts } from '../../texts.ts'
import type { TaskUpdate } from '../../transfers/person-watch.ts'
import type { Html } from '../html.ts'
import { rateChart } from './rate-chart.ts'
import { taskEvents, taskProgress, taskRow, taskTitle } from './task-parts.ts'

/** The news of a task for pages that show it: parts of them as the portal writes them, in JSON. */
export function writeUpdate({ view, samples, events }: TaskUpdate): string {
  const ended: Readonly<Record<string, (title: string) => string>> = texts.transfers.ended
  const sentence = ended[view.state]?.(taskTitle(view))
  return JSON.stringify({
    id: view.id,
    state: view.state,
    row: markup(taskRow(view)),
    progress: markup(taskProgress(view)),
    ...(samples.length > 2 ? { chart: markup(rateChart(samples)) } : {}),
    ...(events === undefined ? {} : { events: markup(taskEvents(events)) }),
    ...(sentence === undefined ? {} : { ended: sentence }),
  })
}

/** None of these parts has to wait for anything. */
function markup(part: Html): string {
  if (part instanceof Promise) throw new TypeError('A part of a page that is sent as news cannot be waited for.')
  return part.toString()
}
