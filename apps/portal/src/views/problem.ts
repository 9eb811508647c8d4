import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Html } from './html.ts'
import { layout, type Site } from './layout.ts'
import type { Person } from './person.ts'

/** Why somebody does not see what they wanted. */
export interface Problem {
  readonly status: ContentfulStatusCode
  /** Stable; documentation names it. */
  readonly code: string
  readonly title: string
  /** What happened and what to do. */
  readonly advice: string
  /** Where another attempt begins. */
  readonly again?: { readonly href: string; readonly text: string } | undefined
  readonly person?: Person | undefined
  /** Names the lines of the log that belong to it. */
  readonly requestId?: string | undefined
}

/** What happened, what to do, and what to quote to the people who run the site. */
export function problemPage(site: Site, problem: Problem): Html {
  const { advice, again, code, person, requestId, title } = problem
  return layout(site, {
    title,
    person,
    head: html`<h1>${title}</h1>`,
    body: html`<section class="card" aria-label="What to do">
      <p class="advice">${advice}</p>
      <p class="actions">
        ${again === undefined ? '' : html`<a class="button" href="${again.href}">${again.text}</a>`}
        <a class="button ${again === undefined ? '' : 'quiet'}" href="${site.homeUrl}">Back to the home page</a>
      </p>
      <p class="reference">
        Code <code>${code}</code>${requestId === undefined ? '' : html` · Request <code>${requestId}</code>`}
      </p>
    </section>`,
  })
}
