import { html } from 'hono/html'
import type { EmulatorContext } from '../../context.ts'
import type { Identity } from '../../world/identities.ts'
import type { BrowserSession } from '../../world/sessions.ts'
import { providerName } from '../claims.ts'
import type { ReturnLink } from '../return-link.ts'
import { layout } from './layout.ts'
import type { Html } from './respond.ts'
import { returnParagraph } from './return-paragraph.ts'

export interface IdentitiesPage {
  readonly account: readonly Identity[]
  readonly session: BrowserSession
  readonly back: ReturnLink
  readonly context: EmulatorContext
}

/** Who am I, everywhere? */
export function identitiesPage({ account, session, back, context }: IdentitiesPage): Html {
  return layout(
    'Your identities',
    html`${returnParagraph(back)}
      <h1>Your identities</h1>
      <p class="hint">
        They are linked: apps see the first one, and may ask for a login with any of them.
        <a href="/v2/web/consents">What you allowed apps to do</a>
      </p>
      <ul class="scopes">
        ${account.map((identity) => row(identity, session, context))}
      </ul>`,
  )
}

function row(identity: Identity, session: BrowserSession, context: EmulatorContext): Html {
  const login = session.authentications.find((authentication) => authentication.identity === identity.id)
  const time = login === undefined ? undefined : new Date(login.authTime).toISOString()
  return html`<li>
    <strong>${identity.username}</strong>
    ${identity.id === session.account ? html`<em>(primary)</em>` : ''}
    <small>${identity.name ?? 'No name'} · ${providerName(identity, context)}</small>
    <small>${identity.id}</small>
    <small>
      ${
        time === undefined
          ? 'Not logged in with this browser'
          : html`Logged in at <time>${time}</time>${login?.mfa === true ? ', with a second factor' : ''}`
      }
    </small>
  </li>`
}
