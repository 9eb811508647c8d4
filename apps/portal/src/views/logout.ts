import { html } from 'hono/html'
import type { LoggedOutPage, LogoutPage } from 'pierhead'
import { texts } from '../texts.ts'
import { layout, type Site } from './layout.ts'

const words = texts.logout

/** Asks first: a link or an image on another site must not log anybody out. */
export function logoutPage(site: Site, { action, csrfToken, homeUrl }: LogoutPage): string {
  return layout(site, {
    title: words.title,
    head: html`<h1>${words.ask(site.name)}</h1>`,
    body: html`<section class="card" aria-label="${words.logOut}">
      <p class="advice">${words.advice}</p>
      <form class="actions" method="post" action="${action}">
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <button class="button">${words.logOut}</button>
        <a class="button quiet" href="${homeUrl}">${words.stay}</a>
      </form>
    </section>`,
  })
}

export function loggedOutPage(site: Site, { homeUrl, loginUrl }: LoggedOutPage): string {
  return layout(site, {
    title: words.done,
    head: html`<h1>${words.done}</h1>`,
    body: html`<section class="card" aria-label="${words.next}">
      <p class="advice">${words.doneAdvice}</p>
      <p class="actions">
        <a class="button" href="${loginUrl}">${words.again}</a>
        <a class="button quiet" href="${homeUrl}">${texts.problems.home}</a>
      </p>
    </section>`,
  })
}
