import { html } from 'hono/html'

/** What seed 1's home page shows of a person. */
export interface Person {
  readonly sub: string
  readonly name?: string | null
  readonly preferred_username?: string | null
  readonly email?: string | null
  readonly organization?: string | null
}

/** The home page of the Tornado tutorial; of the tokens it shows only that they are there. */
export async function homePage(person: Person | undefined): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Tornado Web App</title>
      </head>
      <body>
        <div>
          <h1>Tornado web app with authentication delegated to Globus Auth</h1>
          <p><br />${person === undefined ? html`<a href="/login">Login to Globus</a>` : facts(person)}</p>
        </div>
      </body>
    </html>`
  // `html` gives a String object, which Hono hands on as it is and its Node adapter only takes on the slow way.
  return page.toString()
}

function facts(person: Person): ReturnType<typeof html> {
  return html`Hello ${person.name}!<br />
    &nbsp; Username: ${person.preferred_username}<br />
    &nbsp; Email: ${person.email}<br />
    &nbsp; UUID: ${person.sub}<br />
    &nbsp; Organization: ${person.organization}<br />
    &nbsp; Access token: ********<br />
    &nbsp; Refresh token: ********<br />
    <br />
    <a href="/logout">Logout</a>`
}
