import { html } from 'hono/html'
import { encodeName } from '../../client/row.ts'
import { crumbsOf, parentOf } from '../../files/path.ts'
import type { LoadedPane } from '../../files/load-pane.ts'
import { isPane, openFolder, placeUrl, withChoice, withPane } from '../../files/place.ts'
import { pageSize, type Listing } from '../../files/list-folder.ts'
import { texts } from '../../texts.ts'
import { collectionBadges } from '../collections/badges.ts'
import { inAscii, type Html } from '../html.ts'
import { actionUrl, type PaneView } from './pane-view.ts'
import { failureView } from './failure.ts'
import { listingTable } from './table.ts'
import { toolbar } from './toolbar.ts'

const words = texts.files

/** One folder: where it is, what can be done, what is in it. */
export function paneView(view: PaneView): Html {
  const { loaded, side } = view
  const { collection, content } = loaded
  return html`<section
    class="pane"
    aria-labelledby="${side}-title"
    data-side="${side}"
    data-collection="${loaded.pane.id}"
    data-subject="${view.subject}"
  >
    <header class="pane-head">
      <h2 id="${side}-title">${collection?.name ?? html`${words.collection} <code>${loaded.pane.id}</code>`}</h2>
      ${collection === undefined ? '' : html`<span class="badges">${collectionBadges(collection)} ${readOnlyBadge(loaded)}</span>`}
      <a class="aside" href="${changeUrl(view)}">${words.change}</a>
    </header>
    ${'failure' in content ? failureView(view, content.failure) : folder(view, content)}
  </section>`
}

/** Where there is one folder only, the list of all collections has more room. */
function changeUrl({ place, side, start }: PaneView): string {
  return side === 'left' && !isPane(place.right) ? start.href : placeUrl(withChoice(place, side))
}

function readOnlyBadge({ isReadOnly }: LoadedPane): Html | '' {
  return isReadOnly ? html`<span class="badge warn" title="${words.readOnlyTitle}">${words.readOnly}</span>` : ''
}

function folder(view: PaneView, listing: Listing): Html {
  const { loaded, place, side } = view
  const action = (name: string): string => actionUrl(name, place, side)
  return html`${crumbs(view, listing.path)} ${toolbar(view, listing)}
    <form class="listing" method="post" action="${action('delete')}">
      <input type="hidden" name="csrf_token" value="${view.csrfToken}" />
      <input type="hidden" name="path" value="${encodeName(listing.path)}" />
      ${copyFields(view, listing)} ${listingTable(view, listing)}
      <div class="selection">
        <span class="selected" role="status" aria-live="polite"></span>
        <button class="button small" formaction="/transfers/new" data-needs="some">
          ${inAscii(isOpen(view) ? words.copyHere : words.copyTo)}
        </button>
        <button class="button quiet small" formaction="${action('rename')}" data-needs="one">${words.rename}</button>
        <button class="button danger small" data-needs="some">${words.remove}</button>
      </div>
    </form>
    ${loaded.pane.filter === '' && listing.total > pageSize ? pager(view, listing.total) : ''}`
}

function isOpen({ other }: PaneView): boolean {
  return other !== undefined && 'pane' in other && !('failure' in other.content)
}

/** See `transfers/copy-form.ts` for what each means. */
function copyFields({ loaded, other }: PaneView, { path }: Listing): Html {
  const target = other !== undefined && 'pane' in other && !('failure' in other.content) ? other : undefined
  return html`<input type="hidden" name="source" value="${loaded.pane.id}" />
    <input type="hidden" name="source_path" value="${encodeName(path)}" />
    ${
      target === undefined || 'failure' in target.content
        ? ''
        : html`<input type="hidden" name="destination" value="${target.pane.id}" />
            <input type="hidden" name="destination_path" value="${encodeName(target.content.path)}" />`
    }`
}

function crumbs({ place, side, loaded: { pane } }: PaneView, path: string): Html {
  const link = (to: string): string => placeUrl(withPane(place, side, openFolder(pane, to)))
  const all = crumbsOf(path)
  const parent = parentOf(path)
  return html`<nav class="crumbs" aria-label="${words.crumbs} (${words.pane[side]})">
    ${
      parent === undefined
        ? ''
        : html`<a class="up" href="${link(parent)}" title="${words.up}"
            ><span aria-hidden="true">&#8593;</span><span class="for">${words.up}</span></a
          >`
    }
    <ol>
      <li>
        <a href="${link('/')}" ${path === '/' ? html`aria-current="location"` : ''}
          ><span aria-hidden="true">/</span><span class="for">${words.top}</span></a
        >
      </li>
      ${all.map(
        (crumb) =>
          html`<li>
            <a href="${link(crumb.path)}" ${crumb.path === path ? html`aria-current="location"` : ''}>${crumb.name}</a>
          </li>`,
      )}
    </ol>
  </nav>`
}

function pager({ place, side, loaded: { pane } }: PaneView, total: number): Html {
  const pages = Math.ceil(total / pageSize)
  const link = (page: number, text: string): Html =>
    html`<a class="button quiet" href="${placeUrl(withPane(place, side, { ...pane, page }))}">${text}</a>`
  return html`<nav class="pager" aria-label="${words.pages} (${words.pane[side]})">
    ${pane.page > 1 ? link(pane.page - 1, words.previous) : ''}
    <span>${words.pageOf(pane.page, pages)}</span>
    ${pane.page < pages ? link(pane.page + 1, words.next) : ''}
  </nav>`
}
