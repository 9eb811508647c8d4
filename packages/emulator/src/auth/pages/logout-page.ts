import { html } from 'hono/html'
import type { ReturnLink } from '../return-link.ts'
import { layout } from './layout.ts'
import type { Html } from './respond.ts'

export function logoutPage({ client, link, name, refused }: ReturnLink): Html {
  return layout(
    'Logged out',
    html`<h1>You are logged out</h1>
      <p class="sentence">
        ${client === undefined ? '' : html`You came from <strong>${client.name}</strong>. `}The next login asks again
        who you are. Apps that you logged in to keep their own sessions and tokens until they end them.
      </p>
      ${link === undefined ? '' : html`<p class="decision"><a class="button primary" href="${link}">Continue to ${name}</a></p>`}
      ${refused ? html`<p class="problem">The address to continue to is not one of a registered app, so there is no link to it.</p>` : ''}`,
  )
}
