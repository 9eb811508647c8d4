import { html } from 'hono/html'
import { given, tokenLine } from './facts.ts'
import type { Html } from './html.ts'
import { layout, type Site } from './layout.ts'
import { markdown } from './markdown.ts'
import type { Person } from './person.ts'
import type { TokenView } from './token-view.ts'

/** What home says about the person. A claim that Globus did not send is null or absent. */
export interface HomeView {
  readonly person: Person
  readonly username: string | null | undefined
  readonly email: string | null | undefined
  readonly uuid: string
  readonly organization: string | null | undefined
  /** Where the person proved who they are. */
  readonly provider: string | null | undefined
  /** The token of Globus Auth. */
  readonly token: TokenView | undefined
}

/** Home for somebody who is not logged in. */
export function welcomePage(site: Site): string {
  return layout(site, {
    title: '',
    current: 'home',
    forAll: true,
    head: html`<h1>Research data, with authentication delegated to Globus&nbsp;Auth</h1>
      <p class="lead">
        Log in with the organization you already belong to. This portal never sees your password, and keeps no account
        of its own.
      </p>
      <p class="actions"><a class="button signal" href="${site.loginUrl}">Login to Globus</a></p>`,
    body: html`${site.welcome === undefined ? '' : html`<section class="card" aria-label="${site.name}">${markdown(site.welcome, { below: 1 })}</section>`}
      <section aria-labelledby="how">
        <h2 id="how">How logging in works</h2>
        <ol class="steps">
          <li>
            <h3>You go to Globus</h3>
            <p>Choose your university, laboratory, ORCID or Globus ID, and log in there as you always do.</p>
          </li>
          <li>
            <h3>You say what is allowed</h3>
            <p>Globus lists what this portal asks for: your name and e-mail address, and moving data on your behalf.</p>
          </li>
          <li>
            <h3>You come back</h3>
            <p>What Globus hands over stays on the server, sealed. Logging out takes it back, here and at Globus.</p>
          </li>
        </ol>
      </section>
      ${site.globus.local ? localNote() : ''}`,
  })
}

/** Home for somebody who is logged in. */
export function homePage(site: Site, view: HomeView): string {
  return layout(site, {
    title: '',
    current: 'home',
    person: view.person,
    head: html`<h1>Hello ${view.person.name}!</h1>
      <p class="lead">
        ${view.provider ? `Globus Auth knows you through ${view.provider}.` : 'Globus Auth knows who you are.'}
      </p>`,
    body: html`<section class="card" aria-labelledby="you">
      <h2 id="you">What this portal knows about you</h2>
      <dl class="facts">
        <div>
          <dt>Username:</dt>
          <dd>${given(view.username)}</dd>
        </div>
        <div>
          <dt>Email:</dt>
          <dd>${given(view.email)}</dd>
        </div>
        <div>
          <dt>UUID:</dt>
          <dd><code>${view.uuid}</code></dd>
        </div>
        <div>
          <dt>Organization:</dt>
          <dd>${given(view.organization)}</dd>
        </div>
        <div>
          <dt>Access token:</dt>
          <dd>${tokenLine(view.token !== undefined)} ${manage(site)}</dd>
        </div>
        <div>
          <dt>Refresh token:</dt>
          <dd>${tokenLine(view.token?.renewable === true)}</dd>
        </div>
      </dl>
      <p class="actions"><a class="button" href="${site.logoutUrl}">Logout</a></p>
    </section>`,
  })
}

function manage(site: Site): Html {
  return html`<a class="aside" href="${site.accountUrl}#tokens">Tokens and sessions</a>`
}

function localNote(): Html {
  return html`<aside class="note">
    <h2>You are on a demonstration</h2>
    <p>
      This portal talks to a Globus that runs on this machine. Its people are made up: pick one, no password is needed,
      and nothing you do leaves the machine.
    </p>
  </aside>`
}
