import { texts } from '../../texts.ts'
import type { TaskUpdate } from '../../transfers/person-watch.ts'
import { rateChart } from './rate-chart.ts'
import { taskEvents, taskProgress, taskRow, taskTitle } from './task-parts.ts'

/** The news of a task for pages that show it: parts of them as the portal writes them, in JSON. */
export function writeUpdate({ view, samples, events }: TaskUpdate): string {
  const { ended } = texts.transfers
  const sentence = view.state in ended ? ended[view.state as keyof typeof ended](taskTitle(view)) : undefined
  return JSON.stringify({
    id: view.id,
    state: view.state,
    row: String(taskRow(view)),
    progress: String(taskProgress(view)),
    ...(samples.length > 2 ? { chart: String(rateChart(samples)) } : {}),
    ...(events === undefined ? {} : { events: String(taskEvents(events)) }),
    ...(sentence === undefined ? {} : { ended: sentence }),
  })
}
