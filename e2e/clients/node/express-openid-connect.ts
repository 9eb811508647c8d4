// express-openid-connect with nothing but the emulator's discovery document. It looks for no end_session_endpoint unless
// told to, and Globus has none: logging out ends the application's session.
import express, { type Response as Reply } from 'express'
import oidc from 'express-openid-connect'
import { assert, authorize, feature, json, world } from './support.ts'

const { maya } = world.people
const { express: app } = world.clients
const { origin, port } = new URL(app.redirect_uri)

const server = express()
server.use(
  oidc.auth({
    issuerBaseURL: world.url,
    baseURL: origin,
    clientID: app.id,
    clientSecret: app.secret,
    secret: 'only for this program, and long enough',
    idTokenSigningAlg: 'RS512',
    clientAuthMethod: 'client_secret_basic',
    authRequired: false,
    httpTimeout: 60_000,
    authorizationParams: { response_type: 'code', scope: 'openid profile email offline_access' },
  }),
)
const answer = (path: string, work: (context: oidc.RequestContext) => unknown): void => {
  server.get(path, async (request, reply: Reply) => {
    try {
      reply.json({ value: (await work(request.oidc)) ?? null })
    } catch (error) {
      reply.status(500).json({ error: error instanceof Error ? error.message : 'failed' })
    }
  })
}
answer('/who', ({ user }) => user?.['sub'])
answer('/userinfo', (context) => context.fetchUserInfo())
answer('/token', ({ accessToken }) => accessToken?.access_token)
answer('/refresh', async ({ accessToken }) => (await accessToken?.refresh())?.access_token)
const listening = server.listen(Number(port), 'localhost')
await new Promise((resolve) => listening.once('listening', resolve))

const cookies = new Map<string, string>()

/** Sends what the person's browser would, and keeps the cookies of the answer. */
async function visit(address: string | URL): Promise<Response> {
  const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(new URL(address, origin), { headers: { cookie }, redirect: 'manual' })
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
  return response
}

const value = async (path: string): Promise<unknown> => (await json(await visit(path))).value

await feature('login', async () => {
  const sent = await visit('/login')
  const back = await authorize(sent.headers.get('location') ?? '')
  const done = await visit(back)
  assert(done.status === 302, `${done.status} ${await done.text()}`)
})

await feature('id token', async () => assert((await value('/who')) === maya.id, 'another sub'), 'login')

await feature(
  'userinfo',
  async () => {
    const info = JSON.stringify(await value('/userinfo'))
    assert(info.includes(maya.email) && info.includes(maya.username), info)
  },
  'login',
)

await feature(
  'refresh',
  async () => {
    const before = await value('/token')
    const renewed = await value('/refresh')
    assert(typeof renewed === 'string' && renewed !== before, 'the same access token')
    assert((await value('/token')) === renewed, 'the new token was not kept')
  },
  'login',
)

await feature(
  'logout',
  async () => {
    await visit('/logout')
    assert((await value('/who')) === null, 'still logged in')
  },
  'login',
)

listening.closeAllConnections()
listening.close()
