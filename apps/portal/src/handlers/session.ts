import type { Handler } from 'hono'
import { html } from 'hono/html'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../context.ts'
import { texts } from '../texts.ts'
import { layout } from '../views/layout.ts'
import { personOf } from '../views/person.ts'

/** For a page that outlived its session: whose session this browser has now, and its token. Other origins cannot read it. */
export function showSession(): Handler {
  return (c) => {
    const { claims, csrfToken } = requireSession(c)
    return c.json({ subject: claims.sub, csrf_token: csrfToken })
  }
}

/** Where a second window ends after a login. Whoever opened it must be able to see that, and closes it. */
export function showSignedIn({ site }: PortalContext): Handler {
  return (c) => {
    c.header('cross-origin-opener-policy', 'unsafe-none')
    const { done, closeWindow } = texts.signedIn
    const person = personOf(requireSession(c))
    const body = html`<p class="advice">${closeWindow}</p>`
    return c.html(layout(site, { title: done, person, head: html`<h1>${done}</h1>`, body }))
  }
}
