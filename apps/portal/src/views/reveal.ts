import { html } from 'hono/html'
import { layout, type Site } from './layout.ts'
import type { Person } from './person.ts'

export interface RevealView {
  readonly person: Person
  readonly resourceServer: string
  readonly accessToken: string
}

/** The one page that holds a token: never stored, asked for with a form, and only where the operator allows it. */
export function revealPage(site: Site, { accessToken, person, resourceServer }: RevealView): string {
  return layout(site, {
    title: 'Access token',
    person,
    head: html`<h1>Access token for <span class="term">${resourceServer}</span></h1>`,
    body: html`<section class="card" aria-label="Access token">
      <p class="advice">
        Whoever has this text can act for you until it runs out. Do not paste it where others can read.
      </p>
      <p class="token"><code>${accessToken}</code></p>
      <p class="actions"><a class="button" href="${site.accountUrl}#tokens">Hide it again</a></p>
    </section>`,
  })
}
