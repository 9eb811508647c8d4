import { html } from 'hono/html'
import { encodeName } from '../../client/row.ts'
import { texts } from '../../texts.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'

export interface RenameView {
  readonly person: Person
  readonly csrfToken: string
  /** Where the form goes. */
  readonly action: string
  readonly back: string
  readonly path: string
  readonly name: string
}

const words = texts.fileActions

export function renamePage(site: Site, { action, back, csrfToken, name, path, person }: RenameView): string {
  return layout(site, {
    title: words.renameTitle,
    current: 'collections',
    person,
    head: html`<h1>${words.renameTitle}</h1>
      <p class="lead"><code>${path}${name}</code></p>`,
    body: html`<section class="card" aria-label="${words.renameTitle}">
      <form method="post" action="${action}" class="stack">
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <input type="hidden" name="path" value="${encodeName(path)}" />
        <input type="hidden" name="name" value="${encodeName(name)}" />
        <label for="new_name">${words.renameLabel}</label>
        <input
          id="new_name"
          name="new_name"
          value="${name}"
          required
          maxlength="255"
          autocomplete="off"
          spellcheck="false"
          autofocus
        />
        <p class="actions">
          <button class="button">${words.renameButton}</button>
          <a class="button quiet" href="${back}">${words.cancel}</a>
        </p>
      </form>
    </section>`,
  })
}
