import { html } from 'hono/html'
import type { Client } from '../../world/clients.ts'
import type { Identity } from '../../world/identities.ts'
import { hiddenFields } from './fields.ts'
import { layout } from './layout.ts'
import type { Html } from './respond.ts'

export interface MfaPage {
  /** The name of the login that was begun. */
  readonly attempt: string
  readonly client: Client | undefined
  readonly identity: Identity
  readonly message: string | null
}

/** Is it really you? A button instead of a device, for those who have a second factor. */
export function mfaPage({ attempt, client, identity, message }: MfaPage): Html {
  const app = client?.name ?? 'The app'
  return layout(
    'Second factor',
    html`<h1><span class="app">${app}</span> requires a second factor</h1>
      ${message === null ? '' : html`<p class="message">${message}</p>`}
      <p class="hint">
        You are logged in as <strong>${identity.name ?? identity.username}</strong>
        <span class="username">${identity.username}</span>
        <a href="/p/login?request=${attempt}">Be somebody else</a>
      </p>
      ${identity.mfa ? confirmation(attempt, identity) : html`<p class="problem" role="alert">This identity has no second factor. Log in as somebody who has one.</p>`}`,
  )
}

function confirmation(attempt: string, identity: Identity): Html {
  return html`<form method="post" action="/p/mfa" class="decision">
    ${hiddenFields({ request: attempt, identity: identity.id })}
    <button class="primary">Confirm with the made-up second factor</button>
  </form>`
}
