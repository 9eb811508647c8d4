import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import type { RequestDescription, RequestSummary } from '../src/inspector/describe.ts'
import {
  ANY_STRING,
  CHALLENGE,
  containing,
  createRig,
  json,
  PORTAL_REDIRECT,
  TRANSFER,
  type Rig,
  type TokenDocument,
} from './support.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.emulator.close())

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  rig.emulator.fetch(new Request(new URL(path, rig.emulator.origin), { headers }))

const list = async (): Promise<readonly RequestSummary[]> =>
  (await json<{ requests: readonly RequestSummary[] }>(await get('/inspector.json'))).requests

const describeRequest = async (response: Response): Promise<RequestDescription> =>
  json<RequestDescription>(await get(`/inspector/${response.headers.get('x-request-id')}.json`))

const page = async (path: string): Promise<string> => (await get(path)).text()

const userinfo = (token: string): Promise<Response> => get('/v2/oauth2/userinfo', { authorization: `Bearer ${token}` })

/** Opens an address as the person would who wants to mend a refusal, and gives the new tokens. */
const mend = async (address: string | null): Promise<TokenDocument> => {
  const back = await rig.browser.authorize(address ?? '', { as: demo.people.maya })
  return json<TokenDocument>(await rig.redeem(back.searchParams.get('code') ?? ''))
}

test('every answer has an id, which its error document and its page repeat', async () => {
  const refused = await userinfo('nonsense')
  const id = refused.headers.get('x-request-id')
  expect(id).toMatch(/^[\da-f-]{36}$/)
  expect(await json(refused)).toMatchObject({ errors: [{ id }] })
  const shown = await get('/v2/oauth2/authorize')
  expect(await shown.text()).toContain(shown.headers.get('x-request-id'))
  const unknown = await get('/v2/api/anything')
  expect(await json(unknown)).toMatchObject({ errors: [{ id: unknown.headers.get('x-request-id') }] })
})

describe('the list', () => {
  test('shows who asked for what, the newest first', async () => {
    const tokens = await rig.login({ scope: `openid ${TRANSFER}`, access_type: 'offline' })
    await userinfo(tokens.access_token)
    const [last, exchange, ...before] = await list()
    const client = { id: demo.clients.portal, name: 'Harbour Portal' }
    const identity = { id: demo.people.maya, name: 'maya.okafor@harbour.example' }
    expect(last).toMatchObject({ method: 'GET', path: '/v2/oauth2/userinfo', status: 200, client, identity })
    expect(last?.scopes).toEqual(['openid'])
    expect(exchange).toMatchObject({ path: '/v2/oauth2/token', client, identity, scopes: ['openid', TRANSFER] })
    expect(before.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /p/consent',
      'GET /p/consent',
      'POST /p/login',
      'GET /p/login',
      'GET /v2/oauth2/authorize',
    ])
    expect(before.every((request) => request.client?.id === client.id)).toBe(true)
  })

  test('keeps the last 1,000 and not itself', async () => {
    for (let i = 0; i < 1_001; i += 1) await get(`/jwk.json?number=${i}`)
    expect(await list()).toHaveLength(1_000)
    expect(await list()).toHaveLength(1_000)
    await get('/jwk.json')
    rig.emulator.reset()
    expect(await list()).toEqual([])
  })

  test('is a page without scripts, cookies or secrets', async () => {
    const {
      access_token,
      refresh_token = '',
      id_token = '',
    } = await rig.login({
      access_type: 'offline',
      nonce: 'a-nonce-of-this-app',
      state: 'a-state-of-this-app',
    })
    const verifier = 'a-verifier-that-nobody-should-see-in-any-page'
    await rig.redeem('a-code-that-is-wrong', { code_verifier: verifier })
    await userinfo(access_token)
    await rig.post('/v2/oauth2/token', { grant_type: 'refresh_token', refresh_token })
    await rig.post('/v2/oauth2/token/revoke', { token: refresh_token })
    const answer = await get('/inspector')
    expect(answer.headers.get('content-type')).toBe('text/html; charset=UTF-8')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(answer.headers.has('set-cookie')).toBe(false)
    expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    const details = (await list()).map(({ id }) => page(`/inspector/${id}`))
    const everything = [await answer.text(), ...(await Promise.all(details))].join('\n')
    const [secret = ''] = rig.emulator.world.clients.secrets(demo.clients.portal)
    const secrets = [access_token, refresh_token, id_token, secret, verifier, 'a-code-that-is-wrong']
    for (const value of [...secrets, 'a-nonce-of-this-app', 'a-state-of-this-app']) {
      expect(everything).not.toContain(value)
    }
    expect(everything).not.toContain('<script')
  })

  test('escapes what was sent', async () => {
    await get('/v2/oauth2/authorize?client_id=%3Cimg%20src=x%3E&scope=%3Cscript%3E')
    expect(await page('/inspector')).toContain('&lt;script&gt;')
    const [{ id } = { id: '' }] = await list()
    expect(await page(`/inspector/${id}`)).not.toContain('<img')
  })

  test('is for this machine only', async () => {
    rig.emulator.close()
    rig = createRig({ origin: 'https://globus.dev.example', allowHosts: ['emulator'] })
    const ask = (path: string, host: string): Promise<Response> =>
      rig.emulator.fetch(new Request(`http://${host}${path}`, { headers: { host } }))
    for (const path of ['/inspector', '/inspector.json', '/inspector/anything']) {
      expect((await ask(path, 'emulator')).status).toBe(403)
      expect((await ask(path, 'globus.dev.example')).status).toBe(403)
      expect((await ask(path, 'evil.example')).status).toBe(421)
    }
    expect((await ask('/inspector', 'localhost:8889')).status).toBe(200)
  })

  test('knows no request that it never saw', async () => {
    expect((await get('/inspector/nonsense')).status).toBe(404)
    expect(await page('/inspector/nonsense')).toContain('Unknown request')
  })
})

