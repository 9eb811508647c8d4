import { html } from 'hono/html'
import { texts } from '../../texts.ts'
import type { Html } from '../html.ts'

const words = texts.admin

/** What happened lately: when, to whom, what, and in which request. `hint` stands above the rows, or in their place. */
export function notedSection(
  id: string,
  { title, hint, rows }: { title: string; hint: string; rows: readonly Html[] },
) {
  return html`<section class="card" aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    <p class="muted">${hint}</p>
    ${
      rows.length === 0
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
              ${rows}
            </tbody>
          </table>`
    }
  </section>`
}
