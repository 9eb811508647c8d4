import { createHash } from 'node:crypto'
import { html } from 'hono/html'
import type { Login, LoginSession } from 'pierhead'

const style = 'body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:2rem auto}'
const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`

/** The policy of every page of the sample app: no script, nothing from elsewhere, forms to itself and to Globus. */
export function contentSecurityPolicy(login: Pick<Login, 'formActionSources'>): string {
  const sources = `default-src 'none'; style-src ${styleHash}; img-src data:`
  return `${sources}; form-action ${login.formActionSources.join(' ')}; base-uri 'none'; frame-ancestors 'none'`
}

/** The home page of the seed: S1.23 for strangers, S1.24 for people. */
export async function homePage(session: LoginSession | undefined, login: Login): Promise<string> {
  if (session === undefined) {
    const greeting = html`<h1>Authentication is delegated to Globus Auth</h1>
      <p><a href="${login.loginUrl()}">Login to Globus</a></p>`
    return page('Sample App', greeting)
  }
  const { claims } = session
  return page(
    'Sample App',
    html`<h1>Hello ${claims.name ?? claims.preferred_username}!</h1>
      <p>Username: ${claims.preferred_username}</p>
      <p>Email: ${claims.email ?? 'none'}</p>
      <p>UUID: ${claims.sub}</p>
      <p>Organization: ${claims.organization ?? 'none'}</p>
      <p><a href="${login.logoutUrl}">Logout</a></p>`,
  )
}

/** A page that only a person sees, with a form that changes something. */
export function privatePage(session: LoginSession): Promise<string> {
  return page(
    'Private page',
    html`<h1>Only for ${session.claims.name}</h1>
      <form method="post" action="/notes">
        <input type="hidden" name="csrf_token" value="${session.csrfToken}" />
        <button>Leave a note</button>
      </form>`,
  )
}

async function page(title: string, content: ReturnType<typeof html>): Promise<string> {
  // The style stands in the page exactly as it was hashed.
  const [before = '', after = ''] = String(
    await html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>${title}</title>
          <link rel="icon" href="data:," />
          <style></style>
        </head>
        <body>
          ${content}
        </body>
      </html>`,
  ).split('</style>')
  return `${before}${style}</style>${after}`
}
