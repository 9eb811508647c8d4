import { html } from 'hono/html'
import { moment } from './facts.ts'
import type { Html } from './html.ts'
import type { Site } from './layout.ts'

/** One browser that is logged in as this person. */
export interface SessionView {
  readonly id: string
  readonly browser: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Epoch milliseconds, exact to about a minute. */
  readonly seenAt: number
  readonly isThisBrowser: boolean
}

interface SessionsView {
  readonly sessions: readonly SessionView[]
  readonly csrfToken: string
}

/** Where the person is logged in, and how to end it. */
export function sessionsSection(site: Site, { sessions, csrfToken }: SessionsView): Html {
  return html`<section class="card" aria-labelledby="sessions">
    <h2 id="sessions">Sessions</h2>
    <p class="muted">Every browser in which you are logged in to this portal. Ending a session revokes its tokens.</p>
    <ul class="rows">
      ${sessions.map((session) => row(site, session, csrfToken))}
    </ul>
    <form method="post" action="/account/sessions/end-all">
      <input type="hidden" name="csrf_token" value="${csrfToken}" />
      <button class="button danger">Log out everywhere</button>
      <span class="muted">This browser too.</span>
    </form>
  </section>`
}

function row(site: Site, session: SessionView, csrfToken: string): Html {
  const started = html`<p class="muted">Since ${moment(session.createdAt)}; last seen ${moment(session.seenAt)}</p>`
  if (session.isThisBrowser) {
    return html`<li class="split">
      <div>
        <h3>${session.browser} <span class="badge">this browser</span></h3>
        ${started}
      </div>
      <a class="button quiet" href="${site.logoutUrl}">Log out of this browser</a>
    </li>`
  }
  return html`<li class="split">
    <div>
      <h3>${session.browser}</h3>
      ${started}
    </div>
    <form method="post" action="/account/sessions/end">
      <input type="hidden" name="csrf_token" value="${csrfToken}" />
      <input type="hidden" name="session" value="${session.id}" />
      <button class="button quiet">
        Log out<span class="for"> ${session.browser}, since ${moment(session.createdAt)}</span>
      </button>
    </form>
  </li>`
}
