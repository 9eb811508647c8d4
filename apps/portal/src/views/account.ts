import { html } from 'hono/html'
import type { GlobusClaims, LinkedIdentity } from 'pierhead'
import { texts } from '../texts.ts'
import { duration, given, moment } from './facts.ts'
import type { Html } from './html.ts'
import { layout, type Site } from './layout.ts'
import type { Person } from './person.ts'
import { sessionsSection, type SessionView } from './sessions.ts'
import { identityServer, type TokenView } from './token-view.ts'

const words = texts.account

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
    title: 'Account',
    current: 'account',
    person: view.person,
    head: html`<h1>Account</h1>
      <p class="lead">What this portal holds for ${view.person.name}, and how to take it back.</p>`,
    body: html`${view.notice === undefined ? '' : html`<p class="notice" role="status">${view.notice}</p>`}
    ${view.isAdmin ? html`<p class="notice">${words.admin} <a href="/admin">${words.adminLink}</a></p>` : ''}
    ${identitySection(view.claims)} ${linkedSection(view)} ${tokensSection(view)} ${sessionsSection(site, view)}`,
  })
}

function identitySection(claims: GlobusClaims): Html {
  return html`<section class="card" aria-labelledby="identity">
    <h2 id="identity">Identity</h2>
    <dl class="facts">
      <div>
        <dt>Name:</dt>
        <dd>${given(claims.name)}</dd>
      </div>
      <div>
        <dt>Username:</dt>
        <dd>${given(claims.preferred_username)}</dd>
      </div>
      <div>
        <dt>Email:</dt>
        <dd>${given(claims.email)}</dd>
      </div>
      <div>
        <dt>UUID:</dt>
        <dd><code>${claims.sub}</code></dd>
      </div>
      <div>
        <dt>Organization:</dt>
        <dd>${given(claims.organization)}</dd>
      </div>
      <div>
        <dt>Identity provider:</dt>
        <dd>${given(claims.identity_provider_display_name)}</dd>
      </div>
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
    <p class="muted">UUID <code>${sub}</code></p>
  </li>`
}

function tokensSection({ tokens, now, canReveal, csrfToken, globusUrl }: AccountView): Html {
  return html`<section class="card" aria-labelledby="tokens">
    <h2 id="tokens">Tokens</h2>
    <p class="muted">
      With these the portal acts for you. They are kept on the server, sealed, and revoked when you log out. Times are
      as of ${moment(now)}.
    </p>
    <ul class="rows">
      ${tokens.map(
        (token) =>
          html`<li>
            <h3>${token.service ?? token.resourceServer}</h3>
            <dl class="facts">
              ${
                token.service === undefined
                  ? ''
                  : html`<div>
                      <dt>Resource server:</dt>
                      <dd><code>${token.resourceServer}</code></dd>
                    </div>`
              }
              <div>
                <dt>Scopes:</dt>
                <dd>
                  <ul class="scopes">
                    ${token.scopes.map((scope) => html`<li><code>${scope}</code></li>`)}
                  </ul>
                </dd>
              </div>
              <div>
                <dt>Access token:</dt>
                <dd>${timeLeft(token.expiresAt, now)}</dd>
              </div>
              <div>
                <dt>Renewal:</dt>
                <dd>
                  ${token.renewable ? 'renewed by itself when it runs out' : 'not possible: log in again when it runs out'}
                </dd>
              </div>
            </dl>
            <div class="actions token-actions">
              ${token.renewable ? tokenForm(token, csrfToken, 'renew') : ''}
              ${token.resourceServer === identityServer ? '' : tokenForm(token, csrfToken, 'give-back')}
              ${canReveal ? revealForm(token, csrfToken) : ''}
            </div>
          </li>`,
      )}
    </ul>
    <p><a href="${globusUrl}/v2/web/consents">${words.consents}</a></p>
  </section>`
}

function timeLeft(expiresAt: number | undefined, now: number): Html | string {
  if (expiresAt === undefined) return 'hidden; Globus did not say how long it is valid'
  if (expiresAt <= now) return html`hidden; ran out at ${moment(expiresAt)}`
  return html`hidden; ${duration(expiresAt - now)} left, until ${moment(expiresAt)}`
}

function tokenForm({ resourceServer, service }: TokenView, csrfToken: string, act: 'renew' | 'give-back'): Html {
  const [label, of] = act === 'renew' ? [words.renew, words.renewOf] : [words.giveBack, words.giveBackOf]
  return html`<form method="post" action="/account/tokens/${act}">
    <input type="hidden" name="csrf_token" value="${csrfToken}" />
    <input type="hidden" name="resource_server" value="${resourceServer}" />
    <button class="button quiet">${label}<span class="for">${of(service ?? resourceServer)}</span></button>
  </form>`
}

function revealForm({ resourceServer, service }: TokenView, csrfToken: string): Html {
  return html`<form method="post" action="/account/tokens/reveal">
    <input type="hidden" name="csrf_token" value="${csrfToken}" />
    <input type="hidden" name="resource_server" value="${resourceServer}" />
    <button class="button quiet">
      Reveal the access token<span class="for"> for ${service ?? resourceServer}</span>
    </button>
  </form>`
}
