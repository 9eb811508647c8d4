import { html } from 'hono/html'
import type { EmulatorContext } from '../../context.ts'
import type { Identity } from '../../world/identities.ts'
import { providerName } from '../claims.ts'
import { hiddenFields } from './fields.ts'
import { layout } from './layout.ts'
import type { Html } from './respond.ts'

export interface LoginPage {
  /** Where the forms go, and what they carry beside the person. */
  readonly form: { readonly action: string; readonly fields: Readonly<Record<string, string>> }
  /** The name of the app that one logs in to. */
  readonly app: string
  readonly people: readonly Identity[]
  /** What the app wants the person to read (`session_message`). */
  readonly message: string | null
  /** What the app demands of the login, in words. */
  readonly demands: readonly string[]
  /** A login that just failed. */
  readonly failed: FailedLogin | undefined
  readonly context: EmulatorContext
}

export interface FailedLogin {
  readonly username: string
  /** Why this person needs a password, when none was sent; else it was wrong. */
  readonly wants: string | undefined
}

/** Who are you? A button per person, and a form for username and password. */
export function loginPage(page: LoginPage): Html {
  const { app } = page
  return layout(
    `Log in to use ${app}`,
    html`<h1>Log in to use <span class="app">${app}</span></h1>
      ${page.message === null ? '' : html`<p class="message">${page.message}</p>`}
      ${page.demands.length === 0 ? '' : demandList(app, page)}
      <p class="hint">Everybody here is made up. Who do you want to be?</p>
      <form method="post" action="${page.form.action}">
        ${hiddenFields(page.form.fields)}
        <ul class="people">
          ${page.people.map((person) => personRow(person, page.context))}
        </ul>
      </form>
      ${passwordForm(page)}`,
  )
}

function demandList(app: string, { demands, people }: LoginPage): Html {
  return html`<div class="message">
    <p>${app} requires:</p>
    <ul>
      ${demands.map((demand) => html`<li>${demand}</li>`)}
    </ul>
    ${people.length === 0 ? html`<p>Nobody here can log in like that.</p>` : ''}
  </div>`
}

function personRow(person: Identity, context: EmulatorContext): Html {
  const name = person.name ?? person.username
  // The affiliation stands beside the button, whose name is to be the person's and nothing else.
  return html`<li>
    <span class="avatar" aria-hidden="true">${initials(name)}</span>
    <div>
      <button name="identity" value="${person.id}">${name}</button>
      <p>${person.organization ?? providerName(person, context)}</p>
      <p class="username">${person.username}</p>
    </div>
  </li>`
}

function passwordForm(page: LoginPage): Html {
  const { failed } = page
  return html`<details ${failed === undefined ? '' : 'open'}>
    <summary>Use your Globus ID to sign in</summary>
    <form method="post" action="${page.form.action}" class="password">
      ${hiddenFields(page.form.fields)} ${failed === undefined ? '' : problem(failed)}
      <label for="username">username</label>
      <input
        id="username"
        name="username"
        type="text"
        value="${failed?.username ?? ''}"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        required
      />
      <label for="password">password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required />
      <button class="primary">Log In</button>
    </form>
  </details>`
}

const problem = ({ username, wants }: FailedLogin): Html =>
  wants === undefined
    ? html`<p class="problem" role="alert">
        Wrong username or password. Both stand in the file of <code>--info</code>.
      </p>`
    : html`<p class="problem" role="alert">
        ${username} needs a password here, because ${wants}. It was printed at the start, and stands in the file of
        <code>--info</code>.
      </p>`

/** The first letters of first and last name, of names in any script. */
function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1)
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words
  return ends
    .map((word) => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toUpperCase()
}
