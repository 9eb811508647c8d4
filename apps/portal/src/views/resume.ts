import { html } from 'hono/html'
import type { ResumePage } from 'pierhead'
import { texts } from '../texts.ts'
import { fact } from './facts.ts'
import { layout, type Site } from './layout.ts'

const words = texts.resume
/** More are not read anyway. */
const mostFields = 50

/** A form that a login interrupted. It was not sent yet: its sender looks at it and decides. */
export function resumePage(site: Site, { action, csrfToken, fields, homeUrl }: ResumePage): string {
  const shown = fields.filter(([name, value]) => value !== '' && !technical.has(name))
  const more = shown.length - mostFields
  return layout(site, {
    title: words.title,
    head: html`<h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>`,
    body: html`<section class="card" aria-label="${words.title}">
      <dl class="facts">
        ${fact(words.deed, html`<strong>${deedOf(action)}</strong>`)}
        ${shown.slice(0, mostFields).map(([name, value]) => fact(nameOf(name), readable(name, value)))}
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

/** Fields that say nothing to a person. */
const technical: ReadonlySet<string> = new Set(['submission_id'])
const names: Readonly<Record<string, string>> = words.fields
const permissions: Readonly<Record<string, string>> = words.values.permissions

/** What the form does is for its sender to see: it may be worse than they remember. */
function deedOf(action: string): string {
  const [path = ''] = action.split('?', 1)
  return words.deeds.find(([pattern]) => pattern.test(path))?.[1] ?? path
}

function nameOf(field: string): string {
  return Object.hasOwn(names, field) ? (names[field] ?? field) : field
}

/** Names and paths are encoded in forms. */
function readable(name: string, value: string): string {
  if (name === 'permissions' && Object.hasOwn(permissions, value)) return permissions[value] ?? value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
