import { html } from 'hono/html'
import type { SearchConfig } from '../../config/types.ts'
import { indented } from '../../preview/indented.ts'
import { allFacts, type SearchRecord } from '../../search/record.ts'
import { texts } from '../../texts.ts'
import { fact } from '../facts.ts'
import { filesUrl } from '../files/addresses.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'

export interface RecordView {
  readonly config: SearchConfig
  /** Whether the portal has the files page. */
  readonly hasFiles: boolean
  readonly loginUrl: string
  readonly person: Person | undefined
  readonly record: SearchRecord
}

const words = texts.search

export function recordPage(site: Site, { config, hasFiles, loginUrl, person, record }: RecordView): string {
  const named = new Set(record.facts.map(({ value }) => value))
  // What is shown under a name of its own need not stand there twice.
  const others = allFacts(record.content).filter(({ value }) => !named.has(value) && value !== record.heading)
  return layout(site, {
    title: record.heading,
    current: 'search',
    person,
    forAll: true,
    loginUrl,
    styles: ['search.css'],
    head: html`<p class="up"><a href="/search">${config.title}</a></p>
      <h1>${record.heading}</h1>
      ${
        record.files === undefined || !hasFiles
          ? ''
          : html`<p class="actions">
              <a class="button signal" href="${filesUrl({ id: record.files.collection, path: record.files.path })}"
                >${words.openFiles}</a
              >
            </p>`
      }`,
    body: html`<section class="card" aria-labelledby="facts">
        <h2 id="facts">${words.facts}</h2>
        <dl class="facts">
          ${[...record.facts, ...others].map(({ title, value }) => fact(title, value))}
          ${fact(words.subject, html`<code>${record.subject}</code>`)}
        </dl>
      </section>
      <details class="card">
        <summary>${words.everything}</summary>
        <pre tabindex="0">${everything(record.content)}</pre>
      </details>`,
  })
}

/** Nested as deeply as only somebody does who means harm, it cannot be written at all. */
function everything(content: unknown): string {
  try {
    return indented(JSON.stringify(content) ?? '')
  } catch (error) {
    if (error instanceof RangeError) return ''
    throw error
  }
}
