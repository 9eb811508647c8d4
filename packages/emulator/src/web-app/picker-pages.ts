import { html } from 'hono/html'
import { layout } from '../auth/pages/layout.ts'
import type { Html } from '../auth/pages/respond.ts'
import type { Collection } from '../world/collections.ts'
import { pickerQuery, type PickerRequest } from './picker-request.ts'

/** A file or folder that can be chosen. */
export interface PickedEntry {
  readonly name: string
  readonly kind: 'folder' | 'file'
  readonly size: number
}

/** First page: in what collection? */
export function collectionsPage(request: PickerRequest, collections: readonly Collection[]): Html {
  return layout(
    'Choose a collection',
    html`<h1>Choose a collection</h1>
      <form method="get">
        ${hidden(pickerQuery(request))}
        <label>Search <input name="search" value="${request.search}" /></label>
        <button>Search</button>
      </form>
      <ul class="scopes">
        ${collections.map(
          ({ id, displayName, organization }) =>
            html`<li>
              <a href="${here({ ...request, collection: id, path: '/' })}">${displayName}</a>
              <small>${organization ?? ''}</small>
            </li>`,
        )}
      </ul>
      ${cancelLink(request)}`,
  )
}

/** Second page: what in this folder? */
export function folderPage(request: PickerRequest, collection: Collection, entries: readonly PickedEntry[]): Html {
  const { path, folderLimit, fileLimit } = request
  const up = path === '/' ? undefined : path.replace(/[^/]+\/$/, '')
  return layout(
    collection.displayName,
    html`<h1>${collection.displayName}</h1>
      <p class="hint">
        ${path} · <a href="${here({ ...request, collection: null })}">another collection</a>
        ${up === undefined ? '' : html`· <a href="${here({ ...request, path: up })}">up</a>`}
      </p>
      <form method="get">
        ${hidden(pickerQuery(request).filter(([name]) => name !== 'label'))}
        <ul class="scopes">
          ${entries.map(({ name, kind, size }) => {
            const limit = kind === 'folder' ? folderLimit : fileLimit
            const box = html`<input type="checkbox" name="chosen" value="${kind}:${name}" aria-label="${name}" />`
            const what =
              kind === 'folder'
                ? html`<a href="${here({ ...request, path: `${path}${name}/` })}">${name}/</a>`
                : html`${name} <small>${size} bytes</small>`
            return html`<li>${limit === 0 ? '' : box} ${what}</li>`
          })}
        </ul>
        <label>Label this transfer <input name="label" value="${request.label}" /></label>
        <button name="choose" value="yes">Choose</button>
      </form>
      ${cancelLink(request)}`,
  )
}

/** Last page: the form that the app gets. */
export function confirmPage(request: PickerRequest, collection: Collection, chosen: readonly string[]): Html {
  const named = (kind: string): [string, string][] =>
    chosen
      .filter((one) => one.startsWith(`${kind}:`))
      .map((one, index) => [`${kind}[${index}]`, one.slice(kind.length + 1)])
  const fields: [string, string][] = [
    ['endpoint', collection.displayName],
    ['endpoint_id', collection.id],
    ['path', request.path],
    ['label', request.label],
    ...named('folder'),
    ...named('file'),
  ]
  return layout(
    'Send your choice',
    html`<h1>Send your choice to ${new URL(request.action).host}?</h1>
      <p class="hint">${collection.displayName}, ${request.path}</p>
      <ul class="scopes">
        ${[...named('folder'), ...named('file')].map(([, name]) => html`<li>${name}</li>`)}
      </ul>
      <form method="${request.method}" action="${request.action}">
        ${hidden(fields)}
        <button>Submit</button>
      </form>
      <p><a href="${here(request)}">Choose again</a></p>
      ${cancelLink(request)}`,
  )
}

const here = (request: PickerRequest): string => `?${new URLSearchParams(pickerQuery(request)).toString()}`

const hidden = (fields: readonly (readonly [string, string])[]): Html[] =>
  fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)

const cancelLink = ({ cancelUrl }: PickerRequest): Html | string =>
  cancelUrl === null ? '' : html`<p><a href="${cancelUrl}">Cancel</a></p>`
