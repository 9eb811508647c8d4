import { html } from 'hono/html'
import type { GlobusClaims, LinkedIdentity } from 'pierhead'
import { texts } from '../texts.ts'
import { duration, fact, given, moment } from './facts.ts'
import type { Html } from './html.ts'
import { layout, type Site } from './layout.ts'
import type { Person } from './person.ts'
import { sessionsSection, type SessionView } from './sessions.ts'
import { identityServer, type TokenView } from './token-view.ts'

const words = texts.account
const names = texts.facts

export interface AccountView {
  readonly person: Person
  readonly claims: GlobusClaims
  readonly tokens: readonly TokenView[]
  readonly sessions: readonly SessionView[]
  readonly csrfToken: string
  readonly canReveal: boolean
  readonly isAdmin: boolean
  /** Where Globus's own pages about identities and consents are. */
  readonly globusUrl: string
  /** Epoch milliseconds at which the page was made. */
  readonly now: number
  /** What was just done. */
  readonly notice?: string | undefined
}

/** Who the person is, what the portal holds for them, and where they are logged in. */
export function accountPage(site: Site, view: AccountView): string {
  return layout(site, {
    title: words.title,
    current: 'account',
    person: view.person,
    head: html`<h1>${words.title}</h1>
      <p class="lead">${words.lead(view.person.name)}</p>`,
    body: html`${view.notice === undefined ? '' : html`<p class="notice" role="status">${view.notice}</p>`}
    ${view.isAdmin ? html`<p class="notice">${words.admin} <a href="/admin">${words.adminLink}</a></p>` : ''}
    ${identitySection(view.claims)} ${linkedSection(view)} ${tokensSection(view)} ${sessionsSection(site, view)}`,
  })
}

function identitySection(claims: GlobusClaims): Html {
  return html`<section class="card" aria-labelledby="identity">
    <h2 id="identity">${words.identity}</h2>
    <dl class="facts">
      ${fact(names.name, given(claims.name))} ${fact(names.username, given(claims.preferred_username))}
      ${fact(names.email, given(claims.email))} ${fact(names.uuid, html`<code>${claims.sub}</code>`)}
      ${fact(names.organization, given(claims.organization))}
      ${fact(names.provider, given(claims.identity_provider_display_name))}
    </dl>
  </section>`
}

/** The identity itself stands above: only the others are listed. */
function linkedSection({ claims: { identity_set: identities = [], sub }, globusUrl }: AccountView): Html {
  const others = identities.filter((identity) => identity.sub !== sub)
  return html`<section class="card" aria-labelledby="linked">
    <h2 id="linked">${words.linked}</h2>
    <p class="muted">${others.length === 0 ? words.notLinked : words.linkedHint}</p>
    ${
      others.length === 0
        ? ''
        : html`<ul class="rows">
            ${others.map(linkedIdentity)}
          </ul>`
    }
    <p><a href="${globusUrl}/v2/web/identities">${words.manageLinked}</a></p>
  </section>`
}

function linkedIdentity(identity: LinkedIdentity): Html {
  const { last_authentication: last, organization, sub, username } = identity
  const provider = identity.identity_provider_display_name ?? organization
  return html`<li>
    <h3>${username || sub}</h3>
    <p class="muted">
      ${words.from} ${given(provider)},
      ${typeof last === 'number' ? html`${words.lastLogin} ${moment(last * 1000)}` : words.neverUsed}
    </p>
    <p class="muted">${names.uuid} <code>${sub}</code></p>
  </li>`
}

function tokensSection(view: AccountView): Html {
  return html`<section class="card" aria-labelledby="tokens">
    <h2 id="tokens">${words.tokens}</h2>
    <p class="muted">${words.tokensHint} ${words.asOf} ${moment(view.now)}.</p>
    <ul class="rows">
      ${view.tokens.map((token) => tokenRow(token, view))}
    </ul>
    <p><a href="${view.globusUrl}/v2/web/consents">${words.consents}</a></p>
  </section>`
}

function tokenRow(token: TokenView, { now, canReveal, csrfToken }: AccountView): Html {
  const { expiresAt, renewable, resourceServer, scopes, service } = token
  return html`<li>
    <h3>${service ?? resourceServer}</h3>
    <dl class="facts">
      ${service === undefined ? '' : fact(words.resourceServer, html`<code>${resourceServer}</code>`)}
      ${fact(
        words.scopes,
        html`<ul class="scopes">
          ${scopes.map((scope) => html`<li><code>${scope}</code></li>`)}
        </ul>`,
      )}
      ${fact(names.accessToken, timeLeft(expiresAt, now))}
      ${fact(words.renewal, renewable ? words.renewable : words.notRenewable)}
    </dl>
    <div class="actions token-actions">
      ${renewable ? tokenForm(token, csrfToken, 'renew') : ''}
      ${resourceServer === identityServer ? '' : tokenForm(token, csrfToken, 'give-back')}
      ${canReveal ? tokenForm(token, csrfToken, 'reveal') : ''}
    </div>
  </li>`
}

function timeLeft(expiresAt: number | undefined, now: number): Html | string {
  if (expiresAt === undefined) return words.validUnknown
  if (expiresAt <= now) return html`${words.ranOut} ${moment(expiresAt)}`
  return html`${words.left(duration(expiresAt - now))} ${moment(expiresAt)}`
}

const acts = {
  renew: [words.renew, words.renewOf],
  'give-back': [words.giveBack, words.giveBackOf],
  reveal: [words.reveal, words.revealOf],
} as const

function tokenForm({ resourceServer, service }: TokenView, csrfToken: string, act: keyof typeof acts): Html {
  const [label, of] = acts[act]
  return html`<form method="post" action="/account/tokens/${act}">
    <input type="hidden" name="csrf_token" value="${csrfToken}" />
    <input type="hidden" name="resource_server" value="${resourceServer}" />
    <button class="button quiet">${label}<span class="for">${of(service ?? resourceServer)}</span></button>
  </form>`
}
