import type { LoginSession } from 'pierhead'
import { transferClient } from 'pierhead/globus'

export function homePage(session: LoginSession): string {
  const { claims, csrfToken, tokens } = session
  const fields = {
    Username: claims.preferred_username,
    Email: claims.email,
    UUID: claims.sub,
    Organization: claims.organization,
    'Tokens for': tokens.map((token) => token.resourceServer).join(', '),
  }
  const list = Object.entries(fields).map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value ?? 'none')}</dd>`)
  return page(
    `Hello ${claims.name ?? claims.preferred_username ?? 'nameless'}!`,
    `<p>You are successfully logged in.</p>
    <dl>${list.join('\n')}</dl>
    <p><a href="/endpoints">Your endpoints</a></p>
    <form method="post" action="/logout">
      <input type="hidden" name="csrf_token" value="${csrfToken}">
      <button>Log out</button>
    </form>`,
  )
}

export async function endpointsPage(session: LoginSession): Promise<string> {
  const lines: string[] = []
  for await (const { id, display_name: name } of transferClient(session).endpointSearch({
    filter_scope: 'my-endpoints',
  }))
    lines.push(`<li>[${id}] ${escapeHtml(name)}</li>`)
  return page('Your endpoints', `<ul>${lines.join('\n')}</ul>\n<p><a href="/">Back</a></p>`)
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${escapeHtml(title)}</title>
    <link rel="icon" href="data:,">
    <style>${style}</style>
  </head>
  <body>
    <h1>${escapeHtml(title)}</h1>
    ${content}
  </body>
</html>`
}

/** Names are what people call themselves: they may hold markup. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`)
}

const style = `
  body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #1d2733; font: 1rem/1.6 system-ui, sans-serif }
  h1 { line-height: 1.2 }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem }
  dt { color: #5b6775 }
  dd { margin: 0; overflow-wrap: anywhere }
  li { overflow-wrap: anywhere }
  button { padding: .4rem 1rem; font: inherit; cursor: pointer }`
