import { html } from 'hono/html'
import type { LoggedOutPage, LogoutPage } from 'pierhead'
import { layout, type Site } from './layout.ts'

/** Asks first: a link or an image on another site must not log anybody out. */
export function logoutPage(site: Site, { action, csrfToken, homeUrl }: LogoutPage): string {
  return layout(site, {
    title: 'Log out?',
    head: html`<h1>Log out of ${site.name}?</h1>`,
    body: html`<section class="card" aria-label="Log out">
      <p class="advice">
        The portal forgets you, gives back every token it holds for you in this browser, and then takes you to Globus,
        which ends your login there too.
      </p>
      <form class="actions" method="post" action="${action}">
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <button class="button">Log out</button>
        <a class="button quiet" href="${homeUrl}">Stay logged in</a>
      </form>
    </section>`,
  })
}

export function loggedOutPage(site: Site, { homeUrl, loginUrl }: LoggedOutPage): string {
  return layout(site, {
    title: 'You are logged out',
    head: html`<h1>You are logged out</h1>`,
    body: html`<section class="card" aria-label="What to do next">
      <p class="advice">This browser holds nothing of you any more. On a shared computer, close it as well.</p>
      <p class="actions">
        <a class="button" href="${loginUrl}">Log in again</a>
        <a class="button quiet" href="${homeUrl}">Back to the home page</a>
      </p>
    </section>`,
  })
}