describe('a refusal', () => {
  test('for a scope that the token lacks is mended by the address that is given', async () => {
    const { access_token } = await rig.login({ scope: 'profile' })
    const found = await describeRequest(await userinfo(access_token))
    expect(found).toMatchObject({ status: 403, refusal: 'The token lacks the scope openid; it has profile.' })
    expect(found.consents).toEqual([{ scope: 'profile', optional: false, granted_at: ANY_STRING, dependencies: [] }])
    expect(found.session?.authentications).toMatchObject([{ identity: { id: demo.people.maya }, mfa: false }])
    const mended = await mend(found.authorize_url)
    expect((await userinfo(mended.access_token)).status).toBe(200)
    expect(mended.scope).toBe('openid profile')
  })

  test('for a token that had expired says so', async () => {
    const { access_token } = await rig.login()
    rig.emulator.world.timeShift.expire('access_tokens', rig.emulator.clock.now())
    const found = await describeRequest(await userinfo(access_token))
    expect(found.refusal).toBe('The bearer token had expired.')
    expect(found.credential).toContain('for auth.globus.org: expired')
    expect((await userinfo((await mend(found.authorize_url)).access_token)).status).toBe(200)
  })

  test('for a revoked token, a refresh token and nonsense says which it was', async () => {
    const { access_token, refresh_token = '' } = await rig.login({ access_type: 'offline' })
    expect((await describeRequest(await userinfo(refresh_token))).refusal).toContain('refresh token')
    await rig.post('/v2/oauth2/token/revoke', { token: access_token })
    expect((await describeRequest(await userinfo(access_token))).refusal).toBe('The bearer token had been revoked.')
    expect((await describeRequest(await userinfo('nonsense'))).refusal).toContain('never issued')
  })

  test('for a token of another service names that service', async () => {
    const { other_tokens } = await rig.login({ scope: `openid ${TRANSFER}` })
    const found = await describeRequest(await userinfo(other_tokens[0]?.access_token ?? ''))
    expect(found.refusal).toContain('for the resource server transfer.api.globus.org')
  })

  test('for an unknown scope keeps the known ones', async () => {
    const unknown = 'urn:globus:auth:scope:transfer.api.globus.org:everything'
    const address = rig.authorizeUrl({ scope: `openid ${unknown} profile` })
    const found = await describeRequest(await get(address.href))
    expect(found.refusal).toContain(unknown)
    expect((await mend(found.authorize_url)).scope).toBe('openid profile')
  })

  test('for a wrong redirect address lists the registered ones', async () => {
    const address = rig.authorizeUrl({ redirect_uri: `${PORTAL_REDIRECT}/` })
    const found = await describeRequest(await get(address.href))
    expect(found.refusal).toContain(`${PORTAL_REDIRECT}.`)
    expect(new URL(found.authorize_url ?? '').searchParams.get('redirect_uri')).toBe(PORTAL_REDIRECT)
  })

  test('that went to the app is shown with its error, and what asks again', async () => {
    const silent = await get(rig.authorizeUrl({ prompt: 'none' }).href)
    const found = await describeRequest(silent)
    expect(found.refusal).toBe('The app was told login_required: The person is not logged in.')
    expect(found.sent_to).toBe(PORTAL_REDIRECT)
    expect((await mend(found.authorize_url)).scope).toBe('email openid profile')
  })

  test('of a code that was used before tells when', async () => {
    const code = await rig.code()
    await rig.redeem(code)
    const found = await describeRequest(await rig.redeem(code))
    expect(found.refusal).toBe('The code was used before.')
    expect(found.credential).toMatch(/^code ‹[\w-]{8}›: used at /)
    expect(found.identity?.id).toBe(demo.people.maya)
  })

  test('of a wrong secret names the client', async () => {
    const authorization = `Basic ${Buffer.from(`${demo.clients.portal}:wrong`).toString('base64')}`
    const request = new Request(`${rig.emulator.origin}/v2/oauth2/token`, {
      method: 'POST',
      headers: { authorization },
    })
    const found = await describeRequest(await rig.emulator.fetch(request))
    expect(found).toMatchObject({ status: 401, client: { id: demo.clients.portal, name: 'Harbour Portal' } })
    expect(found.refusal).toContain('did not prove itself')
  })

  test('of what is not imitated says that the app is not to blame', async () => {
    const found = await describeRequest(await get('/v2/api/anything'))
    expect(found.advice).toContain('Nothing is wrong with the app')
  })

  test('that was a cut connection is kept too', async () => {
    rig.emulator.faults.next('jwks', { kind: 'reset' })
    await expect(get('/jwk.json')).rejects.toThrow('cut the connection')
    expect((await list())[0]).toMatchObject({ path: '/jwk.json', status: 0, reason: 'connection cut on purpose' })
  })

  test('by a service that lacks a consent or a session is mended with what its document names', async () => {
    const { access_token } = await rig.login({ scope: 'openid profile' })
    const document = {
      code: 'ConsentRequired',
      required_scopes: [`${TRANSFER}[*${demo.scopes.tideApi}]`],
      authorization_parameters: {
        session_required_identities: [demo.people.mayaOrcid],
        session_message: 'Log in with ORCID',
      },
    }
    rig.emulator.faults.next('userinfo', { kind: 'answer', status: 403, body: JSON.stringify(document) })
    const found = await describeRequest(await userinfo(access_token))
    expect(found.refusal).toContain('has not consented to')
    const { searchParams } = new URL(found.authorize_url ?? '')
    expect(searchParams.get('scope')).toBe(`openid profile ${TRANSFER}[*${demo.scopes.tideApi}]`)
    expect(searchParams.get('session_required_identities')).toBe(demo.people.mayaOrcid)
    expect(searchParams.get('session_message')).toBe('Log in with ORCID')
    expect(searchParams.get('prompt')).toBe('login')
  })
})

test('a public client’s address has a challenge, without which it would be refused', async () => {
  const changes = {
    client_id: demo.clients.browserApp,
    redirect_uri: 'http://localhost:5173/callback',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    prompt: 'none',
  }
  const found = await describeRequest(await get(rig.authorizeUrl(changes).href))
  const back = await rig.browser.authorize(found.authorize_url ?? '', { as: demo.people.maya })
  expect(back.searchParams.has('code')).toBe(true)
})

test('the page of a request says in words what the JSON says', async () => {
  const { access_token } = await rig.login({ scope: 'profile' })
  const id = (await userinfo(access_token)).headers.get('x-request-id') ?? ''
  const shown = await page(`/inspector/${id}`)
  expect(shown).toContain('The token lacks the scope openid; it has profile.')
  expect(shown).toContain('Consents of this person for this app')
  expect(shown).toContain('maya.okafor@harbour.example')
  expect(shown).toMatch(/href="http:\/\/127\.0\.0\.1:8889\/v2\/oauth2\/authorize\?client_id=/)
  const accepted = await get(`/inspector/${id}`, { accept: 'application/json' })
  expect(await json(accepted)).toMatchObject({ id, refusal: containing('lacks the scope') })
})
