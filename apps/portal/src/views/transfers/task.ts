import { html } from 'hono/html'
import { texts } from '../../texts.ts'
import type { RateSample, TaskEvent } from '../../transfers/task-history.ts'
import { canRepeat, isRunning, type TaskView } from '../../transfers/task-view.ts'
import type { Html } from '../html.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'
import { rateChart } from './rate-chart.ts'
import { againLink, endLink, taskEvents, taskProgress, taskTitle, taskUrl } from './task-parts.ts'

export interface TaskPageView {
  readonly person: Person
  readonly csrfToken: string
  readonly task: TaskView
  readonly events: readonly TaskEvent[]
  readonly samples: readonly RateSample[]
  readonly notice: string | undefined
}

const words = texts.transfers

/** One task as it goes on. Without scripts the page loads itself again while the task runs. */
export function taskPage(site: Site, view: TaskPageView): string {
  const { person, task, events, samples, notice } = view
  return layout(site, {
    title: taskTitle(task),
    current: 'transfers',
    person,
    styles: ['transfers.css'],
    scripts: ['transfers.ts'],
    ...(isRunning(task) ? { reloadAfter: 5 } : {}),
    head: html`<h1>${taskTitle(task)}</h1>
      <p class="lead">${way(task)}</p>`,
    body: html`${notice === undefined ? '' : html`<p class="notice" role="status">${notice}</p>`}
      <section class="card" data-watch="${task.id}" aria-label="${words.progressLabel}">${taskProgress(task)}</section>
      <p id="live" role="status" data-stale="${words.stale}"></p>
      <div class="actions">${actions(view)}</div>
      ${task.kind === 'transfer' && (isRunning(task) || samples.length > 2) ? chart(samples) : ''}
      <section aria-labelledby="events-title">
        <h2 id="events-title">${words.events}</h2>
        <div class="log">${taskEvents(events)}</div>
      </section>`,
  })
}

function way({ source, destination }: TaskView): Html {
  if (destination === undefined) return html`${words.on} ${endLink(source)}`
  return html`${words.from} ${endLink(source)} ${words.to} ${endLink(destination)}`
}

function actions({ task, csrfToken }: TaskPageView): Html {
  if (!isRunning(task)) return canRepeat(task) ? againLink(task, 'button') : html``
  // Shown by the script when the task ends.
  const again = task.kind === 'transfer' ? html`<span id="again" hidden>${againLink(task, 'button')}</span>` : ''
  return html`${again}
    <form method="post" action="${taskUrl(task.id)}/cancel" id="cancel">
      <input type="hidden" name="csrf_token" value="${csrfToken}" />
      <button class="button danger">${words.cancel}</button>
    </form>
    <button class="button quiet" type="button" id="notify" hidden data-done="${words.notifying}">
      ${words.notify}
    </button>`
}

function chart(samples: readonly RateSample[]): Html {
  return html`<section aria-labelledby="chart-title">
    <h2 id="chart-title">${words.chart}</h2>
    ${rateChart(samples)}
  </section>`
}
