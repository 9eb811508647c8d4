import { html } from 'hono/html'
import { mostPeople, type PersonSessions } from '../../handlers/admin/list-everybody.ts'
import { texts } from '../../texts.ts'
import { moment } from '../facts.ts'
import type { Html } from '../html.ts'
import type { SessionView } from '../sessions.ts'
import type { AdminView } from './page.ts'

const words = texts.admin

/** Who is logged in where, and how to end it. */
export function peopleSection({ csrfToken, isCut, people }: AdminView): Html {
  const count = people.reduce((sum, { sessions }) => sum + sessions.length, 0)
  return html`<section class="card" aria-labelledby="sessions">
    <h2 id="sessions">${words.sessions}</h2>
    <p>${people.length === 0 ? words.noSessions : words.summary(people.length, count)}</p>
    <p class="muted">${words.sessionsHint} ${isCut ? words.more(mostPeople) : ''}</p>
    <ul class="rows">
      ${people.map((person) => personRow(person, csrfToken))}
    </ul>
  </section>`
}

function personRow({ sessions, subject, username }: PersonSessions, csrfToken: string): Html {
  const name = username || subject
  return html`<li>
    <div class="split">
      <div>
        <h3>${name}</h3>
        <p class="muted"><code>${subject}</code></p>
      </div>
      ${sessions.length < 2 ? '' : endForm({ csrfToken, subject, label: words.endAll, of: words.endAllOf(name) })}
    </div>
    <ul class="devices">
      ${sessions.map((session) => sessionRow(session, { csrfToken, name, subject }))}
    </ul>
  </li>`
}

interface Of {
  readonly csrfToken: string
  readonly name: string
  readonly subject: string
}

function sessionRow(session: SessionView, { csrfToken, name, subject }: Of): Html {
  const { browser, createdAt, id, isThisBrowser, seenAt } = session
  return html`<li class="split">
    <div>
      ${browser} ${isThisBrowser ? html`<span class="badge">${words.thisSession}</span>` : ''}
      <p class="muted">${words.since} ${moment(createdAt)}; ${words.lastSeen} ${moment(seenAt)}</p>
    </div>
    ${endForm({ csrfToken, subject, session: id, label: words.end, of: words.endOf(browser, name) })}
  </li>`
}

interface EndForm {
  readonly csrfToken: string
  readonly subject: string
  /** Default: all of this person. */
  readonly session?: string
  readonly label: string
  readonly of: string
}

function endForm({ csrfToken, label, of, session, subject }: EndForm): Html {
  return html`<form method="post" action="/admin/sessions/end">
    <input type="hidden" name="csrf_token" value="${csrfToken}" />
    <input type="hidden" name="subject" value="${subject}" />
    ${session === undefined ? '' : html`<input type="hidden" name="session" value="${session}" />`}
    <button class="button quiet">${label}<span class="for">${of}</span></button>
  </form>`
}
