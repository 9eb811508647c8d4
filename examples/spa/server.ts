import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { loginMiddleware, proxyHandler, requireSession } from 'pierhead/hono'
import { createProxy } from 'pierhead/proxy'
import { login } from './login.ts'

const port = Number(process.env.PORT ?? 5000)

// What the page may do at Globus: search and list, change nothing.
const proxy = createProxy({ path: '/globus', services: { transfer: { methods: ['GET'] } } })
const policy = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action ${login.formActionSources.join(' ')}; frame-ancestors 'none'`

const app = new Hono()
app.use(loginMiddleware(login))
app.all('/globus/*', proxyHandler(proxy))
app.use('/static/*', serveStatic({ root: '.' }))
app.use('/dist/*', serveStatic({ root: '.' }))
app.get('/', (c) => {
  const { claims, csrfToken } = requireSession(c)
  c.header('Content-Security-Policy', policy)
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width" />
          <meta name="csrf-token" content="${csrfToken}" />
          <title>Collections</title>
          <link rel="icon" href="data:," />
          <link rel="stylesheet" href="/static/page.css" />
          <script type="module" src="/dist/page.js"></script>
        </head>
        <body>
          <header>
            <p>Logged in as ${claims.name ?? claims.preferred_username}</p>
            <form method="post" action="/logout">
              <input type="hidden" name="csrf_token" value="${csrfToken}" />
              <button>Log out</button>
            </form>
          </header>
          <form role="search">
            <label>Collections <input type="search" name="search" /></label>
            <button>Search</button>
          </form>
          <main aria-live="polite"></main>
        </body>
      </html>`,
  )
})
serve({ fetch: app.fetch, port, hostname: 'localhost' }, () => console.log(`Listening on http://localhost:${port}`))
