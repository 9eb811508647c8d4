import { html } from 'hono/html'
import type { DatasetConfig } from '../../config/types.ts'
import { offersAccess, type DatasetContent, type DatasetSize } from '../../data/load-dataset.ts'
import { texts } from '../../texts.ts'
import { size } from '../amounts.ts'
import { fact } from '../facts.ts'
import type { Html } from '../html.ts'
import { layout, type Site } from '../layout.ts'
import { markdown } from '../markdown.ts'
import type { Person } from '../person.ts'
import { contactLink } from '../problem.ts'
import { accessUrl, allowUrl, copyUrl, datasetUrl } from './addresses.ts'
import { filesSection } from './files.ts'

export interface DatasetView {
  readonly person: Person | undefined
  readonly dataset: DatasetConfig
  /** The folder that is shown, below the dataset's own. */
  readonly folder: string
  /** Address of its image. */
  readonly image: string | undefined
  readonly content: DatasetContent
  /** Whether the portal has the files page. */
  readonly hasFiles: boolean
  readonly loginUrl: string
  /** Of who is logged in. */
  readonly csrfToken: string | undefined
  /** What was just done. */
  readonly notice: string | undefined
}

const words = texts.data

/** The landing page of a dataset. */
export function datasetPage(site: Site, view: DatasetView): string {
  const { dataset, loginUrl, person } = view
  return layout(site, {
    title: dataset.title,
    current: 'data',
    person,
    forAll: true,
    loginUrl,
    styles: ['data.css'],
    head: html`<p class="up"><a href="/data">${words.title}</a></p>
      <h1>${dataset.title}</h1>
      ${firstStep(view)}`,
    body: html`${view.notice === undefined ? '' : html`<p class="notice" role="status">${view.notice}</p>`}
    ${aboutSection(view)} ${readmeSection(view)} ${filesSection(view)}
    ${
      dataset.citation === undefined
        ? ''
        : html`<section class="card" aria-labelledby="citation">
            <h2 id="citation">${words.citation}</h2>
            <p class="citation">${dataset.citation}</p>
          </section>`
    }`,
  })
}

/** What somebody does first: ask for access where they can have it, else copy. */
function firstStep({ content, csrfToken, dataset }: DatasetView): Html {
  if (csrfToken !== undefined && offersAccess(dataset, content))
    return html`<form method="post" action="${accessUrl(dataset.id)}">
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <p class="actions"><button class="button signal">${words.grant.button}</button></p>
      </form>
      <p class="lead small">${words.grant.offer}</p>`
  return html`<p class="actions">
      <a class="button signal" href="${copyUrl(dataset.collection, dataset.path)}">${words.copy}</a>
    </p>
    <p class="lead small">${words.copyHint}</p>`
}

function aboutSection({ content, dataset, image }: DatasetView): Html {
  const { contact, keywords, licence, path, text } = dataset
  return html`<section class="card about" aria-labelledby="about">
    <h2 id="about">${words.about}</h2>
    ${text.trim() === '' ? '' : markdown(text)}
    ${image === undefined ? '' : html`<img class="wide" src="${image}" alt="${dataset.imageText}" />`}
    <dl class="facts">
      ${licence === undefined ? '' : fact(words.licence, licence.href === undefined ? licence.name : html`<a href="${licence.href}" rel="license noopener">${licence.name}</a>`)}
      ${fact(words.collection, content.collection?.name ?? html`<code>${dataset.collection}</code>`)}
      ${content.size === undefined ? '' : fact(words.whole, wholeSize(content.size, datasetUrl(dataset.id)))}
      ${path === '/' ? '' : fact(words.folder, html`<code>${path}</code>`)}
      ${keywords.length === 0 ? '' : fact(words.keywords, keywords.join(', '))}
      ${contact === undefined ? '' : fact(words.contact, contactLink(contact))}
    </dl>
  </section>`
}

/** What is not all of it says so. Looking again shows what was counted meanwhile. */
function wholeSize({ bytes, files, state }: DatasetSize, again: string): Html {
  const parts = [bytes === undefined ? '' : size(bytes), files === undefined ? '' : words.filesCount(files)]
  const amount = parts.filter(Boolean).join(words.inFiles)
  if (state === 'whole') return html`${amount}`
  return html`${words.atLeast(amount)} <span class="muted">${words.partly[state]}</span> ${
      state === 'counting' ? html`<a href="${again}">${words.lookAgain}</a>` : ''
    }`
}

function readmeSection({ content: { readme }, dataset, person }: DatasetView): Html | '' {
  // Who is not logged in is offered that once, for the files.
  if (readme.state === 'none' || readme.state === 'unknown' || (readme.state === 'closed' && person === undefined))
    return ''
  const isMarkdown = readme.state === 'shown' && readme.name.endsWith('.md')
  const folder = (address: string) => folderAddress(dataset.id, address)
  return html`<section class="card" aria-labelledby="readme">
    <h2 id="readme">${words.readme}</h2>
    ${
      readme.state === 'closed'
        ? html`<p>${words.closedReadme}</p>
            <p class="actions">
              <a class="button quiet" href="${allowUrl(dataset.id, 'reading')}">${words.allowReadme}</a>
            </p>`
        : isMarkdown
          ? markdown(readme.text, { resolve: folder })
          : html`<pre class="prose">${readme.text}</pre>`
    }
  </section>`
}

/** A README links to folders beside it; files are reached from there. */
function folderAddress(id: string, address: string): string | undefined {
  const path = address.replace(/^\.\//, '')
  if (!/^[\w.-]+(?:\/[\w.-]+)*\/?$/.test(path) || path.split('/').includes('..')) return undefined
  const folder = path.endsWith('/') ? path : path.slice(0, path.lastIndexOf('/') + 1)
  return `${datasetUrl(id, folder)}#files`
}
