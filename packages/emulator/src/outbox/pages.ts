import { html } from 'hono/html'
import { layout } from '../auth/pages/layout.ts'
import type { Html } from '../auth/pages/respond.ts'
import type { Mail } from '../world/outbox.ts'

/** The mails that Globus would have sent, the newest first. */
export const outboxPage = (mails: readonly Mail[]): Html =>
  layout(
    'Outbox',
    html`<div class="wide">
      <h1>Outbox</h1>
      <p class="hint">
        What Globus would have mailed, the newest first, at most 1,000. Nothing is ever sent. As JSON:
        <a href="/outbox.json">/outbox.json</a>
      </p>
      ${mails.length === 0 ? html`<p class="sentence">There is no mail.</p>` : mails.map(mailArticle)}
    </div>`,
  )

const mailArticle = (mail: Mail): Html =>
  html`<article>
    <h2>${mail.subject}</h2>
    <dl>
      <div>
        <dt>To</dt>
        <dd>${mail.recipient}</dd>
      </div>
      <div>
        <dt>Time</dt>
        <dd>${new Date(mail.sentAt).toISOString()}</dd>
      </div>
      <div>
        <dt>Cause</dt>
        <dd>${mail.cause}</dd>
      </div>
    </dl>
    <pre>${mail.text}</pre>
  </article>`
