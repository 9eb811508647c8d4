import { html } from 'hono/html'
import type { Html } from './html.ts'

export interface TextField {
  readonly id: string
  /** As it is sent. Default: the `id`. */
  readonly name?: string
  readonly label: Html | string
  readonly value: string
  /** What stands below it, and is read out with it. */
  readonly hint?: string
  /** What else the input has, such as `required`. */
  readonly attributes?: Html
}

/** For what is no prose: names of files, paths, usernames. Browsers would mend them. */
export const exactly = html`spellcheck="false" autocapitalize="off"`

/** A line of text in a form. */
export function textField({ id, name = id, label, value, hint, attributes }: TextField): Html {
  const hintId = `${id}-hint`
  return html`<p class="field">
    <label for="${id}">${label}</label>
    <input id="${id}" name="${name}" value="${value}" ${attributes} ${hint ? html`aria-describedby="${hintId}"` : ''} />
    ${hint ? html`<span class="muted" id="${hintId}">${hint}</span>` : ''}
  </p>`
}
