import { html } from 'hono/html'
import type { ResumePage } from 'pierhead'
import { texts } from '../texts.ts'
import { layout, type Site } from './layout.ts'

const words = texts.resume
/** More are not read anyway. */
const mostFields = 50

/** A form that a login interrupted. It was not sent yet: its sender looks at it and decides. */
export function resumePage(site: Site, { action, csrfToken, fields, homeUrl }: ResumePage): string {
  const shown = fields.filter(([name]) => Object.hasOwn(names, name))
  const more = shown.length - mostFields
  return layout(site, {
    title: words.title,
    head: html`<h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>`,
    body: html`<section class="card" aria-label="${words.title}">
      <dl class="facts">
        ${shown.slice(0, mostFields).map(
          ([name, value]) =>
            html`<div>
              <dt>${names[name]}:</dt>
              <dd>${readable(value)}</dd>
            </div>`,
        )}
      </dl>
      ${more > 0 ? html`<p class="muted">${texts.fileActions.andMore(more)}</p>` : ''}
      <form method="post" action="${action}">
        ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <p class="actions">
          <button class="button">${words.goOn}</button>
          <a class="button quiet" href="${homeUrl}">${words.leave}</a>
        </p>
      </form>
    </section>`,
  })
}

/** Fields that say something to a person. */
const names: Readonly<Record<string, string>> = words.fields

/** Names and paths are encoded in forms. */
function readable(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
