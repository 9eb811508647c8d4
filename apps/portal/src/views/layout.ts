import { html, raw } from 'hono/html'
import type { AssetName, StyleName } from '../assets.ts'
import type { ScriptName } from '../scripts.ts'
import { texts } from '../texts.ts'
import { toText, type Html } from './html.ts'
import type { Person } from './person.ts'

/** Parts of the portal that the navigation leads to. */
export type Section = 'home' | 'data' | 'search' | 'collections' | 'transfers' | 'groups' | 'account'

/** What all pages have in common. Addresses are paths. */
export interface Site {
  readonly name: string
  readonly homeUrl: string
  readonly accountUrl: string
  readonly loginUrl: string
  readonly logoutUrl: string
  /** What the navigation shows to people, in this order. */
  readonly sections: readonly SectionLink[]
  /** Where people begin to look for files. */
  readonly start: Start
  readonly links: readonly { readonly text: string; readonly href: string }[]
  /** Address of an image. */
  readonly logo: string
  /** The image itself where it is the usual mark: a request less before the head of a page is whole. Markup. */
  readonly mark: string | undefined
  /** Stands on the home page before login. Markdown. */
  readonly welcome: string | undefined
  /** Address of a stylesheet with colours of its own. */
  readonly colours: string | undefined
  readonly globus: { readonly local: boolean; readonly label: string }
  readonly asset: (name: AssetName) => string
  readonly script: (name: ScriptName) => string
}

/** The list of collections; that of datasets where there is no other. */
export interface Start {
  readonly href: string
  readonly text: string
}

interface SectionLink {
  readonly section: Section
  readonly href: string
  /** Whether people see it who are not logged in. */
  readonly forAll: boolean
}

/** One page: what stands in the coloured head, and below it. */
export interface Page {
  /** Empty: the site's name alone. */
  readonly title: string
  readonly current?: Section
  readonly person?: Person | undefined
  /** Made for people who are not logged in too: shows them the sections that are for all. */
  readonly forAll?: boolean
  /** Leads through the login and back to this page. Default: to the home page. */
  readonly loginUrl?: string
  readonly head: Html
  readonly body: Html
  /** Stylesheets beside that of every page. */
  readonly styles?: readonly StyleName[]
  /** Modules that make the page better where scripts run. */
  readonly scripts?: readonly ScriptName[]
  /** Seconds after which the page loads itself again where no script does better. */
  readonly reloadAfter?: number
  /** For scripts that change something. */
  readonly csrfToken?: string
  /** `wide`: as wide as the window, with a low head, for work. Default: a column to read. */
  readonly shape?: 'column' | 'wide'
}

/** The whole document. As text: what a template gives is a String object, which reaches the socket by way of a stream. */
export function layout(site: Site, page: Page): string {
  return toText(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${page.title === '' ? site.name : html`${page.title} &#183; ${site.name}`}</title>
          <link rel="icon" href="${site.logo}" />
          ${stylesheets(site, page.styles).map((href) => html`<link rel="stylesheet" href="${href}" />`)}
          ${page.csrfToken === undefined ? '' : html`<meta name="csrf-token" content="${page.csrfToken}" />`}
          ${page.reloadAfter === undefined ? '' : html`<noscript><meta http-equiv="refresh" content="${page.reloadAfter}" /></noscript>`}
          ${(page.scripts ?? []).map((name) => html`<script type="module" src="${site.script(name)}"></script>`)}
        </head>
        <body class="${page.shape ?? 'column'}-page">
          <a class="skip" href="#main">${texts.shell.skip}</a>
          <header class="masthead">
            <div class="column">
              <a class="brand" href="${site.homeUrl}">
                ${site.mark === undefined ? html`<img src="${site.logo}" alt="" width="36" height="36" />` : raw(site.mark)}
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
      </html> `,
  )
}

/** Their addresses, in the order in which they count. */
function stylesheets({ asset, colours }: Site, styles: readonly StyleName[] = []): string[] {
  const own = [asset('portal.css'), ...styles.map(asset)]
  return colours === undefined ? own : [...own, colours]
}

/**
 * A `Link` header for a long page: browsers ask for its stylesheets before they have looked through the page for them, and show
 * its beginning that much sooner. RFC 8288, and `preload` of the HTML standard.
 */
export function preloadHeader(site: Site, styles: readonly StyleName[]): string {
  return stylesheets(site, styles)
    .map((href) => `<${href}>; rel=preload; as=style`)
    .join(', ')
}

/** Home ends with its own link to log out, as the page that it follows did; a second one would only compete with it. */
function navigation(site: Site, page: Page): Html | '' {
  const { current, forAll, person } = page
  if (person === undefined) return forAll === true ? publicNavigation(site, page) : ''
  return html`<nav aria-label="${texts.shell.mainNavigation}">
    ${site.sections.map((one) => sectionLink(one, current))}
    ${current === 'home' ? '' : html`<a href="${site.logoutUrl}">${texts.shell.logout}</a>`}
  </nav>`
}

function publicNavigation(site: Site, { current, loginUrl = site.loginUrl }: Page): Html | '' {
  const sections = site.sections.filter((one) => one.forAll)
  if (sections.length === 0) return ''
  return html`<nav aria-label="${texts.shell.mainNavigation}">
    ${sections.map((one) => sectionLink(one, current))}
    ${current === 'home' ? '' : html`<a href="${loginUrl}">${texts.shell.login}</a>`}
  </nav>`
}

function sectionLink({ section, href }: SectionLink, current: Section | undefined): Html {
  return html`<a href="${href}" ${current === section ? html`aria-current="page"` : ''}>${texts.shell[section]}</a> `
}

function footer({ globus, links }: Site): Html {
  return html`<footer>
    <div class="column">
      <p>
        <span class="lamp ${globus.local ? 'local' : ''}" aria-hidden="true"></span>${texts.shell.globusInUse}
        <strong>${globus.label}</strong>${globus.local ? texts.shell.madeUp : ''}
      </p>
      ${
        links.length === 0
          ? ''
          : html`<p class="foot-links">
              ${links.map((link) => html`<a href="${link.href}" rel="noopener">${link.text}</a> `)}
            </p>`
      }
      <p>${texts.shell.notAffiliated}</p>
    </div>
  </footer>`
}
