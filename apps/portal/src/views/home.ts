import { html } from 'hono/html'
import { texts } from '../texts.ts'
import { fact, given, tokenLine } from './facts.ts'
import type { Html } from './html.ts'
import { layout, type Section, type Site } from './layout.ts'
import { markdown } from './markdown.ts'
import type { Person } from './person.ts'
import type { TokenView } from './token-view.ts'

const words = texts.home
const names = texts.facts

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
  const data = site.sections.find(({ forAll, section }) => forAll && section === 'data')
  return layout(site, {
    title: '',
    current: 'home',
    forAll: true,
    head: html`<h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>
      <p class="actions">
        <a class="button signal" href="${site.loginUrl}">${words.logIn}</a>
        ${data === undefined ? '' : html`<a class="button signal quiet" href="${data.href}">${words.look}</a>`}
      </p>`,
    body: html`${site.welcome === undefined ? '' : html`<section class="card" aria-label="${site.name}">${markdown(site.welcome, { below: 1 })}</section>`}
      <section aria-labelledby="how">
        <h2 id="how">${words.how}</h2>
        <ol class="steps">
          ${words.steps.map(
            ({ text, title }) =>
              html`<li>
                <h3>${title}</h3>
                <p>${text}</p>
              </li>`,
          )}
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
    head: html`<h1>${words.hello(view.person.name)}</h1>
      <p class="lead">${view.provider ? words.knownThrough(view.provider) : words.known}</p>`,
    body: html`${onward(site)}
      <section class="card" aria-labelledby="you">
        <h2 id="you">${words.you}</h2>
        <dl class="facts">
          ${fact(names.username, given(view.username))} ${fact(names.email, given(view.email))}
          ${fact(names.uuid, html`<code>${view.uuid}</code>`)} ${fact(names.organization, given(view.organization))}
          ${fact(names.accessToken, html`${tokenLine(view.token !== undefined)} ${manage(site)}`)}
          ${fact(names.refreshToken, tokenLine(view.token?.renewable === true))}
        </dl>
        <p class="actions"><a class="button" href="${site.logoutUrl}">${texts.shell.logout}</a></p>
      </section>`,
  })
}

/** The parts of the portal, each with a word about it. */
function onward({ sections }: Site): Html {
  return html`<section aria-labelledby="onward">
    <h2 id="onward">${words.onward}</h2>
    <ul class="ways">
      ${sections.map(({ href, section }) =>
        isWay(section)
          ? html`<li>
              <h3><a href="${href}">${texts.shell[section]}</a></h3>
              <p>${words.ways[section]}</p>
            </li>`
          : '',
      )}
    </ul>
  </section>`
}

function isWay(section: Section): section is keyof typeof words.ways {
  return Object.hasOwn(words.ways, section)
}

function manage(site: Site): Html {
  return html`<a class="aside" href="${site.accountUrl}#tokens">${words.manage}</a>`
}

function localNote(): Html {
  return html`<aside class="note">
    <h2>${words.demonstration.title}</h2>
    <p>${words.demonstration.text}</p>
  </aside>`
}
