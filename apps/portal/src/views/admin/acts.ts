import { html } from 'hono/html'
import type { NotedAct } from '../../operator/audit.ts'
import { texts } from '../../texts.ts'
import { moment } from '../facts.ts'
import { filesUrl } from '../files/addresses.ts'
import type { Html } from '../html.ts'
import { notedSection } from './noted-section.ts'

const words = texts.admin

/** What was done at Globus for people, and with whose right. */
export function actsSection(acts: readonly NotedAct[]): Html {
  const hint = acts.length === 0 ? words.noActs : words.actsHint
  return notedSection('acts', { title: words.acts, hint, rows: acts.map(row) })
}

function row({ act, as, at, collection, outcome, path, reason, request, subject, username }: NotedAct): Html {
  return html`<tr>
    <td>${moment(at)}</td>
    <td>${username || subject}</td>
    <td>
      ${words.act[act]}, ${words.actor[as]}: ${words.outcome[outcome]}
      ${reason === undefined ? '' : html`<code>${reason}</code>`}
      <p class="muted">
        <a href="${filesUrl({ id: collection, path })}"><code>${path}</code></a>
      </p>
    </td>
    <td><code class="muted">${request ?? ''}</code></td>
  </tr>`
}
