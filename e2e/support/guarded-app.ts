import { randomBytes } from 'node:crypto'
import { getRequestListener } from '@hono/node-server'
import { demo, type RunningEmulator } from '@pierhead/emulator'
import { Hono } from 'hono'
import { createLogin, type LoginEvent } from 'pierhead'
import { scopes, transferClient } from 'pierhead/globus'
import {
  getSession,
  loginMiddleware,
  requireAuthentication,
  requireGroup,
  requireScopes,
  requireSession,
} from 'pierhead/hono'
import { memoryStore } from 'pierhead/session-store/memory'
import { registerApp, revokeToken, transferServer, type Registration } from './emulator.ts'
import { close, listen, portOf } from './servers.ts'

/** An app whose pages demand something of who opens them, listening on localhost. */
export interface GuardedApp extends Registration {
  readonly origin: string
  readonly events: readonly LoginEvent[]
  close(): Promise<void>
}

const { collections, groups } = demo

export async function startGuardedApp(globus: RunningEmulator): Promise<GuardedApp> {
  const server = await listen('localhost')
  const origin = `http://localhost:${portOf(server)}`
  const registration = registerApp(globus, 'Guarded App', `${origin}/login`)
  const events: LoginEvent[] = []
  const login = createLogin({
    ...registration,
    issuer: globus.origin,
    redirectUri: `${origin}/login`,
    scopes: [scopes.openid, scopes.profile, scopes.email, scopes.transfer.all],
    session: { secrets: [randomBytes(48).toString('base64')], store: memoryStore() },
    logger: (event) => events.push(event),
  })
  const app = new Hono()
  app.use(loginMiddleware(login))
  app.get('/', (c) => c.text(`hello ${getSession(c)?.claims.name ?? 'stranger'}`))
  app.get('/files/:collection', async (c) => {
    const listing = await transferClient(requireSession(c)).fileOperations.ls(c.req.param('collection')).collect()
    return c.text(`${listing.items.length} entries, ${c.req.query('sort')}`)
  })
  app.get('/refused-token', async (c) => {
    const session = requireSession(c)
    const refused = await session.accessToken(transferServer)
    revokeToken(globus, refused)
    await transferClient(session).endpoint.get(collections.tidalSurveyPublic)
    return c.text(String((await session.accessToken(transferServer)) !== refused))
  })
  app.get('/note', (c) => {
    const field = `<input type="hidden" name="csrf_token" value="${requireSession(c).csrfToken}">`
    return c.html(
      `<form method="post" action="/note"><input name="text" value="spring tide">${field}<button>Send</button></form>`,
    )
  })
  app.post('/note', async (c) => {
    await transferClient(requireSession(c)).fileOperations.ls(collections.tidalSurveyArchive).collect()
    const { text } = await c.req.parseBody()
    return c.text(`noted ${typeof text === 'string' ? text : ''}`)
  })
  app.get('/search', (c) => c.text(`searched by ${requireScopes(c, scopes.search.search).claims.name}`))
  app.get('/crew', async (c) => {
    const { name, memberships } = await requireGroup(c, groups.tideCrew, { fresh: 0 })
    return c.text(`${name}: ${memberships.map(({ role }) => role).join()}`)
  })
  app.get('/patients', async (c) => {
    const { claims } = await requireAuthentication(c, { domains: ['hospital.example'], mfa: true, maxAge: 600 })
    return c.text(`patients of ${claims.name}`)
  })
  const listener = getRequestListener(app.fetch)
  server.on('request', (req, res) => void listener(req, res))
  const stop = async (): Promise<void> => {
    await close(server)
    await login.close()
  }
  return { ...registration, origin, events, close: stop }
}
