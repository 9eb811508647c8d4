import { html } from 'hono/html'
import type { DatasetConfig } from '../../config/types.ts'
import { texts } from '../../texts.ts'
import type { Html } from '../html.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'
import { datasetUrl } from './addresses.ts'
import { summaryOf } from './summary.ts'

export interface DatasetCard {
  readonly dataset: DatasetConfig
  /** Address of its image. */
  readonly image: string | undefined
}

interface DatasetsView {
  readonly person: Person | undefined
  readonly cards: readonly DatasetCard[]
  readonly loginUrl: string
}

const words = texts.data

export function datasetsPage(site: Site, { cards, loginUrl, person }: DatasetsView): string {
  return layout(site, {
    title: words.title,
    current: 'data',
    person,
    forAll: true,
    loginUrl,
    styles: ['data.css'],
    head: html`<h1>${words.title}</h1>
      <p class="lead">${words.lead(site.name)}</p>`,
    body:
      cards.length === 0
        ? html`<p class="empty">${words.none}</p>`
        : html`<section aria-labelledby="count">
            <h2 id="count" class="count">${words.count(cards.length)}</h2>
            <ul class="cards">
              ${cards.map(card)}
            </ul>
          </section>`,
  })
}

function card({ dataset, image }: DatasetCard): Html {
  const { access, id, licence, text, title } = dataset
  return html`<li class="card dataset">
    ${image === undefined ? html`<div class="picture none"></div>` : html`<div class="picture"><img src="${image}" alt="" loading="lazy" /></div>`}
    <div>
      <h3><a href="${datasetUrl(id)}">${title}</a></h3>
      <p>${summaryOf(text)}</p>
      <p class="badges">
        ${access === undefined ? '' : html`<span class="badge warn" title="${words.restrictedTitle}">${words.restricted}</span>`}
        ${licence === undefined ? '' : html`<span class="badge plain">${licence.name}</span>`}
      </p>
    </div>
  </li>`
}
