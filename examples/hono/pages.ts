import { html, raw } from 'hono/html'
import type { LoginSession } from 'pierhead'
import { transferClient } from 'pierhead/globus'

type Html = ReturnType<typeof html>

export function homePage(session: LoginSession): Html {
  const { claims, csrfToken, tokens } = session
  const fields = {
    Username: claims.preferred_username,
    Email: claims.email,
    UUID: claims.sub,
    Organization: claims.organization,
    'Tokens for': tokens.map((token) => token.resourceServer).join(', '),
  }
  return page(
    `Hello ${claims.name ?? claims.preferred_username ?? 'nameless'}!`,
    html`<p>You are successfully logged in.</p>
      <dl>
        ${Object.entries(fields).map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value ?? 'none'}</dd>`,
        )}
      </dl>
      <p><a href="/endpoints">Your endpoints</a></p>
      <form method="post" action="/logout">
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <button>Log out</button>
      </form>`,
  )
}

export async function endpointsPage(session: LoginSession): Promise<Html> {
  const lines: Html[] = []
  for await (const endpoint of transferClient(session).endpointSearch({ filter_scope: 'my-endpoints' }))
    lines.push(html`<li>[${endpoint.id}] ${endpoint.display_name}</li>`)
  return page(
    'Your endpoints',
    html`<ul>
        ${lines}
      </ul>
      <p><a href="/">Back</a></p>`,
  )
}

function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${content}
      </body>
    </html>`
}

const style = `
  body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #1d2733; font: 1rem/1.6 system-ui, sans-serif }
  h1 { line-height: 1.2 }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem }
  dt { color: #5b6775 }
  dd { margin: 0; overflow-wrap: anywhere }
  li { overflow-wrap: anywhere }
  button { padding: .4rem 1rem; font: inherit; cursor: pointer }`
