// @globus/sdk in Node, as a public client: its services for Globus Auth, found by GLOBUS_SDK_SERVICE_URL_AUTH.
import { createHash, randomBytes } from 'node:crypto'
import { auth } from '@globus/sdk'
import { assert, authorize, feature, json, world } from './support.ts'

const { browser: client, app } = world.clients
const { maya } = world.people
const verifier = randomBytes(32).toString('base64url')
const headers = { Authorization: `Basic ${btoa(`${app.id}:${app.secret}`)}` }
const tokens = { access: '', refresh: '' }

function address(clientId: string, redirectUri: string): URL {
  const url = new URL(auth.getAuthorizationEndpoint())
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access urn:globus:auth:scope:transfer.api.globus.org:all',
    state: 'state-7',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString()
  return url
}

const exchange = async (code_verifier: string): Promise<Response> => {
  const back = await authorize(address(client.id, client.redirect_uri))
  assert(back.searchParams.get('state') === 'state-7', back.href)
  const code = back.searchParams.get('code') ?? ''
  const payload = { code, client_id: client.id, redirect_uri: client.redirect_uri, code_verifier }
  return auth.oauth2.token.exchange({ payload: { ...payload, grant_type: 'authorization_code' } })
}

await feature('login', async () => {
  const response = await json(await exchange(verifier))
  assert(auth.isGlobusAuthTokenResponse(response), response)
  tokens.access = response.access_token
  assert('refresh_token' in response && typeof response.refresh_token === 'string', response)
  tokens.refresh = response.refresh_token
  assert(response.other_tokens?.[0]?.resource_server === 'transfer.api.globus.org', response)
})

await feature(
  'pkce',
  async () => {
    const refused = await exchange('x'.repeat(43))
    assert(refused.status === 400 && (await refused.text()) === '{"error":"invalid_grant"}', String(refused.status))
  },
  'login',
)

await feature(
  'refresh',
  async () => {
    const payload = { client_id: client.id, refresh_token: tokens.refresh, grant_type: 'refresh_token' as const }
    const renewed = await json(await auth.oauth2.token.refresh({ payload }))
    assert(renewed.access_token !== tokens.access && renewed.refresh_token === tokens.refresh, renewed)
  },
  'login',
)

await feature(
  'identities',
  async () => {
    const query = { ids: maya.id }
    const options = { query, headers: { Authorization: `Bearer ${tokens.access}` } }
    const found = await json(await auth.identities.getAll(options))
    assert(JSON.stringify(found).includes(maya.username), found)
  },
  'login',
)

await feature(
  'validate',
  async () => {
    const payload = { token: tokens.access, client_id: client.id }
    assert((await json(await auth.oauth2.token.validate({ payload }))).active === true, 'not active')
  },
  'login',
)

await feature('introspect', async () => {
  const back = await authorize(address(app.id, app.redirect_uri))
  const payload = {
    code: back.searchParams.get('code') ?? '',
    redirect_uri: app.redirect_uri,
    code_verifier: verifier,
    client_id: app.id,
  }
  const exchanged = auth.oauth2.token.exchange({ payload: { ...payload, grant_type: 'authorization_code' }, headers })
  const token = String((await json(await exchanged)).access_token)
  const found = await json(await auth.oauth2.token.introspect({ payload: { token }, headers }))
  assert(found.active === true && found.sub === maya.id, found)
})

await feature(
  'revoke',
  async () => {
    const { access: token } = tokens
    await json(await auth.oauth2.token.revoke({ payload: { token, client_id: client.id } }))
    const found = await json(await auth.oauth2.token.validate({ payload: { token, client_id: client.id } }))
    assert(found.active === false, found)
  },
  'login',
)
