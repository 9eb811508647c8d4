// R6: Auth.js with its generic OpenID provider.
import { Auth, type AuthConfig } from '@auth/core'
import { getRequestListener } from '@hono/node-server'
import { serve, type Outcome, type Scene } from './scene.ts'
import { Visitor } from './visitor.ts'

export const library = '@auth/core 0.41.3'

export const reproductions: Readonly<Record<string, (scene: Scene) => Promise<Outcome>>> = {
  async R6(scene) {
    const { origin, close } = await serve((own) => {
      const config = configure(scene, own)
      const listener = getRequestListener((request) => Auth(request, config))
      return (request, response) => void listener(request, response)
    })
    const visitor = new Visitor()
    const first = await startLogin(visitor, origin)
    await startLogin(visitor, origin)
    const { finalUrl } = await visitor.open(first)
    const session: unknown = await (await visitor.request(`${origin}/auth/session`)).json()
    await close()
    const error = new URL(finalUrl).searchParams.get('error')
    return { holds: session !== null, seen: session === null ? `error=${error}, nobody is logged in` : 'logged in' }
  },
}

function configure(scene: Scene, origin: string): AuthConfig {
  const { clientId, clientSecret } = scene.register(`${origin}/auth/callback/globus`)
  return {
    basePath: '/auth',
    secret: 'only for this program, and long enough',
    trustHost: true,
    logger: { error: () => undefined, warn: () => undefined },
    providers: [
      {
        id: 'globus',
        name: 'Globus',
        type: 'oidc',
        issuer: scene.issuer,
        clientId,
        clientSecret,
        client: { id_token_signed_response_alg: 'RS512', token_endpoint_auth_method: 'client_secret_basic' },
        authorization: { params: { scope: 'openid profile email' } },
        checks: ['pkce', 'state', 'nonce'],
      },
    ],
  }
}

async function startLogin(visitor: Visitor, origin: string): Promise<string> {
  // Its documented answer.
  const { csrfToken } = (await (await visitor.request(`${origin}/auth/csrf`)).json()) as { csrfToken: string }
  const body = new URLSearchParams({ csrfToken, callbackUrl: origin })
  const { headers } = await visitor.request(`${origin}/auth/signin/globus`, { method: 'POST', body })
  return headers.get('location') ?? ''
}
