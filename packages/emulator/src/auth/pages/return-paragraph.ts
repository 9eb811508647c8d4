import { html } from 'hono/html'
import type { ReturnLink } from '../return-link.ts'
import type { Html } from './respond.ts'

/** "Return to …", on top of the pages that apps link to. */
export function returnParagraph({ link, name, refused }: ReturnLink): Html | '' {
  if (link !== undefined) return html`<p class="hint"><a href="${link}">Return to ${name}</a></p>`
  if (!refused) return ''
  return html`<p class="problem">
    The address to return to is not one of a registered app, so there is no link to it.
  </p>`
}
