import { html } from 'hono/html'
import type { Bookmark } from '../../collections/bookmarks.ts'
import type { CollectionView } from '../../collections/collection-view.ts'
import type { TabCounts } from '../../collections/tab-counts.ts'
import { searchScopes, type SearchScope } from '../../collections/search-collections.ts'
import { texts } from '../../texts.ts'
import { filesUrl } from '../files/addresses.ts'
import type { Html } from '../html.ts'
import { layout, type Page, type Site } from '../layout.ts'
import type { Person } from '../person.ts'
import { collectionBadges } from './badges.ts'

export type Tab = SearchScope | 'bookmarks'

interface Common {
  readonly person: Person
  readonly tab: Tab
  readonly query: string
  /** Of the other tabs, as far as they are known. */
  readonly counts: TabCounts
  readonly csrfToken: string
}

export interface CollectionsView extends Common {
  /** Those of this page. */
  readonly shown: readonly CollectionView[]
  readonly total: number
  /** False: there are more than `total`. */
  readonly complete: boolean
  readonly page: number
  readonly pages: number
}

export interface BookmarksView extends Common {
  readonly bookmarks: readonly Bookmark[]
  readonly notice: string | undefined
}

const words = texts.collections
const tabs: readonly Tab[] = [...scopeNames(), 'bookmarks']

/** Collections of one scope, found by words. */
export function collectionsPage(site: Site, view: CollectionsView): string {
  const { tab, query, shown, total, complete } = view
  const isCounted = tab !== 'all' || query !== ''
  return page(site, view, {
    own: isCounted ? { count: total, isMore: !complete } : undefined,
    body: html`<form class="search" action="/collections" role="search">
        <input type="hidden" name="scope" value="${tab}" />
        <label for="q" class="above">${words.searchLabel}</label>
        <div class="search-line">
          <input id="q" name="q" type="search" value="${query}" maxlength="200" autocomplete="off" spellcheck="false" />
          <button class="button">${words.searchButton}</button>
        </div>
      </form>
      <section id="results" aria-labelledby="count" data-loading="${words.loading}">
        <h2 id="count" class="count" aria-live="polite">
          ${tab === 'all' && query === '' ? words.start : words.found(total, complete)}
          ${complete ? '' : html`<span class="muted">${words.narrow}</span>`}
        </h2>
        ${
          shown.length === 0
            ? html`<p class="empty">${query === '' ? words.empty[tab] : words.noMatch(query)}</p>`
            : html`<ul class="framed collections">
                ${shown.map(row)}
              </ul>`
        }
        ${pager(view)}
      </section>`,
  })
}

export function bookmarksPage(site: Site, view: BookmarksView): string {
  const { bookmarks, csrfToken, notice } = view
  return page(site, view, {
    own: { count: bookmarks.length, isMore: false },
    body: html`${notice === undefined ? '' : html`<p class="notice" role="status">${notice}</p>`}
    ${
      bookmarks.length === 0
        ? html`<p class="empty">${words.empty.bookmarks}</p>`
        : html`<ul class="framed collections">
            ${bookmarks.map((bookmark) => bookmarkRow(bookmark, csrfToken))}
          </ul>`
    }`,
  })
}

interface Part extends Pick<Page, 'body'> {
  /** What the tab that is open holds. */
  readonly own: TabCounts[Tab]
}

function page(site: Site, view: Common, { body, own }: Part): string {
  return layout(site, {
    title: words.title,
    current: 'collections',
    person: view.person,
    styles: ['collections.css'],
    scripts: ['collections.ts'],
    head: html`<h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>`,
    body: html`${tabList(view, own)} ${body}`,
  })
}

/** The script fills in what is not known yet; the open tab has the number of its own list. */
function tabList({ counts, tab, query }: Common, own: TabCounts[Tab]): Html {
  const number = (one: Tab): Html => {
    const known = one === tab ? own : counts[one]
    return html`<span class="count" data-count="${one}"
      >${known === undefined ? '' : words.inTab(known.count, known.isMore)}</span
    >`
  }
  return html`<nav class="tabs" aria-label="${words.scopes}">
    ${tabs.map(
      (one) =>
        html`<a href="${listUrl(one, query)}" ${one === tab ? html`aria-current="page"` : ''}
          >${words.scope[one]} ${number(one)}</a
        > `,
    )}
  </nav>`
}

function row(collection: CollectionView): Html {
  const { description, id, name, organization, owner } = collection
  return html`<li>
    <a class="name" href="${filesUrl({ id })}">${name}</a>
    <span class="badges">${collectionBadges(collection)}</span>
    ${description === '' ? '' : html`<p>${description}</p>`}
    <p class="muted">${organization === '' ? '' : `${organization} · `}${words.owner} ${owner}</p>
  </li>`
}

function bookmarkRow({ collectionId, collectionName, id, name, path }: Bookmark, csrfToken: string): Html {
  return html`<li class="split">
    <div>
      <a class="name" href="${filesUrl({ id: collectionId, path })}">${name}</a>
      <p class="muted">${collectionName ?? words.unknownCollection} · ${words.folder} <code>${path}</code></p>
    </div>
    <form method="post" action="/bookmarks/remove">
      <input type="hidden" name="csrf_token" value="${csrfToken}" />
      <input type="hidden" name="bookmark" value="${id}" />
      <button class="button quiet">
        ${words.removeBookmark}<span class="for">${words.removeBookmarkFor(name)}</span>
      </button>
    </form>
  </li>`
}

function pager({ page: current, pages, query, tab }: CollectionsView): Html | '' {
  if (pages === 1) return ''
  const link = (to: number, text: string) => html`<a class="button quiet" href="${listUrl(tab, query, to)}">${text}</a>`
  return html`<nav class="pager" aria-label="${words.pages}">
    ${current > 1 ? link(current - 1, words.previous) : ''}
    <span>${words.pageOf(current, pages)}</span>
    ${current < pages ? link(current + 1, words.next) : ''}
  </nav>`
}

function listUrl(tab: Tab, query: string, to = 1): string {
  const parameters = new URLSearchParams({ scope: tab })
  if (query !== '' && tab !== 'bookmarks') parameters.set('q', query)
  if (to > 1) parameters.set('page', String(to))
  return `/collections?${parameters}`
}

function scopeNames(): SearchScope[] {
  // The keys of the table are what SearchScope is made of.
  return Object.keys(searchScopes) as SearchScope[]
}
