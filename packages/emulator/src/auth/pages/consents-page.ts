import { html } from 'hono/html'
import type { EmulatorContext } from '../../context.ts'
import type { Consent } from '../../world/consents.ts'
import type { ReturnLink } from '../return-link.ts'
import { hiddenFields } from './fields.ts'
import { layout } from './layout.ts'
import type { Html } from './respond.ts'
import { returnParagraph } from './return-paragraph.ts'

export interface ConsentsPage {
  readonly account: string
  readonly consents: readonly Consent[]
  readonly back: ReturnLink
  /** The query of the address, which the form keeps. */
  readonly search: string
  readonly context: EmulatorContext
}

/** What may which app do, and no longer? */
export function consentsPage(page: ConsentsPage): Html {
  const apps = Array.from(new Set(page.consents.map(({ rootClient }) => rootClient)))
  return layout(
    'Your consents',
    html`${returnParagraph(page.back)}
      <h1>What you allowed apps to do</h1>
      <p class="hint">
        Rescinding ends the app’s tokens at once; it will ask you again.
        <a href="/v2/web/identities">Your identities</a>
      </p>
      ${apps.length === 0 ? html`<p class="sentence">You have not allowed anything.</p>` : ''}
      <form method="post" action="/v2/web/consents${page.search}">
        ${hiddenFields({ account: page.account })} ${apps.map((app) => appSection(app, page))}
      </form>`,
  )
}

function appSection(app: string, { consents, context }: ConsentsPage): Html {
  const name = context.world.clients.find(app)?.name ?? app
  const own = consents.filter(({ rootClient }) => rootClient === app)
  return html`<section>
    <h2>${name}</h2>
    <ul class="scopes">
      ${own.filter(({ parent }) => parent === null).map((consent) => row(consent, own, context))}
    </ul>
    <p><button name="app" value="${app}">Rescind all of ${name}</button></p>
  </section>`
}

function row(consent: Consent, all: readonly Consent[], context: EmulatorContext): Html {
  const below = all.filter(({ parent }) => parent === consent.id)
  return html`<li>
    ${context.world.scopes.find(consent.scope)?.description ?? consent.scope}
    <small>${consent.scope}</small>
    <small>Last used <time>${new Date(consent.lastUsedAt).toISOString()}</time></small>
    ${
      consent.atomicallyRevocable
        ? html`<button class="small" name="consent" value="${consent.id}" aria-label="Rescind ${consent.scope}">
            Rescind
          </button>`
        : ''
    }
    ${
      below.length === 0
        ? ''
        : html`<ul>
            ${below.map((child) => row(child, all, context))}
          </ul>`
    }
  </li>`
}
