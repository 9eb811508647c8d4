// openid-client, a certified relying party, as a confidential client with everything it can check.
import { createUserAgent } from '@pierhead/emulator'
import * as client from 'openid-client'
import { assert, authorize, feature, world } from './support.ts'

const { app } = world.clients
const { maya } = world.people
const browser = createUserAgent()
const config = await client.discovery(
  new URL(world.url),
  app.id,
  { id_token_signed_response_alg: 'RS512' },
  client.ClientSecretBasic(app.secret),
  { execute: [client.allowInsecureRequests] },
)

interface Login {
  readonly address: URL
  readonly checks: client.AuthorizationCodeGrantChecks
}

async function start(extra: Record<string, string> = {}): Promise<Login> {
  const [pkceCodeVerifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()]
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: app.redirect_uri,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...extra,
  })
  return { address, checks: { pkceCodeVerifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } }
}

let tokens: (client.TokenEndpointResponse & client.TokenEndpointResponseHelpers) | undefined

function logged(): NonNullable<typeof tokens> {
  assert(tokens, 'nobody is logged in')
  return tokens
}

await feature('login', async () => {
  const { address, checks } = await start()
  tokens = await client.authorizationCodeGrant(config, await authorize(address, { browser }), checks)
})

await feature(
  'pkce',
  async () => {
    const { address, checks } = await start()
    const wrong = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() }
    const back = await authorize(address, { browser })
    const error = await client.authorizationCodeGrant(config, back, wrong).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert(
      error instanceof client.ResponseBodyError && error.error === 'invalid_grant',
      'a wrong verifier was accepted',
    )
  },
  'login',
)

await feature('id token', async () => assert(logged().claims()?.sub === maya.id, logged().claims()), 'login')

await feature(
  'userinfo',
  async () => {
    const info = await client.fetchUserInfo(config, logged().access_token, maya.id)
    assert(info.preferred_username === maya.username && info.email === maya.email, info)
  },
  'login',
)

await feature(
  'refresh',
  async () => {
    const renewed = await client.refreshTokenGrant(config, logged().refresh_token ?? '')
    assert(renewed.access_token !== logged().access_token, 'the same access token')
  },
  'login',
)

await feature('denied', async () => {
  const { address, checks } = await start({ prompt: 'consent' })
  const back = await authorize(address, { deny: true })
  const error = await client.authorizationCodeGrant(config, back, checks).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert(error instanceof client.AuthorizationResponseError && error.error === 'access_denied', 'no access_denied')
})

await feature(
  'silent login',
  async () => {
    const { address, checks } = await start({ prompt: 'none' })
    await client.authorizationCodeGrant(config, await authorize(address, { browser }), checks)
    const stranger = await authorize(address)
    assert(stranger.searchParams.get('error') === 'login_required', stranger.href)
  },
  'login',
)

await feature(
  'revoke',
  async () => {
    await client.tokenRevocation(config, logged().access_token)
    const error = await client.fetchUserInfo(config, logged().access_token, maya.id).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert(error instanceof client.WWWAuthenticateChallengeError || error instanceof Error, 'a revoked token works')
  },
  'login',
)
