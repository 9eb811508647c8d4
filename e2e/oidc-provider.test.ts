import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve, type ServerType } from '@hono/node-server'
import { Hono } from 'hono'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider, type Configuration } from 'oidc-provider'
import { createLogin, type Login, type LoginEvent } from 'pierhead'
import { getSession, loginMiddleware, requireSession } from 'pierhead/hono'
import { memoryStore } from 'pierhead/session-store/memory'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../tools/lib/ports.ts'
import { Visitor } from './support/browser-like.ts'

const clientId = 'harbour-portal'
const clientSecret = 'a-secret-that-only-this-test-knows-1234567890'
const secrets = ['k8Vd2nQ0s7Yp4Lw9Zr1Xb6Tc3Mf5Hj8G-and-some-more']

describe('the kit with oidc-provider, a provider that is not Globus', () => {
  let provider: Server
  let app: ServerType
  let login: Login
  let home: string
  let issuer: string
  const events: LoginEvent[] = []

  beforeAll(async () => {
    const appPort = await freePort()
    home = `http://localhost:${appPort}`
    ;({ server: provider, issuer } = await startProvider(`${home}/login`))
    login = createLogin({
      clientId,
      clientSecret,
      issuer,
      redirectUri: `${home}/login`,
      scopes: ['openid', 'profile', 'email'],
      session: { secrets, store: memoryStore() },
      logger: (event) => events.push(event),
    })
    app = serve({ fetch: testApp(login, issuer).fetch, hostname: 'localhost', port: appPort })
  })

  afterAll(async () => {
    await login.close()
    app.close()
    provider.close()
  })

  it('logs in with its own pages, keeps the token under the issuer, refreshes nothing early and logs out', async () => {
    const visitor = await new Visitor().open(`${home}/who`)
    expect(visitor.url).toContain('/interaction/')
    await visitor.submit('Sign-in', { login: 'maya', password: 'anything' })
    await visitor.submit('Continue')
    expect({ url: visitor.url, body: visitor.body }).toEqual({ url: `${home}/who`, body: 'maya of Harbour University' })
    await visitor.open(`${home}/token`)
    expect(visitor.body).toMatch(/^[\w-]{20,}$/)
    const token = visitor.body

    await visitor.open(`${home}/logout`)
    await visitor.submit('Log out')
    expect(visitor.url).toMatch(/\/session\/end\?client_id=harbour-portal&post_logout_redirect_uri=/)
    expect(visitor.body).toContain('Do you want to sign-out from')
    const userInfo = await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(userInfo.status).toBe(401)
    await visitor.open(`${home}/`)
    expect(visitor.body).toBe('nobody')
  })

  it('shows a refused consent as a page with its code and makes no session', async () => {
    const visitor = await new Visitor().open(`${home}/who`)
    const [, abort = ''] = /href="([^"]*\/abort)"/.exec(visitor.body) ?? []
    await visitor.open(abort)
    expect(visitor.status).toBe(403)
    expect(visitor.body).toContain('access_denied')
    await visitor.open(`${home}/`)
    expect(visitor.body).toBe('nobody')
    expect(events.at(-1)).toMatchObject({ event: 'login_failed', code: 'access_denied' })
  })
})

function testApp(login: Login, issuer: string): Hono {
  const app = new Hono()
  app.use(loginMiddleware(login))
  app.get('/', (c) => c.text(getSession(c)?.claims.sub ?? 'nobody'))
  app.get('/who', (c) => {
    const { claims } = requireSession(c)
    return c.text(`${claims.sub} of ${claims.organization ?? 'nowhere'}`)
  })
  app.get('/token', async (c) => c.text(await requireSession(c).accessToken(issuer)))
  return app
}

async function startProvider(redirectUri: string): Promise<{ server: Server; issuer: string }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // An address of a TCP server is an object.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const configuration: Configuration = {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [new URL('/', redirectUri).href],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'first', alg: 'RS256', use: 'sig' }] },
    claims: { profile: ['name', 'organization'], email: ['email'] },
    features: { revocation: { enabled: true, allowedPolicy: () => true } },
    ttl: { AccessToken: 3600, Grant: 3600, IdToken: 3600, Interaction: 3600, Session: 3600 },
    cookies: { keys: ['only-for-this-test-run'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `The person ${id}`, organization: 'Harbour University' }),
    }),
  }
  const answer = new Provider(issuer, configuration).callback()
  server.on('request', (req, res) => void answer(req, res))
  return { server, issuer }
}
