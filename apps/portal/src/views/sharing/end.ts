import { html } from 'hono/html'
import type { SharedCollection } from '../../sharing/shared-collection.ts'
import { texts } from '../../texts.ts'
import { layout, type Site } from '../layout.ts'
import type { Person } from '../person.ts'
import { sharingUrl } from './page.ts'

export interface EndSharingView {
  readonly person: Person
  readonly csrfToken: string
  readonly shared: SharedCollection
}

const words = texts.shareFolder.end

/** Says what would go, and what would stay, and asks. */
export function endSharingPage(site: Site, { csrfToken, person, shared }: EndSharingView): string {
  const { id, name } = shared.collection
  return layout(site, {
    title: words.title(name),
    current: 'collections',
    person,
    head: html`<h1>${words.title(name)}</h1>
      <p class="lead">${words.lead}</p>`,
    body: html`<form class="card" method="post" action="${endSharingUrl(id)}" aria-label="${words.title(name)}">
      <input type="hidden" name="csrf_token" value="${csrfToken}" />
      <p>${words.what}</p>
      <p class="actions">
        <button class="button danger">${words.button}</button>
        <a class="button quiet" href="${sharingUrl(id)}">${words.keep}</a>
      </p>
    </form>`,
  })
}

export const endSharingUrl = (id: string): string => `${sharingUrl(id)}/end`
