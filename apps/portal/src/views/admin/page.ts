import { html } from 'hono/html'
import type { SettingOrigin } from '../../config/types.ts'
import type { PersonSessions } from '../../handlers/admin/list-everybody.ts'
import type { NotedAct } from '../../operator/audit.ts'
import type { Refusal } from '../../operator/refusals.ts'
import { texts } from '../../texts.ts'
import { moment } from '../facts.ts'
import type { Html } from '../html.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'
import { actsSection } from './acts.ts'
import { notedSection } from './noted-section.ts'
import { peopleSection } from './people.ts'

export interface AdminView {
  readonly person: Person
  readonly csrfToken: string
  readonly origins: readonly SettingOrigin[]
  readonly people: readonly PersonSessions[]
  /** Whether more people are known than were looked at. */
  readonly isCut: boolean
  readonly refusals: readonly Refusal[]
  readonly acts: readonly NotedAct[]
  /** Usernames by subject. */
  readonly names: ReadonlyMap<string, string>
  /** How many sessions were just ended. */
  readonly ended: number | undefined
}

const words = texts.admin

export function adminPage(site: Site, view: AdminView): string {
  return layout(site, {
    title: words.title,
    person: view.person,
    styles: ['admin.css'],
    head: html`<h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>`,
    body: html`${view.ended === undefined ? '' : html`<p class="notice" role="status">${words.ended(view.ended)}</p>`}
      <nav class="contents" aria-label="${words.sections}">
        <a href="#sessions">${words.sessions}</a> <a href="#refusals">${words.refusals}</a>
        <a href="#acts">${words.acts}</a>
        <a href="#settings">${words.settings}</a>
      </nav>
      ${peopleSection(view)} ${refusalsSection(view)} ${actsSection(view.acts)} ${settingsSection(view.origins)}`,
  })
}

function refusalsSection({ names, refusals }: AdminView): Html {
  const hint = refusals.length === 0 ? words.noRefusals : words.refusalsHint
  const rows = refusals.map((refusal) => refusalRow(refusal, names))
  return notedSection('refusals', { title: words.refusals, hint, rows })
}

function refusalRow({ at, code, message, path, request, subject }: Refusal, names: ReadonlyMap<string, string>): Html {
  const who = subject === undefined ? words.nobody : names.get(subject) || subject
  return html`<tr>
    <td>${moment(at)}</td>
    <td>${who}</td>
    <td>
      <code>${code}</code>${path === undefined ? '' : html` <code class="muted">${path}</code>`}
      <p class="muted">${message}</p>
    </td>
    <td><code class="muted">${request ?? ''}</code></td>
  </tr>`
}

function settingsSection(origins: readonly SettingOrigin[]): Html {
  return html`<section class="card" aria-labelledby="settings">
    <h2 id="settings">${words.settings}</h2>
    <p class="muted">${words.settingsHint}</p>
    <table class="plain stacked">
      <thead>
        <tr>
          <th scope="col">${words.key}</th>
          <th scope="col">${words.value}</th>
          <th scope="col">${words.from}</th>
        </tr>
      </thead>
      <tbody>
        ${origins.map(
          ({ from, key, value }) =>
            html`<tr class="${from === 'default' ? 'usual' : ''}">
              <th scope="row"><code>${key}</code></th>
              <td>${value}</td>
              <td>${from}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}
