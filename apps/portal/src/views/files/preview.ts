import { html } from 'hono/html'
import { bytes } from '../../client/amounts.ts'
import { encodeName } from '../../client/row.ts'
import type { CollectionView } from '../../collections/collection-view.ts'
import { nameOf, parentOf } from '../../files/path.ts'
import type { Preview } from '../../preview/make-preview.ts'
import { texts } from '../../texts.ts'
import { moment } from '../facts.ts'
import type { Html } from '../html.ts'
import { layout, type Site } from '../layout.ts'
import { markdown } from '../markdown.ts'
import type { Person } from '../person.ts'
import { contentUrl, filesUrl, previewUrl } from './addresses.ts'
import { plots } from './plots.ts'
import { tableView } from './table-preview.ts'

export type PreviewContent =
  | { readonly access: 'none' }
  | { readonly access: 'not-asked' }
  | {
      readonly access: 'enabled'
      readonly preview: Preview
      readonly size: number | undefined
      readonly lastModified: string | undefined
      /** Only the beginning is shown. */
      readonly isCut: boolean
    }

export interface PreviewView {
  readonly person: Person
  readonly csrfToken: string
  readonly collection: CollectionView
  readonly path: string
  readonly content: PreviewContent
}

const words = texts.preview

/** A file, what is known of it, and what is in it. */
export function previewPage(site: Site, view: PreviewView): string {
  const { collection, content, path, person } = view
  const name = nameOf(path)
  const folder = parentOf(path) ?? '/'
  return layout(site, {
    title: name,
    current: 'collections',
    person,
    shape: 'wide',
    styles: ['files.css', 'preview.css'],
    scripts: ['preview.ts'],
    head: html`<h1>${name}</h1>`,
    body: html`<p class="origin">
        <a href="${filesUrl({ id: collection.id, path: folder })}">${collection.name}</a>
        <code>${folder}</code>
      </p>
      ${facts(content)} ${actions(view)} ${shown(view)}`,
  })
}

function facts(content: PreviewContent): Html | '' {
  if (content.access !== 'enabled') return ''
  const time = Date.parse(content.lastModified ?? '')
  const parts = [
    content.size === undefined ? undefined : html`${bytes(content.size)}`,
    Number.isNaN(time) ? undefined : html`${words.modified} ${moment(time)}`,
    content.isCut ? html`${words.cut}` : undefined,
  ]
  return html`<p class="muted">
    ${parts.filter((part) => part !== undefined).map((part, index) => html`${index > 0 ? ' · ' : ''}${part}`)}
  </p>`
}

function actions({ collection, content, csrfToken, path }: PreviewView): Html {
  const download =
    content.access === 'enabled'
      ? html`<a class="button" href="${contentUrl(collection.id, path, 'save')}" download>${texts.files.download}</a>`
      : ''
  return html`<form class="actions" method="post" action="/transfers/new">
    <input type="hidden" name="csrf_token" value="${csrfToken}" />
    <input type="hidden" name="source" value="${collection.id}" />
    <input type="hidden" name="source_path" value="${encodeName(parentOf(path) ?? '/')}" />
    <input type="hidden" name="name" value="${encodeName(nameOf(path))}" />
    ${download}
    <button class="button quiet">${texts.files.copyTo}</button>
  </form>`
}

function shown({ collection, content, path }: PreviewView): Html {
  if (content.access === 'none') return html`<p class="empty">${texts.files.noHttps}</p>`
  if (content.access === 'not-asked') {
    const query = new URLSearchParams({ file: path })
    return html`<section class="card offer" aria-label="${texts.files.enable}">
      <p class="advice">${words.notEnabled}</p>
      <p class="actions">
        <a class="button" href="/collections/${collection.id}/files/enable?${query}">${texts.files.enable}</a>
      </p>
    </section>`
  }
  const { preview } = content
  if (preview.kind === 'picture') {
    return html`<div class="picture">
      <img src="${contentUrl(collection.id, path, 'show')}" alt="${nameOf(path)}" />
    </div>`
  }
  if (preview.kind === 'table') return html`${plots(preview.series)} ${tableView(preview.table)}`
  if (preview.kind === 'markdown') {
    const resolve = relativeTo(collection.id, parentOf(path) ?? '/')
    return html`<article class="card">${markdown(preview.text, { below: 1, resolve })}</article>`
  }
  if (!('text' in preview)) return html`<p class="empty">${words[preview.kind]}</p>`
  return html`<pre
    class="text"
    tabindex="0"
    role="region"
    aria-label="${words.content}"
  ><code>${preview.text}</code></pre>`
}

/** Links of a text that lies in a folder lead to files beside it. */
function relativeTo(id: string, folder: string) {
  return (address: string): string | undefined => {
    const base = new URL(`http://collection${folder.split('/').map(encodeURIComponent).join('/')}`)
    const url = URL.parse(address, base)
    const path = url?.origin === base.origin ? decodePath(url.pathname) : undefined
    if (path === undefined || address.startsWith('#')) return undefined
    return path.endsWith('/') ? filesUrl({ id, path }) : previewUrl(id, path)
  }
}

function decodePath(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
