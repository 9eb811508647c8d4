import { html } from 'hono/html'
import { texts } from '../texts.ts'
import { moment } from './facts.ts'
import type { Html } from './html.ts'
import type { Site } from './layout.ts'

const words = texts.account

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
    <h2 id="sessions">${words.sessions}</h2>
    <p class="muted">${words.sessionsHint}</p>
    <ul class="rows">
      ${sessions.map((session) => row(site, session, csrfToken))}
    </ul>
    <form method="post" action="/account/sessions/end-all">
      <input type="hidden" name="csrf_token" value="${csrfToken}" />
      <button class="button danger">${words.logOutEverywhere}</button>
      <span class="muted">${words.thisToo}</span>
    </form>
  </section>`
}

function row(site: Site, session: SessionView, csrfToken: string): Html {
  const started = html`<p class="muted">
    ${words.since} ${moment(session.createdAt)}; ${words.lastSeen} ${moment(session.seenAt)}
  </p>`
  if (session.isThisBrowser) {
    return html`<li class="split">
      <div>
        <h3>${session.browser} <span class="badge">${words.thisBrowser}</span></h3>
        ${started}
      </div>
      <a class="button quiet" href="${site.logoutUrl}">${words.logOutHere}</a>
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
        ${words.logOut}<span class="for">${words.logOutOf(session.browser)} ${moment(session.createdAt)}</span>
      </button>
    </form>
  </li>`
}
