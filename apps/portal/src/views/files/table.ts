import { html, raw } from 'hono/html'
import type { SortKey } from '../../client/entry-order.ts'
import { encodeName, rowWriter, type RowOptions } from '../../client/row.ts'
import type { Listing } from '../../files/list-folder.ts'
import { openFolder, placeUrl, withPane } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import type { Html } from '../html.ts'
import type { PaneView } from './pane-view.ts'

const words = texts.files
const columns: readonly SortKey[] = ['name', 'size', 'modified']

/** What is in a folder, a row each. */
export function listingTable(view: PaneView, listing: Listing): Html {
  const { loaded } = view
  const { collection, pane } = loaded
  const { entries, path, total } = listing
  const options = rowOptions(view, path)
  const { by, direction } = pane.order
  return html`<div class="count-line">
      <span class="count" aria-live="polite">${words.count(entries.length, total)}</span>
    </div>
    <div class="scroll">
      <table
        class="entries"
        role="table"
        aria-rowcount="${total + 1}"
        data-total="${total}"
        data-entries="${entriesUrl(view, path)}"
        data-options="${JSON.stringify(options)}"
        data-order="${JSON.stringify(pane.order)}"
        data-filter="${pane.filter}"
        data-page="${pane.page}"
      >
        <caption class="for">
          ${words.caption(collection?.name ?? pane.id, path)}
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" class="pick" scope="col">
              <span class="for">${words.chosen}</span>
              <input type="checkbox" class="all" aria-label="${words.selectAll}" hidden />
            </th>
            ${columns.map((key) => {
              const isSorted = key === by
              const up = isSorted && direction === 'asc'
              const sorted = isSorted ? html`aria-sort="${up ? 'ascending' : 'descending'}"` : ''
              const next = { ...pane, order: { by: key, direction: up ? 'desc' : 'asc' }, page: 1 } as const
              return html`<th role="columnheader" class="${key}" scope="col" ${sorted}>
                <a href="${placeUrl(withPane(view.place, view.side, next))}" data-sort="${key}"
                  >${words.columns[key]}</a
                >
              </th>`
            })}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${raw(rowsOf(entries, options))}
        </tbody>
      </table>
      <p class="empty" ${entries.length === 0 ? '' : raw('hidden')}>${emptyText(view)}</p>
    </div>`
}

/** By adding up, which here is twice as quick as `join`. */
function rowsOf(entries: Listing['entries'], options: RowOptions): string {
  const write = rowWriter(options)
  let rows = ''
  for (const entry of entries) rows += write(entry)
  return rows
}

function emptyText({ loaded: { access, pane } }: PaneView): string {
  if (pane.filter !== '') return words.noMatch(pane.filter)
  return access === 'enabled' ? words.emptyFolderUpload : words.emptyFolder
}

function rowOptions({ place, side, loaded: { pane } }: PaneView, path: string): RowOptions {
  return {
    folderPrefix: placeUrl(withPane(place, side, openFolder(pane, undefined)), side),
    // From the address of the page, which names the collection of the left pane: there is one for each of a thousand rows.
    filePrefix: `${pane.id === place.left.id ? '' : `../${pane.id}/`}preview?path=`,
    path,
    select: words.select,
    folderWord: words.folder,
  }
}

function entriesUrl({ loaded: { pane } }: PaneView, path: string): string {
  return `/collections/${pane.id}/entries?${pane.hidden ? 'hidden=1&' : ''}path=${encodeName(path)}`
}
