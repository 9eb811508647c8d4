import { html } from 'hono/html'
import type { GlobusClaims } from 'pierhead'
import { duration, given, moment } from './facts.ts'
import type { Html } from './html.ts'
import { layout, type Site } from './layout.ts'
import type { Person } from './person.ts'
import { sessionsSection, type SessionView } from './sessions.ts'
import type { TokenView } from './token-view.ts'

export interface AccountView {
  readonly person: Person
  readonly claims: GlobusClaims
  readonly tokens: readonly TokenView[]
  readonly sessions: readonly SessionView[]
  readonly csrfToken: string
  readonly canReveal: boolean
  /** Epoch milliseconds at which the page was made. */
  readonly now: number
  /** What was just done. */
  readonly notice?: string | undefined
}

/** Who the person is, what the portal holds for them, and where they are logged in. */
export function accountPage(site: Site, view: AccountView): Html {
  return layout(site, {
    title: 'Account',
    current: 'account',
    person: view.person,
    head: html`<h1>Account</h1>
      <p class="lead">What this portal holds for ${view.person.name}, and how to take it back.</p>`,
    body: html`${view.notice === undefined ? '' : html`<p class="notice" role="status">${view.notice}</p>`}
    ${identitySection(view.claims)} ${linkedSection(view.claims)} ${tokensSection(view)} ${sessionsSection(site, view)}`,
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
function linkedSection({ identity_set: identities = [], sub }: GlobusClaims): Html | '' {
  const others = identities.filter((identity) => identity.sub !== sub)
  if (others.length === 0) return ''
  return html`<section class="card" aria-labelledby="linked">
    <h2 id="linked">Linked identities</h2>
    <ul class="rows">
      ${others.map(
        (identity) =>
          html`<li>
            <h3>${identity.username || identity.sub}</h3>
            <p class="muted">${given(identity.identity_provider_display_name)} · UUID <code>${identity.sub}</code></p>
          </li>`,
      )}
    </ul>
  </section>`
}

function tokensSection({ tokens, now, canReveal, csrfToken }: AccountView): Html {
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
            ${canReveal ? revealForm(token, csrfToken) : ''}
          </li>`,
      )}
    </ul>
  </section>`
}

function timeLeft(expiresAt: number | undefined, now: number): Html | string {
  if (expiresAt === undefined) return 'hidden; Globus did not say how long it is valid'
  if (expiresAt <= now) return html`hidden; ran out at ${moment(expiresAt)}`
  return html`hidden; ${duration(expiresAt - now)} left, until ${moment(expiresAt)}`
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
