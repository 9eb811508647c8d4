import { html } from 'hono/html'
import { encodeName } from '../../client/row.ts'
import type { CollectionView } from '../../collections/collection-view.ts'
import { texts } from '../../texts.ts'
import type { CopyRequest } from '../../transfers/copy-form.ts'
import { syncLevels, type CopyOptions, type SyncLevel } from '../../transfers/submission-form.ts'
import { exactly, textField } from '../field.ts'
import { filesUrl } from '../files/addresses.ts'
import type { Html } from '../html.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'

export interface NewTransferView {
  readonly person: Person
  readonly csrfToken: string
  readonly copy: CopyRequest
  /** Name of the collection. */
  readonly source: string
  readonly choices: readonly CollectionView[]
  readonly find: string
  readonly folder: string
  readonly options: CopyOptions
  readonly submissionId: string
  /** What stands above the form. `isWrong`: it was sent and is not whole. */
  readonly notice: { readonly text: string; readonly isWrong: boolean } | undefined
}

const words = texts.newTransfer
/** More are not read anyway. */
const mostNames = 20

/** One form, with two buttons: one looks for another destination and comes back, the other starts. */
export function newTransferPage(site: Site, view: NewTransferView): string {
  const { copy, csrfToken, notice, person, source, submissionId } = view
  const title = words.title(copy.names.length)
  const back = filesUrl({ id: copy.source, path: copy.sourcePath })
  return layout(site, {
    title,
    current: 'transfers',
    person,
    styles: ['transfers.css'],
    head: html`<h1>${title}</h1>
      <p class="lead">${words.lead}</p>`,
    body: html`${
        notice === undefined
          ? ''
          : html`<p class="notice" role="${notice.isWrong ? 'alert' : 'status'}">${notice.text}</p>`
      }
      <form class="card fields" method="post" action="/transfers">
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <input type="hidden" name="submission_id" value="${submissionId}" />
        <input type="hidden" name="source" value="${copy.source}" />
        <input type="hidden" name="source_path" value="${encodeName(copy.sourcePath)}" />
        ${copy.names.map((name) => html`<input type="hidden" name="name" value="${encodeName(name)}" />`)}
        <h2>${words.from(source, copy.sourcePath)}</h2>
        ${nameList(copy.names)} ${destination(view)} ${moreOptions(view.options)}
        <p class="actions">
          <button class="button">${words.start}</button>
          <a class="button quiet" href="${back}">${words.cancel}</a>
        </p>
      </form>`,
  })
}

function nameList(names: readonly string[]): Html {
  const more = names.length - mostNames
  return html`<ul class="names">
    ${names.slice(0, mostNames).map((name) => html`<li><code>${name}</code></li>`)}
    ${more > 0 ? html`<li>${words.andMore(more)}</li>` : ''}
  </ul>`
}

function destination({ copy, choices, find, folder }: NewTransferView): Html {
  return html`<p class="field">
      <label for="destination">${words.destination}</label>
      <select id="destination" name="destination">
        <option value="">${words.choose}</option>
        ${choices.map(
          ({ id, name }) => html`<option value="${id}" ${id === copy.destination ? 'selected' : ''}>${name}</option>`,
        )}
      </select>
    </p>
    <p class="field">
      <label for="find">${words.find}</label>
      <span class="search-line">
        <input id="find" name="find" type="search" value="${find}" maxlength="200" autocomplete="off" />
        <button class="button quiet" formaction="/transfers/new">${words.findButton}</button>
      </span>
    </p>
    ${textField({
      id: 'folder',
      name: 'destination_folder',
      label: words.folder,
      value: folder,
      hint: words.folderHint,
      attributes: exactly,
    })}`
}

function moreOptions({ label, sync, verify, encrypt, preserve, exclude }: CopyOptions): Html {
  // What is not as usual must be seen.
  const isOpen = !verify || encrypt || preserve || exclude.length > 0
  return html`${textField({
      id: 'label',
      label: words.label,
      value: label,
      hint: words.labelHint,
      attributes: html`maxlength="128"`,
    })}
    <p class="field">
      <label for="sync">${words.sync}</label>
      <select id="sync" name="sync">
        ${levels.map(
          (one) => html`<option value="${one}" ${one === sync ? 'selected' : ''}>${words.syncLevels[one]}</option>`,
        )}
      </select>
    </p>
    <details ${isOpen ? 'open' : ''}>
      <summary>${words.more}</summary>
      ${textField({
        id: 'exclude',
        label: words.exclude,
        value: exclude.join(' '),
        hint: words.excludeHint,
        attributes: exactly,
      })}
      ${tick('verify', verify)} ${tick('encrypt', encrypt)} ${tick('preserve', preserve)}
    </details>`
}

function tick(name: 'verify' | 'encrypt' | 'preserve', isOn: boolean): Html {
  return html`<p>
    <label><input type="checkbox" name="${name}" value="1" ${isOn ? 'checked' : ''} /> ${words[name]}</label>
  </p>`
}

// The keys of the table are what SyncLevel is made of.
const levels = Object.keys(syncLevels) as SyncLevel[]
