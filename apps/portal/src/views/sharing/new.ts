import { html } from 'hono/html'
import { encodeName } from '../../client/row.ts'
import type { Host } from '../../sharing/host.ts'
import { most, type ShareForm } from '../../sharing/share-form.ts'
import { texts } from '../../texts.ts'
import { textField } from '../field.ts'
import { filesUrl } from '../files/addresses.ts'
import type { Html } from '../html.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'
import { sharingUrl } from './page.ts'

export interface NewShareView {
  readonly person: Person
  readonly csrfToken: string
  readonly host: Host
  readonly form: ShareForm
  readonly wrong: string | undefined
  /** A collection of the person that has the name. */
  readonly taken: string | undefined
}

const words = texts.shareFolder

/** Where a folder is shared: the form that makes a guest collection of it. */
export const shareFolderUrl = (id: string, path: string): string =>
  `/collections/${id}/share?${new URLSearchParams({ path })}`

/** Asks what the new guest collection is called, and who finds it. */
export function newSharePage(site: Site, view: NewShareView): string {
  const { csrfToken, form, host, person, taken, wrong } = view
  const { id, name } = host.collection
  return layout(site, {
    title: words.title(form.path),
    current: 'collections',
    person,
    styles: ['sharing.css'],
    head: html`<h1>${words.title(form.path)}</h1>
      <p class="lead">${words.lead}</p>`,
    body: html`${
        wrong === undefined
          ? ''
          : html`<p class="notice" role="alert">
              ${wrong} ${taken === undefined ? '' : html`<a href="${sharingUrl(taken)}">${words.takenLink}</a>`}
            </p>`
      }
      <form class="card fields" method="post" action="/collections/${id}/share">
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <input type="hidden" name="path" value="${encodeName(form.path)}" />
        <p>${words.how}</p>
        <dl class="facts">
          <div>
            <dt>${words.folder}:</dt>
            <dd><code>${form.path}</code> ${words.on} ${name}</dd>
          </div>
        </dl>
        ${nameFields(form)} ${accountField(host, form)} ${listedField(form)}
        <p class="actions">
          <button class="button">${words.button}</button>
          <a class="button quiet" href="${filesUrl({ id, path: form.path })}">${words.back}</a>
        </p>
      </form>`,
  })
}

function nameFields({ description, keywords, name }: ShareForm): Html {
  const optional = html`<span class="muted">${words.optional}</span>`
  return html`${textField({
      id: 'collection-name',
      name: 'collection_name',
      label: words.name,
      value: name,
      hint: words.nameHint,
      attributes: html`required maxlength="${most.name}" autocomplete="off"`,
    })}
    <p class="field">
      <label for="description">${words.description} ${optional}</label>
      <textarea id="description" name="description" maxlength="${most.description}" rows="3">${description}</textarea>
    </p>
    ${textField({
      id: 'keywords',
      label: html`${words.keywords} ${optional}`,
      value: keywords,
      hint: words.keywordsHint,
      attributes: html`maxlength="${most.keywords}" autocomplete="off"`,
    })}`
}

/** Most people have one account on a storage: then there is nothing to choose. */
function accountField(host: Host, { account }: ShareForm): Html | '' {
  if (host.kind === 'personal' || host.accounts.length < 2) return ''
  return html`<p class="field">
    <label for="account">${words.account}</label>
    <select id="account" name="account" aria-describedby="account-hint">
      ${host.accounts.map(
        ({ id, username, display_name: name }) =>
          html`<option value="${id}" ${id === account ? 'selected' : ''}>${name || username || id}</option>`,
      )}
    </select>
    <span class="muted" id="account-hint">${words.accountHint}</span>
  </p>`
}

function listedField({ isListed }: ShareForm): Html {
  return html`<p class="field">
    <label>
      <input type="checkbox" name="listed" value="1" ${isListed ? 'checked' : ''} aria-describedby="listed-hint" />
      ${words.listed}
    </label>
    <span class="muted" id="listed-hint">${words.listedHint}</span>
  </p>`
}
