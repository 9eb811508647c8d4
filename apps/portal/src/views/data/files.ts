import { html } from 'hono/html'
import { pathIn, publicFileUrl } from '../../data/dataset-path.ts'
import type { DatasetEntry, Listing } from '../../data/list-dataset.ts'
import { offersAccess } from '../../data/load-dataset.ts'
import { texts } from '../../texts.ts'
import { size } from '../amounts.ts'
import { moment } from '../facts.ts'
import type { Html } from '../html.ts'
import { contentUrl, previewUrl } from '../files/addresses.ts'
import { allowUrl, datasetUrl } from './addresses.ts'
import type { DatasetView } from './page.ts'

const words = texts.data

/** The files of one folder, as far as the visitor may see them, or what to do about it. */
export function filesSection(view: DatasetView): Html {
  const { content, dataset, folder, hasFiles } = view
  const { listing } = content
  const open = `/collections/${dataset.collection}/files?${new URLSearchParams({ path: pathIn(dataset, folder) })}`
  return html`<section class="card" aria-labelledby="files">
    <div class="split">
      <h2 id="files">${words.files}</h2>
      ${hasFiles && listing.state === 'shown' ? html`<a href="${open}">${words.open}</a>` : ''}
    </div>
    ${folder === '' ? '' : crumbs(view)} ${listing.state === 'shown' ? table(view, listing) : instead(view, listing)}
  </section>`
}

function crumbs({ dataset, folder }: DatasetView): Html {
  const names = folder.split('/').slice(0, -1)
  return html`<nav class="crumbs" aria-label="${words.path}">
    <a href="${datasetUrl(dataset.id)}#files">${words.top}</a>
    ${names.map((name, index) =>
      index === names.length - 1
        ? html`<span aria-current="page">${name}</span>`
        : html`<a href="${datasetUrl(dataset.id, `${names.slice(0, index + 1).join('/')}/`)}#files">${name}</a>`,
    )}
  </nav>`
}

function table(view: DatasetView, { entries, more }: Extract<Listing, { state: 'shown' }>): Html {
  if (entries.length === 0) return html`<p class="empty">${words.noEntries}</p>`
  const files = entries.filter((entry) => !entry.isFolder)
  const bytes = files.reduce((sum, entry) => sum + (entry.size ?? 0), 0)
  return html`<p class="muted">
      ${words.sum(entries.length - files.length, files.length, size(bytes))} ${words.inThisFolder}
    </p>
    <table class="plain listing">
      <thead>
        <tr>
          <th scope="col">${words.name}</th>
          <th scope="col" class="number">${words.size}</th>
          <th scope="col" class="when">${words.modified}</th>
          <th scope="col"><span class="for">${words.save}</span></th>
        </tr>
      </thead>
      <tbody>
        ${entries.map((entry) => row(view, entry))}
      </tbody>
    </table>
    ${more ? html`<p class="muted">${words.more(entries.length)}</p>` : ''}`
}

function row(
  { content, dataset, folder }: DatasetView,
  { isFolder, modifiedAt, name, size: bytes }: DatasetEntry,
): Html {
  const path = pathIn(dataset, folder + name)
  const server = content.collection?.https_server ?? null
  const address = content.isOpen
    ? publicFileUrl(server, path)
    : server === null
      ? undefined
      : contentUrl(dataset.collection, path, 'save')
  return html`<tr>
    <th scope="row">
      ${isFolder ? html`<a href="${datasetUrl(dataset.id, `${folder}${name}/`)}#files">${name}/</a>` : server === null ? name : html`<a href="${previewUrl(dataset.collection, path)}">${name}</a>`}
    </th>
    <td class="number">${bytes === undefined ? '' : size(bytes)}</td>
    <td class="when">${modifiedAt === undefined ? '' : moment(modifiedAt)}</td>
    <td>
      ${
        isFolder || address === undefined
          ? ''
          : html`<a href="${address}">${words.save}<span class="for">${words.saveFile(name)}</span></a>`
      }
    </td>
  </tr>`
}

function instead(view: DatasetView, listing: Exclude<Listing, { state: 'shown' }>): Html {
  const { content, dataset, folder, loginUrl } = view
  if (offersAccess(dataset, content)) return html`<p>${words.grant.files}</p>`
  switch (listing.state) {
    case 'login':
      return withButton(words.logInForFiles, loginUrl, words.logIn)
    case 'allow':
      return withButton(words.allowFiles, allowUrl(dataset.id, 'listing', folder), words.allowFilesButton)
    case 'refused':
      return html`<p>${words.refusedFiles}</p>`
    case 'missing':
      return html`<p>${words.missingFolder}</p>`
    default:
      return html`<p>${words.offlineFiles(listing.reason)}</p>`
  }
}

function withButton(text: string, href: string, label: string): Html {
  return html`<p>${text}</p>
    <p class="actions"><a class="button" href="${href}">${label}</a></p>`
}
