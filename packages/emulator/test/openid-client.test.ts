import * as oidc from 'openid-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createUserAgent, demo, startEmulator, type RunningEmulator } from '../src/index.ts'
import { PORTAL_REDIRECT } from './support.ts'

let emulator: RunningEmulator

beforeEach(async () => {
  emulator = await startEmulator({ port: 0 })
})

afterEach(() => emulator.close())

const discover = (clientId: string, auth: oidc.ClientAuth): Promise<oidc.Configuration> =>
  oidc.discovery(new URL(emulator.origin), clientId, { id_token_signed_response_alg: 'RS512' }, auth, {
    execute: [oidc.allowInsecureRequests],
  })

const parameters = async (verifier: string, redirect_uri: string): Promise<Record<string, string>> => ({
  redirect_uri,
  scope: 'openid profile email offline_access',
  state: oidc.randomState(),
  nonce: oidc.randomNonce(),
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
})

test('openid-client logs in, reads the person, refreshes and revokes as a confidential client', async () => {
  const secret = emulator.world.clients.secrets(demo.clients.portal)[0] ?? ''
  const config = await discover(demo.clients.portal, oidc.ClientSecretBasic(secret))
  const verifier = oidc.randomPKCECodeVerifier()
  const request = await parameters(verifier, PORTAL_REDIRECT)
  const back = await createUserAgent().authorize(oidc.buildAuthorizationUrl(config, request), { as: demo.people.maya })
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: request['state'] ?? '',
    expectedNonce: request['nonce'] ?? '',
    idTokenExpected: true,
  }
  const tokens = await oidc.authorizationCodeGrant(config, back, checks)
  expect(tokens.claims()).toMatchObject({
    sub: demo.people.maya,
    name: 'Maya Okafor',
    email: 'maya.okafor@harbour.example',
  })
  const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, demo.people.maya)
  expect(userinfo.preferred_username).toBe('maya.okafor@harbour.example')
  const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')
  expect(refreshed.access_token).not.toBe(tokens.access_token)
  await oidc.tokenRevocation(config, tokens.access_token)
  await expect(oidc.fetchUserInfo(config, tokens.access_token, demo.people.maya)).rejects.toMatchObject({
    cause: { status: 401 },
  })
  await expect(oidc.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({ error: 'invalid_grant' })
})

test('openid-client logs in as a public client', async () => {
  const config = await discover(demo.clients.browserApp, oidc.None())
  const verifier = oidc.randomPKCECodeVerifier()
  const request = await parameters(verifier, 'http://localhost:5173/callback')
  const back = await createUserAgent().authorize(oidc.buildAuthorizationUrl(config, request), { as: demo.people.zoe })
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: request['state'] ?? '',
    expectedNonce: request['nonce'] ?? '',
  }
  const tokens = await oidc.authorizationCodeGrant(config, back, checks)
  expect(tokens.claims()).toMatchObject({ sub: demo.people.zoe, name: 'Zoë <b>Núñez</b>' })
})

test('openid-client hears of a refusal', async () => {
  const config = await discover(demo.clients.browserApp, oidc.None())
  const verifier = oidc.randomPKCECodeVerifier()
  const request = await parameters(verifier, 'http://localhost:5173/callback')
  const back = await createUserAgent().authorize(oidc.buildAuthorizationUrl(config, request), {
    as: demo.people.zoe,
    deny: true,
  })
  const checks = { pkceCodeVerifier: verifier, expectedState: request['state'] ?? '' }
  await expect(oidc.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({ error: 'access_denied' })
})
