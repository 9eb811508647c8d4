import { html } from 'hono/html'
import { texts } from '../texts.ts'
import { layout, type Site } from './layout.ts'
import type { Person } from './person.ts'

const words = texts.account.revealed

export interface RevealView {
  readonly person: Person
  readonly resourceServer: string
  readonly accessToken: string
}

/** The one page that holds a token: never stored, asked for with a form, and only where the operator allows it. */
export function revealPage(site: Site, { accessToken, person, resourceServer }: RevealView): string {
  return layout(site, {
    title: words.title,
    person,
    head: html`<h1>${words.of} <span class="term">${resourceServer}</span></h1>`,
    body: html`<section class="card" aria-label="${words.title}">
      <p class="advice">${words.advice}</p>
      <p class="token"><code>${accessToken}</code></p>
      <p class="actions"><a class="button" href="${site.accountUrl}#tokens">${words.hide}</a></p>
    </section>`,
  })
}
