import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { demo, type RunningEmulator } from '@pierhead/emulator'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { AuthorizationRequirementsError, createLogin, type Login } from 'pierhead'
import { scopes, transferClient } from 'pierhead/globus'
import { loginMiddleware, proxyHandler, requireSession } from 'pierhead/hono'
import { createProxy } from 'pierhead/proxy'
import { memoryStore } from 'pierhead/session-store/memory'
import { registerApp, transferServer, type Registration } from './emulator.ts'
import { close, listen, portOf } from './servers.ts'

/** An app whose pages call Globus by themselves, through the proxy. */
export interface PageApp extends Registration {
  readonly origin: string
  readonly login: Login
  /** Every request that was answered, such as `GET /globus/… 200`. */
  readonly answered: readonly string[]
  close(): Promise<void>
}

const sdk = join(dirname(createRequire(import.meta.url).resolve('@globus/sdk/package.json')), 'dist/umd')
const browserModule = join(import.meta.dirname, '../../packages/pierhead/src/browser.ts')
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; frame-ancestors 'none'"

const strict = {
  sessionRequiredSingleDomain: ['harbour.example'],
  sessionMessage: 'The tide office wants <b>you</b> again.',
}

/** What the page offers to a test: the SDK as `globus`, the kit's function as `call`, and its options for the SDK. */
const pageScript = `import { createFetch, sdkOptions } from '/pierhead-browser.js'
const login = new URLSearchParams(location.search).get('login') ?? 'popup'
Object.assign(window, { call: createFetch({ login }), options: sdkOptions({ proxy: '/globus', login }) })
document.body.dataset.ready = 'yes'`

export async function startPageApp(globus: RunningEmulator): Promise<PageApp> {
  const server = await listen('localhost')
  const origin = `http://localhost:${portOf(server)}`
  const registration = registerApp(globus, 'Tide Pages', `${origin}/login`)
  const login = createLogin({
    ...registration,
    issuer: globus.origin,
    redirectUri: `${origin}/login`,
    scopes: [scopes.openid, scopes.profile, scopes.email, scopes.transfer.all],
    session: { secrets: [randomBytes(48).toString('base64')], store: memoryStore() },
    logger: () => undefined,
  })
  const answered: string[] = []
  server.on('request', (req, res) => {
    res.on('finish', () => answered.push(`${req.method} ${req.url} ${res.statusCode}`))
  })
  const listener = getRequestListener(pages(login).fetch)
  server.on('request', (req, res) => void listener(req, res))
  const stop = async (): Promise<void> => {
    await close(server)
    await login.close()
  }
  return { ...registration, origin, login, answered, close: stop }
}

function pages(login: Login): Hono {
  const app = new Hono()
  const script = (text: string): Response => new Response(text, { headers: { 'content-type': 'text/javascript' } })
  const proxy = createProxy({ path: '/globus', services: { transfer: {}, auth: { methods: ['GET'] } } })
  app.use(loginMiddleware(login))
  app.all('/globus/*', proxyHandler(proxy))
  app.get('/sdk.js', () => script(readFileSync(join(sdk, 'globus.production.js'), 'utf8')))
  app.get('/pierhead-browser.js', () => script(stripTypeScriptTypes(readFileSync(browserModule, 'utf8'))))
  app.get('/page.js', () => script(pageScript))
  app.get('/archive', async (c) => {
    const transfer = transferClient(requireSession(c))
    return c.json((await transfer.fileOperations.ls(demo.collections.tidalSurveyArchive).collect()).items)
  })
  let demands = 1
  app.get('/strict', (c) => {
    requireSession(c)
    if (demands > 0) {
      demands -= 1
      throw new AuthorizationRequirementsError(strict, { service: 'transfer', resourceServer: transferServer })
    }
    return c.text('granted')
  })
  app.post('/whoami', async (c) => c.json({ ...(await c.req.json()), name: requireSession(c).claims.name }))
  app.get('/', (c) => {
    c.header('content-security-policy', policy)
    return c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="csrf-token" content="${requireSession(c).csrfToken}" />
            <title>Tide Pages</title>
            <link rel="icon" href="data:," />
            <script src="/sdk.js"></script>
            <script type="module" src="/page.js"></script>
          </head>
          <body>
            <h1>Hello ${requireSession(c).claims.name}!</h1>
          </body>
        </html>`,
    )
  })
  return app
}
