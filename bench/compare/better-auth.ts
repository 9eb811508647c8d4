// R7 and R8: better-auth with its generic OAuth plugin and its state in the database, which is its default.
import { randomBytes } from 'node:crypto'
import { getRequestListener } from '@hono/node-server'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import { describeRefreshes, serve, type Outcome, type Scene, type Server } from './scene.ts'
import { Visitor } from './visitor.ts'

export const library = 'better-auth 1.7.25'

export const reproductions: Readonly<Record<string, (scene: Scene) => Promise<Outcome>>> = {
  async R7(scene) {
    const server = await start(scene)
    const visitor = new Visitor()
    const first = await startLogin(visitor, server)
    await startLogin(visitor, server)
    const { finalUrl } = await visitor.open(first)
    await server.close()
    const error = new URL(finalUrl).searchParams.get('error')
    return { holds: error === null, seen: error === null ? 'logged in' : `error=${error}` }
  },

  async R8(scene) {
    const server = await start(scene)
    const visitor = new Visitor()
    await visitor.open(await startLogin(visitor, server))
    // Its documented answer.
    const [account] = (await (await visitor.request(`${server.origin}/api/auth/list-accounts`)).json()) as {
      id: string
    }[]
    const selection = { accountId: account?.id }
    scene.expire()
    const { result, requests } = await scene.countTokenRequests(() =>
      Promise.all([1, 2, 3, 4].map(async () => (await post(visitor, server, 'get-access-token', selection)).status)),
    )
    await server.close()
    return describeRefreshes(result, requests)
  },
}

function start(scene: Scene): Promise<Server> {
  return serve((origin) => {
    const { clientId, clientSecret } = scene.register(`${origin}/api/auth/callback/globus`)
    const auth = betterAuth({
      baseURL: origin,
      secret: randomBytes(48).toString('base64'),
      database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
      logger: { disabled: true },
      telemetry: { enabled: false },
      rateLimit: { enabled: false },
      plugins: [
        genericOAuth({
          config: [
            {
              providerId: 'globus',
              discoveryUrl: `${scene.issuer}/.well-known/openid-configuration`,
              clientId,
              clientSecret,
              scopes: ['openid', 'profile', 'email'],
              accessType: 'offline',
              pkce: true,
            },
          ],
        }),
      ],
    })
    const listener = getRequestListener((request) => auth.handler(request))
    return (request, response) => void listener(request, response)
  })
}

function post(visitor: Visitor, server: Server, path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', origin: server.origin }
  return visitor.request(`${server.origin}/api/auth/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function startLogin(visitor: Visitor, server: Server): Promise<string> {
  const answer = await post(visitor, server, 'sign-in/social', { provider: 'globus', callbackURL: '/' })
  // Its documented answer.
  return ((await answer.json()) as { url: string }).url
}
