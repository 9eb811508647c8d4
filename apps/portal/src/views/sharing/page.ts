import { html } from 'hono/html'
import type { Group } from 'pierhead/globus'
import type { CollectionView } from '../../collections/collection-view.ts'
import type { Share } from '../../sharing/shares.ts'
import { texts } from '../../texts.ts'
import { exactly, textField } from '../field.ts'
import { filesUrl } from '../files/addresses.ts'
import type { Html } from '../html.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'

export interface SharingView {
  readonly person: Person
  readonly csrfToken: string
  readonly collection: CollectionView
  readonly shares: readonly Share[]
  /** The person's own. */
  readonly groups: readonly Group[]
  readonly folder: string
  readonly username: string
  readonly notice: string | undefined
  readonly wrong: string | undefined
}

const words = texts.sharing

export const sharingUrl = (id: string, path?: string): string =>
  `/collections/${id}/sharing${path === undefined ? '' : `?${new URLSearchParams({ path })}`}`

/** Who may use a collection, and a form to let others in. */
export function sharingPage(site: Site, view: SharingView): string {
  const { collection, person, shares, notice, wrong } = view
  const title = words.title(collection.name)
  return layout(site, {
    title,
    current: 'collections',
    person,
    styles: ['sharing.css'],
    head: html`<h1>${title}</h1>
      <p class="lead">${words.lead}</p>`,
    body: html`${notice === undefined ? '' : html`<p class="notice" role="status">${notice}</p>`}
      ${wrong === undefined ? '' : html`<p class="notice" role="alert">${wrong}</p>`}
      <section class="card" aria-labelledby="current">
        <h2 id="current">${words.current}</h2>
        ${shares.length === 0 ? html`<p class="empty">${words.none}</p>` : list(view)}
      </section>
      ${addForm(view)}
      <p class="actions">
        <a class="button quiet" href="${filesUrl({ id: collection.id })}">${words.back}</a>
        ${
          collection.kind === 'guest' && collection.administers
            ? html`<a class="button quiet" href="${sharingUrl(collection.id)}/end">${texts.shareFolder.end.link}</a>`
            : ''
        }
      </p>`,
  })
}

function list({ shares, collection, csrfToken }: SharingView): Html {
  const row = ({ id, who, path, permissions, removable }: Share) =>
    html`<tr>
      <th scope="row">${who}</th>
      <td>
        <a href="${filesUrl({ id: collection.id, path })}"><code>${path}</code></a>
      </td>
      <td>${words.may[permissions]}</td>
      <td>
        ${
          removable
            ? html`<form method="post" action="${sharingUrl(collection.id)}/remove">
                <input type="hidden" name="csrf_token" value="${csrfToken}" />
                <input type="hidden" name="rule" value="${id}" />
                <button class="button quiet small">
                  ${words.remove}<span class="for">${words.removeFor(who, path)}</span>
                </button>
              </form>`
            : html`<span class="muted">${words.role}</span>`
        }
      </td>
    </tr>`
  return html`<table class="plain stacked shares">
    <thead>
      <tr>
        <th scope="col">${words.columns.who}</th>
        <th scope="col">${words.columns.folder}</th>
        <th scope="col">${words.columns.may}</th>
        <td></td>
      </tr>
    </thead>
    <tbody>
      ${shares.map(row)}
    </tbody>
  </table>`
}

function addForm({ collection, csrfToken, folder, groups, username }: SharingView): Html {
  return html`<form class="card fields" method="post" action="${sharingUrl(collection.id)}" aria-labelledby="add">
    <input type="hidden" name="csrf_token" value="${csrfToken}" />
    <h2 id="add">${words.add}</h2>
    ${textField({ id: 'folder', label: words.folder, value: folder, attributes: html`required ${exactly}` })}
    ${textField({
      id: 'username',
      label: words.person,
      value: username,
      hint: words.personHint,
      attributes: html`maxlength="255" autocomplete="off" ${exactly}`,
    })}
    <p class="field">
      <label for="group">${words.group}</label>
      <select id="group" name="group">
        <option value="">${words.noGroup}</option>
        ${groups.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}
      </select>
    </p>
    <p class="field">
      <label for="permissions">${words.permission}</label>
      <select id="permissions" name="permissions">
        <option value="r">${words.may.r}</option>
        <option value="rw">${words.may.rw}</option>
      </select>
    </p>
    <p>
      <label><input type="checkbox" name="notify" value="1" /> ${words.notify}</label>
    </p>
    <p class="actions"><button class="button">${words.share}</button></p>
  </form>`
}
