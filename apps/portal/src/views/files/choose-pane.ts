import { html } from 'hono/html'
import type { Choice } from '../../files/load-pane.ts'
import { emptyPane, placeUrl, withChoice, withPane, type Place, type Side } from '../../files/place.ts'
import { texts } from '../../texts.ts'
import { collectionBadges } from '../collections/badges.ts'
import type { Html } from '../html.ts'

const words = texts.files

/** One side while no collection is open in it, or another one is wanted. */
export function choosePane(place: Place, side: Side, { collections, find }: Choice): Html {
  const address = new URL(placeUrl(withChoice(place, side)), 'http://portal')
  return html`<section class="pane choose" aria-labelledby="${side}-title">
    <header class="pane-head">
      <h2 id="${side}-title">${words.chooseTitle}</h2>
      ${side === 'left' ? html`<a class="aside" href="${placeUrl(withPane(place, side, place.left))}">${words.keep}</a>` : ''}
    </header>
    <p class="muted">${words.chooseLead}</p>
    <form class="search-line" action="${address.pathname}" role="search">
      ${[...address.searchParams].map(([key, value]) => html`<input type="hidden" name="${key}" value="${value}" />`)}
      <input
        name="${side === 'left' ? 'leftFind' : 'find'}"
        type="search"
        value="${find}"
        aria-label="${texts.collections.searchLabel}"
        placeholder="${texts.collections.searchLabel}"
        maxlength="200"
        autocomplete="off"
      />
      <button class="button">${texts.collections.searchButton}</button>
    </form>
    ${
      collections.length === 0
        ? html`<p class="empty">${words.chooseEmpty}</p>`
        : html`<ul class="choices">
            ${collections.map(
              (collection) =>
                html`<li>
                  <a href="${placeUrl(withPane(place, side, emptyPane(collection.id)))}">${collection.name}</a>
                  <span class="badges">${collectionBadges(collection)}</span>
                </li>`,
            )}
          </ul>`
    }
  </section>`
}
