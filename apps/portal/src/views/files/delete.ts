import { html } from 'hono/html'
import { encodeName } from '../../client/row.ts'
import { texts } from '../../texts.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'

export interface DeleteView {
  readonly person: Person
  readonly csrfToken: string
  /** Where the form goes. */
  readonly action: string
  readonly submissionId: string
  readonly collection: string
  readonly back: string
  readonly path: string
  readonly names: readonly string[]
}

const words = texts.fileActions
/** More are not read anyway. */
const mostNames = 100

/** Says what would go, and asks. */
export function deletePage(site: Site, view: DeleteView): string {
  const { action, back, collection, csrfToken, names, path, person, submissionId } = view
  const more = names.length - mostNames
  return layout(site, {
    title: words.deleteTitle(names.length),
    current: 'collections',
    person,
    head: html`<h1>${words.deleteTitle(names.length)}</h1>
      <p class="lead">${words.deleteLead}</p>`,
    body: html`<section class="card" aria-labelledby="from">
      <h2 id="from">${words.deleteFrom(collection, path)}</h2>
      <ul class="names">
        ${names.slice(0, mostNames).map((name) => html`<li><code>${name}</code></li>`)}
        ${more > 0 ? html`<li>${words.andMore(more)}</li>` : ''}
      </ul>
      <form method="post" action="${action}">
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <input type="hidden" name="submission_id" value="${submissionId}" />
        <input type="hidden" name="path" value="${encodeName(path)}" />
        ${names.map((name) => html`<input type="hidden" name="name" value="${encodeName(name)}" />`)}
        <p class="actions">
          <button class="button danger">${words.deleteButton}</button>
          <a class="button quiet" href="${back}">${words.cancel}</a>
        </p>
      </form>
    </section>`,
  })
}
