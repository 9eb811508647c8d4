import { html } from 'hono/html'
import { bytes } from '../../client/amounts.ts'
import { texts } from '../../texts.ts'
import type { TaskEvent } from '../../transfers/task-history.ts'
import { canRepeat, isRunning, type TaskEnd, type TaskView } from '../../transfers/task-view.ts'
import { fact, moment } from '../facts.ts'
import { filesUrl } from '../files/addresses.ts'
import type { Html } from '../html.ts'

const words = texts.transfers

export const taskTitle = ({ label, kind }: TaskView): string => (label === '' ? words.untitled[kind] : label)

export const taskUrl = (id: string): string => `/transfers/${id}`

/** A line of the list. */
export function taskRow(task: TaskView): Html {
  return html`<li data-task="${task.id}">
    <div class="task-line">
      <a class="name" href="${taskUrl(task.id)}">${taskTitle(task)}</a>
      ${stateBadge(task)}
    </div>
    <p class="muted">
      ${words.kind[task.kind]} ·
      ${endName(task.source)}${task.destination === undefined ? '' : html` → ${endName(task.destination)}`} ·
      ${moment(task.requestedAt)}
    </p>
    ${isRunning(task) ? html`<p class="task-line">${progressBar(task)}</p>` : ''}
    ${task.trouble === undefined ? '' : html`<p class="trouble">${troubleWords(task.trouble)}</p>`}
    <p class="muted">${words.filesOf(task.filesDone + task.filesSkipped, task.files)} · ${bytes(task.bytes)}</p>
    ${canRepeat(task) ? againLink(task, 'button quiet small') : ''}
  </li>`
}

/** Leads to the page that asks, filled in. The name of the transfer tells readers of a list of links which one is meant. */
export function againLink(task: TaskView, style: string): Html {
  const text = task.state === 'succeeded' || isRunning(task) ? words.again : words.tryAgain
  return html`<a class="${style}" href="${taskUrl(task.id)}/again"
    >${text}<span class="for">: ${taskTitle(task)}</span></a
  >`
}

/** What changes on the page of a task while it goes on. */
export function taskProgress(task: TaskView): Html {
  const advice = words.stateAdvice[task.state]
  return html`<div id="progress" data-state="${task.state}">
    <p class="task-line">${stateBadge(task)} ${isRunning(task) ? progressBar(task) : ''}</p>
    ${task.trouble === undefined ? '' : troubleNote(task.trouble)} ${advice === undefined ? '' : html`<p>${advice}</p>`}
    ${task.state === 'inactive' ? html`<p class="actions">${ends(task).map(allowLink)}</p>` : ''}
    <dl class="facts numbers">
      ${fact(words.facts.files, filesText(task))} ${fact(words.facts.bytes, bytes(task.bytes))}
      ${fact(words.facts.rate, words.perSecond(bytes(task.rate)))}
      ${fact(words.facts.faults, task.faults === 0 ? words.noFaults : String(task.faults))}
      ${fact(words.facts.started, moment(task.requestedAt))}
      ${task.completedAt === undefined ? '' : fact(words.facts.ended, moment(task.completedAt))}
    </dl>
  </div>`
}

/** The service's own words about each thing that happened, the newest first. */
export function taskEvents(events: readonly TaskEvent[]): Html {
  if (events.length === 0) return html`<div id="events"><p class="empty">${words.eventsEmpty}</p></div>`
  return html`<ol id="events" class="events">
    ${events.map(
      ({ time, code, isError, description, details }) =>
        html`<li class="${isError ? 'error' : ''}">
          <p>
            <strong>${sentence(description || code)}</strong>
            ${isSaidBy(description, code) ? '' : html`<code>${code}</code>`} <span class="muted">${moment(time)}</span>
          </p>
          ${
            details === ''
              ? ''
              : html`<details>
                  <summary>${words.details}</summary>
                  <pre>${details}</pre>
                </details>`
          }
        </li>`,
    )}
  </ol>`
}

/** A collection by name, leading to the folder in it. */
export function endLink({ id, name, path }: TaskEnd): Html {
  const text = name ?? words.unknownCollection
  return html`<a href="${filesUrl({ id, path })}">${text}</a>${path === undefined ? '' : html` <code>${path}</code>`}`
}

const endName = ({ name }: TaskEnd): string => name ?? words.unknownCollection

function stateBadge({ state }: TaskView): Html {
  return html`<span class="badge state-${state}">${words.state[state]}</span>`
}

/** Without a value the bar says that nobody knows yet. */
function progressBar({ progress }: TaskView): Html {
  const percent = progress === undefined ? undefined : Math.round(progress * 100)
  const value = percent === undefined ? '' : html`value="${percent}"`
  return html`<progress max="100" ${value} aria-label="${words.progressLabel}"></progress>
    <span class="percent">${percent === undefined ? '' : `${percent} %`}</span>`
}

function troubleNote({ code, description }: NonNullable<TaskView['trouble']>): Html {
  return html`<p class="notice trouble">${troubleWords({ code, description })} <code>${code}</code></p>`
}

function troubleWords({ code, description }: NonNullable<TaskView['trouble']>): string {
  return texts.troubles[code.toUpperCase()] ?? sentence(description || code)
}

/** The service writes the codes in small letters: `permission denied`. */
const isSaidBy = (description: string, code: string): boolean =>
  description === '' || description.toLowerCase() === code.toLowerCase().replaceAll('_', ' ')

/** GC is Globus Connect. */
const sentence = (text: string): string => text.replace(/^(gc\b|.)/i, (begin) => begin.toUpperCase())

/** Opening a collection leads through the consent or the login that is missing; Globus goes on by itself then. */
function allowLink({ id, name }: TaskEnd): Html {
  return html`<a class="button quiet" href="${filesUrl({ id })}"
    >${words.allowAgain(name ?? words.unknownCollection)}</a
  >`
}

const ends = ({ source, destination }: TaskView): readonly TaskEnd[] =>
  destination === undefined ? [source] : [source, destination]

function filesText({ files, filesDone, filesSkipped }: TaskView): string {
  const done = words.filesOf(filesDone + filesSkipped, files)
  return filesSkipped === 0 ? done : `${done}, ${words.skipped(filesSkipped)}`
}
