import { randomBytes } from 'node:crypto'
import { getRequestListener } from '@hono/node-server'
import type { GlobusForTests } from '@pierhead/emulator/playwright'
import { Hono } from 'hono'
import { createLogin } from 'pierhead'
import { scopes } from 'pierhead/globus'
import { loginMiddleware, requireSession } from 'pierhead/hono'
import { memoryStore } from 'pierhead/session-store/memory'
import { close, listen, portOf } from '../support/servers.ts'

/** A small app, as somebody who tests it with Playwright would start it. */
export async function startSmallApp(
  globus: GlobusForTests,
): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const server = await listen('localhost')
  const origin = `http://localhost:${portOf(server)}`
  const redirectUri = `${origin}/login`
  const { clientId, clientSecret } = await globus.control.registerApp({
    name: 'Small App',
    type: 'portal',
    redirectUris: [redirectUri],
  })
  const login = createLogin({
    issuer: globus.url,
    clientId,
    clientSecret: clientSecret ?? '',
    redirectUri,
    scopes: [scopes.openid, scopes.profile, scopes.email],
    session: { secrets: [randomBytes(48).toString('base64')], store: memoryStore() },
  })
  const app = new Hono()
  app.use(loginMiddleware(login))
  app.get('/', (c) => c.text(`Hello ${requireSession(c).claims.name}`))
  const listener = getRequestListener(app.fetch)
  server.on('request', (req, res) => void listener(req, res))
  const stop = async (): Promise<void> => {
    await close(server)
    await login.close()
  }
  return { origin, close: stop }
}
