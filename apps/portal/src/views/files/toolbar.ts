import { html } from 'hono/html'
import { encodeName } from '../../client/row.ts'
import { placeUrl, withPane } from '../../files/place.ts'
import type { Listing } from '../../files/list-folder.ts'
import { texts } from '../../texts.ts'
import type { Html } from '../html.ts'
import { sharingUrl } from '../sharing/page.ts'
import { shareFolderUrl } from '../sharing/new.ts'
import { actionUrl, type PaneView } from './pane-view.ts'

const words = texts.files

/** What can be done with a folder as a whole. */
export function toolbar(view: PaneView, { path }: Listing): Html {
  const { loaded, place, side, csrfToken } = view
  const { pane } = loaded
  return html`<div class="tools">
    ${filterForm(view)}
    <a class="button quiet small" href="${placeUrl(withPane(place, side, { ...pane, hidden: !pane.hidden, page: 1 }))}"
      >${pane.hidden ? words.hideHidden : words.showHidden}</a
    >
    <details class="new-folder">
      <summary class="button quiet small">${words.newFolder}</summary>
      <form method="post" action="${actionUrl('folder', place, side)}">
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <input type="hidden" name="path" value="${encodeName(path)}" />
        <label for="${side}-folder">${words.newFolderName}</label>
        <input id="${side}-folder" name="new_name" required maxlength="255" autocomplete="off" spellcheck="false" />
        <button class="button">${words.create}</button>
      </form>
    </details>
    <form method="post" action="${actionUrl('bookmark', place, side)}">
      <input type="hidden" name="csrf_token" value="${csrfToken}" />
      <input type="hidden" name="path" value="${encodeName(path)}" />
      <button class="button quiet small">${words.bookmark}</button>
    </form>
    ${shareLink(view, path)} ${httpsPart(view)}
  </div>`
}

/** Permissions are for guest collections only. Of a folder elsewhere one is made first. */
function shareLink({ loaded: { collection } }: PaneView, path: string): Html | '' {
  if (collection?.canHost === true)
    return html`<a class="button quiet small" href="${shareFolderUrl(collection.id, path)}"
      >${texts.shareFolder.link}</a
    >`
  if (collection?.kind !== 'guest') return ''
  return html`<a class="button quiet small" href="${sharingUrl(collection.id, path)}">${texts.sharing.link}</a>`
}

function filterForm({ loaded: { pane }, place, side }: PaneView): Html {
  const address = new URL(placeUrl(withPane(place, side, { ...pane, filter: '', page: 1 })), 'http://portal')
  const name = side === 'left' ? 'filter' : 'otherFilter'
  return html`<form
    class="filter"
    action="${address.pathname}"
    role="search"
    aria-label="${words.filter} (${words.pane[side]})"
  >
    ${[...address.searchParams].map(([key, value]) => html`<input type="hidden" name="${key}" value="${value}" />`)}
    <input
      name="${name}"
      type="search"
      value="${pane.filter}"
      aria-label="${words.filter}"
      placeholder="${words.filter}"
      maxlength="200"
      autocomplete="off"
      spellcheck="false"
    />
    <button class="button quiet small">${words.filterButton}</button>
  </form>`
}

/** Uploading needs a script; the offer to allow it does not. */
function httpsPart({ loaded: { access }, place, side }: PaneView): Html {
  if (access === 'none') return html`<p class="muted hint">${words.noHttps}</p>`
  if (access === 'not-asked') {
    return html`<a class="button small" href="${actionUrl('enable', place, side)}" title="${words.enableWhy}"
      >${words.enable}</a
    >`
  }
  return html`<span class="upload" hidden>
    <label class="button small">${words.upload}<input type="file" multiple class="for" /></label>
    <label class="button quiet small"
      >${words.uploadFolder}<input type="file" webkitdirectory multiple class="for"
    /></label>
    <span class="muted">${words.uploadHint}</span>
  </span>`
}
