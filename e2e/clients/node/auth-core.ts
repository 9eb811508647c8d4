// @auth/core (Auth.js) with a provider that is nothing but the emulator's discovery document, as its guide for custom
// providers has it. Auth.js cannot log out at a provider, nor refresh: the application does, here with the token it kept.
import { Auth, type AuthConfig } from '@auth/core'
import { assert, authorize, feature, json, world } from './support.ts'

const { maya } = world.people
const { authjs: app } = world.clients
const origin = new URL(app.redirect_uri).origin
const kept = { refresh: '' }

const config: AuthConfig = {
  basePath: '/auth',
  secret: 'only for this program, and long enough',
  trustHost: true,
  providers: [
    {
      id: 'globus',
      name: 'Globus',
      type: 'oidc',
      issuer: world.url,
      clientId: app.id,
      clientSecret: app.secret,
      client: { id_token_signed_response_alg: 'RS512', token_endpoint_auth_method: 'client_secret_basic' },
      authorization: { params: { scope: 'openid profile email', access_type: 'offline' } },
      checks: ['pkce', 'state', 'nonce'],
    },
  ],
  callbacks: {
    jwt: ({ token, account }) => {
      if (account?.refresh_token !== undefined) kept.refresh = account.refresh_token
      return token
    },
  },
}

const cookies = new Map<string, string>()

async function call(path: string, form?: Record<string, string>): Promise<Response> {
  const headers = { cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ') }
  const body = form === undefined ? undefined : new URLSearchParams(form)
  const request = new Request(
    new URL(path, origin),
    body === undefined ? { headers } : { method: 'POST', headers, body },
  )
  const response = await Auth(request, config)
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
  return response
}

const csrfToken = async (): Promise<string> => String((await json(await call('/auth/csrf'))).csrfToken)

await feature('login', async () => {
  const sent = await call('/auth/signin/globus', { csrfToken: await csrfToken(), callbackUrl: origin })
  const back = await authorize(sent.headers.get('location') ?? '')
  const done = await call(`/auth/callback/globus${back.search}`)
  assert(!(done.headers.get('location') ?? 'error').includes('error'), done.headers.get('location'))
})

await feature(
  'userinfo',
  async () => {
    const session = await json(await call('/auth/session'))
    assert(JSON.stringify(session.user).includes(maya.email), session)
  },
  'login',
)

await feature(
  'refresh',
  async () => {
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: kept.refresh })
    const authorization = `Basic ${btoa(`${app.id}:${app.secret}`)}`
    const response = await fetch(`${world.url}/v2/oauth2/token`, { method: 'POST', headers: { authorization }, body })
    assert((await json(response)).refresh_token === kept.refresh, 'another refresh token')
  },
  'login',
)

await feature(
  'logout',
  async () => {
    await call('/auth/signout', { csrfToken: await csrfToken(), callbackUrl: origin })
    const session = await (await call('/auth/session')).text()
    assert(session === 'null', session)
  },
  'login',
)
