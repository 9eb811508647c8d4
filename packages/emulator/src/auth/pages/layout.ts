import { html } from 'hono/html'
import type { Html } from './respond.ts'

/** The frame of every page: a banner that nobody can mistake, and one card. */
export function layout(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · local emulator</title>
        <link rel="stylesheet" href="/p/style.css" />
      </head>
      <body>
        <aside aria-label="About this page">
          <strong>Local emulator, for development.</strong>
          <span>This is not Globus; not affiliated with Globus or the University of Chicago.</span>
        </aside>
        <main>${content}</main>
      </body>
    </html>`
}
