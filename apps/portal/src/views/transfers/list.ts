import { html } from 'hono/html'
import { texts } from '../../texts.ts'
import type { TaskView } from '../../transfers/task-view.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'
import { taskRow } from './task-parts.ts'

export const taskFilters = ['all', 'running', 'finished', 'failed'] as const
export type TaskFilter = (typeof taskFilters)[number]

export interface TasksView {
  readonly person: Person
  readonly filter: TaskFilter
  readonly tasks: readonly TaskView[]
  /** False: there are older ones. */
  readonly complete: boolean
}

const words = texts.transfers

/** The person's tasks, the newest first. */
export function tasksPage(site: Site, { person, filter, tasks, complete }: TasksView): string {
  const tabs = html`<nav class="tabs" aria-label="${words.filterLabel}">
    ${taskFilters.map(
      (one) =>
        html`<a href="/transfers?show=${one}" ${one === filter ? html`aria-current="page"` : ''}
          >${words.filters[one]}</a
        > `,
    )}
  </nav>`
  const list = html`<ul class="tasks">
    ${tasks.map(taskRow)}
  </ul>`
  const empty = html`<p class="empty">${words.empty[filter]}</p>
    <p class="actions"><a class="button" href="${site.start.href}">${site.start.text}</a></p>`
  return layout(site, {
    title: words.title,
    current: 'transfers',
    person,
    styles: ['transfers.css'],
    scripts: ['transfers.ts'],
    head: html`<h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>`,
    body: html`${tabs} ${tasks.length === 0 ? empty : list} ${complete ? '' : html`<p class="muted">${words.more}</p>`}
      <p id="live" role="status"></p>`,
  })
}
