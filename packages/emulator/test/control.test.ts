import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createUserAgent, demo, startEmulator, type RunningEmulator } from '../src/index.ts'
import { basic, PORTAL_REDIRECT, secretOf, tokensOf, type TokenDocument, containing } from './support.ts'

let emulator: RunningEmulator

beforeEach(async () => {
  emulator = await startEmulator({ port: 0, control: true })
})

afterEach(() => emulator.close())

const control = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> => {
  const { url, token } = emulator.info().control ?? { url: '', token: '' }
  const init = { method, headers: { authorization: `Bearer ${token}`, ...headers } }
  return fetch(url + path, body === undefined ? init : { ...init, body: JSON.stringify(body) })
}

const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
  const response = await control(method, path, body)
  expect(response.status).toBe(200)
  return response.json()
}

const post = (path: string, form: Record<string, string>): Promise<Response> =>
  fetch(emulator.origin + path, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: {
      authorization: basic(demo.clients.portal, secretOf({ ...emulator, close: () => undefined }, demo.clients.portal)),
    },
  })

const code = async (): Promise<string> => {
  const url = new URL('/v2/oauth2/authorize', emulator.origin)
  const parameters = {
    client_id: demo.clients.portal,
    redirect_uri: PORTAL_REDIRECT,
    response_type: 'code',
    scope: 'openid',
    access_type: 'offline',
  }
  url.search = new URLSearchParams(parameters).toString()
  return (await createUserAgent().authorize(url, { as: demo.people.maya })).searchParams.get('code') ?? ''
}

const redeem = (value: string): Promise<Response> =>
  post('/v2/oauth2/token', { grant_type: 'authorization_code', code: value, redirect_uri: PORTAL_REDIRECT })

const login = async (): Promise<TokenDocument> => tokensOf(await redeem(await code()))

const active = async (token: string | undefined): Promise<unknown> =>
  (await post('/v2/oauth2/token/validate', { token: token ?? '' })).json()

test('SEC-98 nobody gets in without the token, or by another host name', async () => {
  expect((await control('GET', '/tokens', undefined, { authorization: 'Bearer wrong' })).status).toBe(401)
  expect((await control('GET', '/tokens', undefined, { authorization: '' })).status).toBe(401)
  expect((await fetch(`${emulator.origin}/tokens`)).status).toBe(501)
})

test('SEC-98 there is none unless asked for', async () => {
  await emulator.close()
  emulator = await startEmulator({ port: 0 })
  expect(emulator.info()).not.toHaveProperty('control')
})

describe('time', () => {
  test('passes for tokens, while the clock and new tokens stay true', async () => {
    const tokens = await login()
    await call('POST', '/age', { what: 'access_tokens', seconds: 172_000 })
    expect(await active(tokens.access_token)).toEqual({ active: true })
    expect(await call('POST', '/age', { what: 'access_tokens', seconds: 1000, client: demo.clients.portal })).toEqual({
      changed: 1,
    })
    expect(await active(tokens.access_token)).toEqual({ active: false })
    expect(await active(tokens.refresh_token)).toEqual({ active: true })
    expect(await active((await login()).access_token)).toEqual({ active: true })
  })

  test('ends for codes and tokens at once', async () => {
    const [value, tokens] = [await code(), await login()]
    await call('POST', '/expire', { what: 'codes' })
    expect((await redeem(value)).status).toBe(400)
    await call('POST', '/expire', { what: 'tokens', client: demo.clients.exampleApp })
    expect(await active(tokens.access_token)).toEqual({ active: true })
    await call('POST', '/expire', { what: 'tokens' })
    expect(await active(tokens.refresh_token)).toEqual({ active: false })
  })

  // Tokens of both kinds; the browser's login, and the session of the tokens that came of it.
  const twofold = new Set(['tokens', 'authentications'])

  test.each(['refresh_tokens', 'tokens', 'codes', 'consents', 'authentications', 'attempts'])(
    'passes for %s',
    async (what) => {
      await login()
      await fetch(
        `${emulator.origin}/v2/oauth2/authorize?client_id=${demo.clients.portal}&redirect_uri=${PORTAL_REDIRECT}&response_type=code&scope=openid`,
        {
          redirect: 'manual',
        },
      )
      expect(await call('POST', '/age', { what, seconds: 10 })).toEqual({ changed: twofold.has(what) ? 2 : 1 })
      expect(await call('POST', '/age', { what, seconds: 10, client: demo.clients.exampleApp })).toEqual({ changed: 0 })
    },
  )
})

test('counts live tokens and requests', async () => {
  await login()
  const row = { client: demo.clients.portal, identity: demo.people.maya, resourceServer: 'auth.globus.org', live: 1 }
  expect(await call('GET', '/tokens')).toEqual({
    tokens: [
      { ...row, kind: 'access' },
      { ...row, kind: 'refresh' },
    ],
  })
  expect(await call('GET', '/requests')).toMatchObject({
    requests: { '/v2/oauth2/authorize': 1, '/v2/oauth2/token': 1, '/p/login': 2 },
  })
})

test('withdraws consent, which ends the tokens', async () => {
  const { access_token } = await login()
  expect(await call('POST', '/rescind', { client: demo.clients.portal })).toEqual({ consents: 1, tokens: 2 })
  expect(await active(access_token)).toEqual({ active: false })
})

test('changes the key', async () => {
  const key = async (): Promise<unknown> => (await fetch(`${emulator.origin}/jwk.json`)).json()
  const before = await key()
  await call('POST', '/rotate-key')
  expect(await key()).not.toEqual(before)
})

test('sets faults, wrong ID tokens and behaviour, and clears faults', async () => {
  await call('POST', '/faults', { endpoint: 'jwks', fault: { kind: 'answer', status: 500 } })
  expect((await fetch(`${emulator.origin}/jwk.json`)).status).toBe(500)
  await call('POST', '/faults', { endpoint: 'jwks', fault: { kind: 'answer', status: 500 }, times: 5 })
  await call('DELETE', '/faults')
  expect((await fetch(`${emulator.origin}/jwk.json`)).status).toBe(200)
  await call('POST', '/id-tokens', { mutation: 'not-a-jwt' })
  expect((await login()).id_token).toBe('not-a-jwt')
  expect(await call('PATCH', '/behaviour', { refreshRotation: 'rotate', accessTokenLifetime: 60 })).toMatchObject({
    refreshRotation: 'rotate',
  })
  expect((await login()).expires_in).toBe(60)
})

test('resets to the seeds, keeping secrets and key', async () => {
  const before = emulator.info()
  const { access_token } = await login()
  await call('POST', '/reset')
  expect(await active(access_token)).toEqual({ active: false })
  expect(await call('GET', '/tokens')).toEqual({ tokens: [] })
  expect(emulator.info()).toEqual(before)
})

test.each([
  ['/age', { what: 'everything', seconds: 1 }, 'what'],
  ['/age', { what: 'tokens', seconds: -1 }, 'seconds'],
  ['/faults', { endpoint: 'jwks', fault: { kind: 'fire' } }, 'fault.kind'],
  ['/id-tokens', {}, 'mutation'],
])('names what is wrong with %s %j', async (path, body, key) => {
  const response = await control('POST', path, body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ problems: [containing(key)] })
})

test('lists its commands for an unknown one', async () => {
  const response = await control('GET', '/nonsense')
  expect(response.status).toBe(404)
  expect(await response.json()).toHaveProperty('commands', expect.arrayContaining(['POST /age']))
})
