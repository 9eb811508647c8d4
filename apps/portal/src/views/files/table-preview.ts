import { html, raw } from 'hono/html'
import { escapeHtml } from '../../client/row.ts'
import type { Table } from '../../preview/table.ts'
import { texts } from '../../texts.ts'
import type { Html } from '../html.ts'

const words = texts.preview
const mostRows = 2000

/** A table of a file. Its script sorts it by a column. */
export function tableView({ columns, rows }: Table): Html {
  const shown = rows.slice(0, mostRows)
  // A template for each cell would cost more than all the rest of the page.
  const cells = (row: readonly string[]) =>
    columns.map((_, index) => `<td>${escapeHtml(row[index] ?? '')}</td>`).join('')
  const markup = shown.map((row) => `<tr>${cells(row)}</tr>`).join('')
  return html`<p class="muted" role="status">${words.rows(shown.length, rows.length)}</p>
    <div class="scroll" tabindex="0" role="group" aria-label="${words.content}">
      <table class="data">
        <thead>
          <tr>
            ${columns.map((name) => html`<th scope="col">${name === '' ? words.unnamed : name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${raw(markup)}
        </tbody>
      </table>
    </div>`
}
