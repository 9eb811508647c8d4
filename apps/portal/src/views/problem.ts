import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { texts } from '../texts.ts'
import type { Html } from './html.ts'
import { layout, type Site } from './layout.ts'
import type { Person } from './person.ts'

const words = texts.problems

/** Something that is missing, and what helps. */
export interface Need {
  readonly text: string
  readonly links: readonly { readonly href: string; readonly text: string }[]
}

/** Why somebody does not see what they wanted. */
export interface Problem {
  readonly status: ContentfulStatusCode
  /** Stable; documentation names it. */
  readonly code: string
  readonly title: string
  /** What happened and what to do. */
  readonly advice: string
  /** What is missing. */
  readonly needs?: readonly Need[] | undefined
  /** Whom to ask about it: an e-mail address or an https address. Only shown with what is missing. */
  readonly contact?: string | undefined
  /** Where another attempt begins. */
  readonly again?: { readonly href: string; readonly text: string } | undefined
  readonly person?: Person | undefined
  /** Names the lines of the log that belong to it. */
  readonly requestId?: string | undefined
}

/** What happened, what to do, and what to quote to the people who run the site. */
export function problemPage(site: Site, problem: Problem): string {
  const { advice, again, code, contact, needs, person, requestId, title } = problem
  return layout(site, {
    title,
    person,
    head: html`<h1>${title}</h1>`,
    body: html`<section class="card" aria-label="${words.whatToDo}">
      <p class="advice">${advice}</p>
      ${needs === undefined ? '' : needsList(needs, contact)}
      <p class="actions">
        ${again === undefined ? '' : html`<a class="button" href="${again.href}">${again.text}</a>`}
        <a class="button ${again === undefined ? '' : 'quiet'}" href="${site.homeUrl}">${words.home}</a>
      </p>
      <p class="reference">
        ${words.code}
        <code>${code}</code>${requestId === undefined ? '' : html` · ${words.request} <code>${requestId}</code>`}
      </p>
    </section>`,
  })
}

function needsList(needs: readonly Need[], contact: string | undefined): Html {
  return html`<ul class="needs">
      ${needs.map(
        ({ text, links }) =>
          html`<li>
            ${text} ${links.map((link) => html`<a href="${link.href}" rel="noopener noreferrer">${link.text}</a> `)}
          </li>`,
      )}
    </ul>
    <p>${contact === undefined ? texts.access.askNobody : html`${texts.access.ask} ${contactLink(contact)}`}</p>`
}

/** An e-mail address opens a letter, a web address its page. */
export function contactLink(contact: string): Html {
  const href = contact.startsWith('https:') ? contact : `mailto:${contact}`
  return html`<a href="${href}">${contact}</a>`
}
