import { html } from 'hono/html'
import type { CollectionView } from '../../collections/collection-view.ts'
import { texts } from '../../texts.ts'
import type { Html } from '../html.ts'

const words = texts.collections

/** What kind a collection is, and what one should know before opening it. */
export function collectionBadges({ highAssurance, kind, online }: CollectionView): Html {
  return html`<span class="badge plain" title="${words.kindTitles[kind]}">${words.kinds[kind]}</span> ${
      highAssurance
        ? html`<span class="badge warn" title="${words.highAssuranceTitle}">${words.highAssurance}</span> `
        : ''
    }${online ? '' : html`<span class="badge off" title="${words.offlineTitle}">${words.offline}</span>`}`
}
