// oauth4webapi, step by step, as a public client; introspection as a confidential one.
import * as oauth from 'oauth4webapi'
import { assert, authorize, feature, world } from './support.ts'

const { browser: registered, app } = world.clients
const { maya } = world.people
const insecure = { [oauth.allowInsecureRequests]: true }
const issuer = new URL(world.url)
const discovered = await oauth.discoveryRequest(issuer, insecure)
const server = await oauth.processDiscoveryResponse(issuer, discovered)
const client: oauth.Client = { client_id: registered.id, id_token_signed_response_alg: 'RS512' }
const [verifier, state, nonce] = [
  oauth.generateRandomCodeVerifier(),
  oauth.generateRandomState(),
  oauth.generateRandomNonce(),
]

interface Registered {
  readonly client: oauth.Client
  readonly authentication: oauth.ClientAuth
  readonly redirectUri: string
}

const publicClient: Registered = { client, authentication: oauth.None(), redirectUri: registered.redirect_uri }
const confidential: Registered = {
  client: { ...client, client_id: app.id },
  authentication: oauth.ClientSecretBasic(app.secret),
  redirectUri: app.redirect_uri,
}

async function code({ client, redirectUri }: Registered): Promise<URLSearchParams> {
  const url = new URL(server.authorization_endpoint ?? '')
  const challenge = await oauth.calculatePKCECodeChallenge(verifier)
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state,
    nonce,
  }).toString()
  return oauth.validateAuthResponse(server, client, await authorize(url), state)
}

async function exchange(who: Registered, codeVerifier = verifier): Promise<oauth.TokenEndpointResponse> {
  const parameters = await code(who)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    who.client,
    who.authentication,
    parameters,
    who.redirectUri,
    codeVerifier,
    insecure,
  )
  return oauth.processAuthorizationCodeResponse(server, who.client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
}

let tokens: oauth.TokenEndpointResponse | undefined

function logged(): oauth.TokenEndpointResponse {
  assert(tokens, 'nobody is logged in')
  return tokens
}

await feature('login', async () => {
  tokens = await exchange(publicClient)
})

await feature(
  'pkce',
  async () => {
    const error = await exchange(publicClient, oauth.generateRandomCodeVerifier()).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert(error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant', 'a wrong verifier was accepted')
  },
  'login',
)

await feature(
  'id token',
  async () => assert(oauth.getValidatedIdTokenClaims(logged())?.sub === maya.id, 'another sub'),
  'login',
)

await feature(
  'userinfo',
  async () => {
    const response = await oauth.userInfoRequest(server, client, logged().access_token, insecure)
    const info = await oauth.processUserInfoResponse(server, client, maya.id, response)
    assert(info.name === maya.name, info)
  },
  'login',
)

await feature(
  'refresh',
  async () => {
    const { refresh_token = '' } = logged()
    const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refresh_token, insecure)
    const renewed = await oauth.processRefreshTokenResponse(server, client, response)
    assert(renewed.refresh_token === refresh_token, 'another refresh token')
  },
  'login',
)

await feature('introspect', async () => {
  const { access_token } = await exchange(confidential)
  // Globus Auth does not advertise the endpoint.
  const extended = { ...server, introspection_endpoint: `${world.url}/v2/oauth2/token/introspect` }
  const { client, authentication } = confidential
  const response = await oauth.introspectionRequest(extended, client, authentication, access_token, insecure)
  const found = await oauth.processIntrospectionResponse(extended, client, response)
  assert(found.active && found.sub === maya.id, found)
})

await feature(
  'revoke',
  async () => {
    const response = await oauth.revocationRequest(server, client, oauth.None(), logged().access_token, insecure)
    await oauth.processRevocationResponse(response)
    const refused = await oauth
      .userInfoRequest(server, client, logged().access_token, insecure)
      .catch((error: unknown) => error)
    assert(refused instanceof Error || (refused instanceof Response && refused.status === 401), 'a revoked token works')
  },
  'login',
)
