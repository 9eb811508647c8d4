import { html } from 'hono/html'
import type { AuthorizationRequest } from '../../world/authorization-request.ts'
import type { Client } from '../../world/clients.ts'
import type { ConsentRequest } from '../../world/consents.ts'
import type { Identity } from '../../world/identities.ts'
import type { Scope } from '../../world/scopes.ts'
import { fieldOf } from '../optional-consents.ts'
import { layout } from './layout.ts'
import type { Html } from './respond.ts'

export interface ConsentPage {
  readonly attempt: string
  readonly client: Client | undefined
  readonly person: Identity | undefined
  readonly consents: readonly ConsentRequest[]
  readonly request: AuthorizationRequest
}

/** May this app do that? */
export function consentPage({ attempt, client, person, consents, request }: ConsentPage): Html {
  const app = client?.name ?? 'the app'
  return layout(
    `${app} asks for access`,
    html`<h1><span class="app">${app}</span> would like to:</h1>
      <ul class="scopes">
        ${consents.map((consent, index) => scopeRow(consent, [index]))}
        ${request.offline ? html`<li>Do this also when you are away <small>offline access</small></li>` : ''}
      </ul>
      <p class="hint">
        You are logged in as <strong>${person?.name ?? person?.username ?? 'somebody'}</strong>
        <span class="username">${person?.username ?? ''}</span>
        <a href="/p/login?request=${attempt}">Be somebody else</a>
      </p>
      ${client === undefined ? '' : links(client)}
      <form method="post" action="/p/consent" class="decision" id="${FORM}">
        <input type="hidden" name="request" value="${attempt}" />
        <input type="hidden" name="account" value="${person?.id ?? ''}" />
        <button class="primary" name="decision" value="allow">Allow</button>
        <button name="decision" value="deny">Deny</button>
      </form>
      <p class="hint target">
        Afterwards you go to <span class="username">${destination(request.redirectUri)}</span>
      </p>`,
  )
}

/** The form of the decision, to which the checkboxes further up belong. */
const FORM = 'decision'

function scopeRow({ scope, optional, dependencies }: ConsentRequest, path: readonly number[]): Html {
  const below = dependencies.map((dependency, index) => scopeRow(dependency, [...path, index]))
  return html`<li>
    ${optional ? checkbox(scope, path) : scope.description}
    <small>${scope.scopeString}</small>
    ${
      below.length === 0
        ? ''
        : html`<ul>
            ${below}
          </ul>`
    }
  </li>`
}

/** An optional scope: it can be declined without losing the rest. */
function checkbox(scope: Scope, path: readonly number[]): Html {
  return html`<label>
    <input type="checkbox" name="${fieldOf(path)}" value="${scope.scopeString}" form="${FORM}" checked />
    ${scope.description} <em>(optional)</em>
  </label>`
}

function links({ privacyPolicy, termsAndConditions }: Client): Html {
  const link = (address: string | null, text: string): Html | '' =>
    address === null ? '' : html`<a href="${address}">${text}</a> `
  return html`<p class="hint">${link(privacyPolicy, 'Privacy policy')}${link(termsAndConditions, 'Terms of use')}</p>`
}

/** The part of an address that tells people where they are going. */
function destination(redirectUri: string): string {
  const { protocol, origin } = new URL(redirectUri)
  return protocol === 'http:' || protocol === 'https:' ? origin : protocol
}
