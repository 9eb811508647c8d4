import { texts } from '../../texts.ts'
import type { TaskUpdate } from '../../transfers/person-watch.ts'
import { toText } from '../html.ts'
import { rateChart } from './rate-chart.ts'
import { taskEvents, taskProgress, taskRow, taskTitle } from './task-parts.ts'

/** The news of a task for pages that show it: parts of them as the portal writes them, in JSON. */
export function writeUpdate({ view, samples, events }: TaskUpdate): string {
  const ended: Readonly<Record<string, (title: string) => string>> = texts.transfers.ended
  const sentence = ended[view.state]?.(taskTitle(view))
  return JSON.stringify({
    id: view.id,
    state: view.state,
    row: toText(taskRow(view)),
    progress: toText(taskProgress(view)),
    ...(samples.length > 2 ? { chart: toText(rateChart(samples)) } : {}),
    ...(events === undefined ? {} : { events: toText(taskEvents(events)) }),
    ...(sentence === undefined ? {} : { ended: sentence }),
  })
}
