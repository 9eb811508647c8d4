import { html } from 'hono/html'
import type { AssetName } from '../assets.ts'
import type { Html } from './html.ts'
import type { Person } from './person.ts'

/** What all pages have in common. Addresses are paths. */
export interface Site {
  readonly name: string
  readonly homeUrl: string
  readonly accountUrl: string
  readonly loginUrl: string
  readonly logoutUrl: string
  readonly globus: { readonly local: boolean; readonly label: string }
  readonly asset: (name: AssetName) => string
}

/** One page: what stands in the coloured head, and below it. */
export interface Page {
  /** Empty: the site's name alone. */
  readonly title: string
  readonly current?: 'home' | 'account'
  readonly person?: Person | undefined
  readonly head: Html
  readonly body: Html
}

/** The whole document. */
export function layout(site: Site, page: Page): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title === '' ? site.name : `${page.title} · ${site.name}`}</title>
        <link rel="icon" href="${site.asset('mark.svg')}" type="image/svg+xml" />
        <link rel="stylesheet" href="${site.asset('portal.css')}" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="masthead">
          <div class="column">
            <a class="brand" href="${site.homeUrl}">
              <img src="${site.asset('mark.svg')}" alt="" width="36" height="36" />
              <span>${site.name}</span>
            </a>
            ${navigation(site, page)}
          </div>
        </header>
        <main id="main" tabindex="-1">
          <div class="head ${page.current === 'home' ? 'tide' : ''}"><div class="column">${page.head}</div></div>
          <div class="column body">${page.body}</div>
        </main>
        ${footer(site)}
      </body>
    </html> `
}

/** Home ends with its own link to log out, as the page that it follows did; a second one would only compete with it. */
function navigation(site: Site, { person, current }: Page): Html | '' {
  if (person === undefined) return ''
  return html`<nav aria-label="Main">
    <a href="${site.homeUrl}" ${current === 'home' ? html`aria-current="page"` : ''}>Home</a>
    <a href="${site.accountUrl}" ${current === 'account' ? html`aria-current="page"` : ''}>Account</a>
    ${current === 'home' ? '' : html`<a href="${site.logoutUrl}">Logout</a>`}
  </nav>`
}

function footer({ globus }: Site): Html {
  return html`<footer>
    <div class="column">
      <p>
        <span class="lamp ${globus.local ? 'local' : ''}" aria-hidden="true"></span>Globus in use:
        <strong>${globus.label}</strong>${globus.local ? '. Everybody there is made up.' : ''}
      </p>
      <p>Not affiliated with Globus or the University of Chicago.</p>
    </div>
  </footer>`
}
