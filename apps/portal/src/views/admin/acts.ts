import { html } from 'hono/html'
import type { NotedAct } from '../../operator/audit.ts'
import { texts } from '../../texts.ts'
import { moment } from '../facts.ts'
import { filesUrl } from '../files/addresses.ts'
import type { Html } from '../html.ts'

const words = texts.admin

/** What was done at Globus for people, and with whose right. */
export function actsSection(acts: readonly NotedAct[]): Html {
  return html`<section class="card" aria-labelledby="acts">
    <h2 id="acts">${words.acts}</h2>
    <p class="muted">${acts.length === 0 ? words.noActs : words.actsHint}</p>
    ${
      acts.length === 0
        ? ''
        : html`<table class="plain stacked">
            <thead>
              <tr>
                <th scope="col">${words.when}</th>
                <th scope="col">${words.who}</th>
                <th scope="col">${words.what}</th>
                <th scope="col">${words.request}</th>
              </tr>
            </thead>
            <tbody>
              ${acts.map(row)}
            </tbody>
          </table>`
    }
  </section>`
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
