import { createServer, request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createUserAgent, demo, startEmulator, type RunningEmulator } from '../src/index.ts'
import { PORTAL_REDIRECT, containing, json } from './support.ts'

/** The keys of the document that three projects recorded from Globus Auth. */
const RECORDED_KEYS = [
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'revocation_endpoint',
  'jwks_uri',
  'response_types_supported',
  'id_token_signing_alg_values_supported',
  'scopes_supported',
  'claims_supported',
  'token_endpoint_auth_methods_supported',
  'subject_types_supported',
]

let emulator: RunningEmulator

beforeEach(async () => {
  emulator = await startEmulator({ port: 0 })
})

afterEach(() => emulator.close())

/** Sends a request with any Host header, which `fetch` would not let us. */
const withHost = (host: string, path = '/jwk.json'): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(emulator.origin)
    httpRequest({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })

describe('discovery', () => {
  test.each(['/.well-known/openid-configuration', '//.well-known/openid-configuration'])(
    'at %s is the recorded document',
    async (path) => {
      const response = await fetch(emulator.origin + path)
      const document = await json(response)
      expect(Object.keys(document).toSorted()).toEqual(RECORDED_KEYS.toSorted())
      expect(document).toMatchObject({
        issuer: emulator.origin,
        token_endpoint: `${emulator.origin}/v2/oauth2/token`,
        id_token_signing_alg_values_supported: ['RS512'],
        token_endpoint_auth_methods_supported: ['client_secret_basic'],
      })
    },
  )

  test('names the same issuer by whatever loopback name it is asked', async () => {
    const { port } = new URL(emulator.origin)
    const document = await json(await fetch(`http://localhost:${port}/.well-known/openid-configuration`))
    expect(document['issuer']).toBe(`http://127.0.0.1:${port}`)
  })
})

describe('hosts', () => {
  test('SEC-97 of other people are refused, as a rebound name would be', async () => {
    const { port } = new URL(emulator.origin)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.1',
      '169.254.169.254',
    ]) {
      expect(await withHost(host)).toBe(421)
      expect(await withHost(host, '/v2/oauth2/authorize')).toBe(421)
    }
    for (const host of ['localhost', `localhost:${port}`, '127.0.0.1:1', `[::1]:${port}`])
      expect(await withHost(host)).toBe(200)
  })

  test('may be allowed by name', async () => {
    await emulator.close()
    emulator = await startEmulator({ port: 0, allowHosts: ['globus.test'] })
    expect(await withHost('globus.test:1234')).toBe(200)
    expect(await withHost('other.test')).toBe(421)
  })
})

describe('browsers of other origins', () => {
  const preflight = (path: string): Promise<Response> =>
    fetch(emulator.origin + path, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' },
    })

  test.each([
    '/v2/oauth2/token',
    '/v2/oauth2/userinfo',
    '/v2/oauth2/token/revoke',
    '/.well-known/openid-configuration',
    '/jwk.json',
  ])('may call %s, without cookies', async (path) => {
    const response = await preflight(path)
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
    expect(response.headers.get('access-control-allow-headers')).toContain('x-globus-client-info')
    expect(response.headers.has('access-control-allow-credentials')).toBe(false)
    const answer = await fetch(emulator.origin + path, { method: 'POST', headers: { origin: 'http://localhost:5173' } })
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
  })

  test.each(['/v2/oauth2/authorize', '/p/login', '/p/consent', '/v2/web/logout'])(
    'SEC-97 may not read %s',
    async (path) => {
      const response = await fetch(emulator.origin + path, { headers: { origin: 'https://evil.example' } })
      expect(response.headers.has('access-control-allow-origin')).toBe(false)
      expect((await preflight(path)).headers.has('access-control-allow-credentials')).toBe(false)
    },
  )
})

test('what is not imitated answers 501 and says so', async () => {
  for (const path of ['/v2/nonesuch', '/v2/web/unknown', '/nonsense']) {
    const response = await fetch(emulator.origin + path)
    expect(response.status).toBe(501)
    expect(await response.json()).toMatchObject({
      errors: [{ code: 'NOT_IMITATED', detail: containing(path) }],
    })
  }
})

test('a taken port is named, with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const address = other.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await expect(startEmulator({ port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    message: containing('--port 0'),
  })
  await new Promise((resolve) => other.close(resolve))
})

test('SEC-98 the control API is refused when others could reach it', async () => {
  await expect(startEmulator({ port: 0, hosts: ['0.0.0.0'], control: true })).rejects.toThrow('control API is refused')
})

test.each([
  ['origin', { origin: 'http://127.0.0.1:8889/' }, 'origin must be'],
  [
    'redirectUris',
    { redirectUris: [{ clientId: 'nobody', redirectUri: PORTAL_REDIRECT }] },
    'there is no client nobody',
  ],
  [
    'redirectUris',
    { redirectUris: [{ clientId: demo.clients.portal, redirectUri: 'http://portal.example/login' }] },
    'uses http',
  ],
])('a wrong %s is refused and nothing keeps listening', async (_, options, message) => {
  await expect(startEmulator({ port: 0, ...options })).rejects.toThrow(message)
})

test('a further redirect address can be registered at start', async () => {
  await emulator.close()
  const redirectUri = 'http://localhost:8890/login'
  emulator = await startEmulator({ port: 0, redirectUris: [{ clientId: demo.clients.portal, redirectUri }] })
  const url = new URL('/v2/oauth2/authorize', emulator.origin)
  url.search = new URLSearchParams({
    client_id: demo.clients.portal,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
  }).toString()
  const back = await createUserAgent().authorize(url, { as: demo.people.maya })
  expect(back.href).toMatch(/^http:\/\/localhost:8890\/login\?code=/)
})

describe('faults', () => {
  const jwks = (init?: RequestInit): Promise<Response> => fetch(`${emulator.origin}/jwk.json`, init)

  test('answer something else, as often as wanted', async () => {
    emulator.faults.next('jwks', { kind: 'answer', status: 503, body: '{"x":1}', headers: { 'retry-after': '1' } }, 2)
    for (let i = 0; i < 2; i += 1) {
      const response = await jwks()
      expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
        503,
        '1',
        '{"x":1}',
      ])
    }
    expect((await jwks()).status).toBe(200)
  })

  test('cut the connection, before or after the work', async () => {
    emulator.faults.next('jwks', { kind: 'reset' })
    await expect(jwks()).rejects.toThrow('fetch failed')
    emulator.faults.next('jwks', { kind: 'lose-answer' })
    await expect(jwks()).rejects.toThrow('fetch failed')
    expect((await jwks()).status).toBe(200)
  })

  test('hang until the caller gives up', async () => {
    emulator.faults.next('jwks', { kind: 'hang' })
    await expect(jwks({ signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout')
    expect((await jwks()).status).toBe(200)
  })

  test('change keys of an answer', async () => {
    emulator.faults.next('discovery', { kind: 'merge', document: { issuer: 'https://other.example', jwks_uri: null } })
    const document = await json(await fetch(`${emulator.origin}/.well-known/openid-configuration`))
    expect(document['issuer']).toBe('https://other.example')
    expect(document).not.toHaveProperty('jwks_uri')
    expect(document).toHaveProperty('token_endpoint')
  })

  test('wait first', async () => {
    const waits: number[] = []
    await emulator.close()
    emulator = await startEmulator({
      port: 0,
      clock: { now: () => Date.now(), sleep: async (ms) => void waits.push(ms) },
    })
    emulator.faults.next('jwks', { kind: 'delay', milliseconds: 5000 })
    expect((await jwks()).status).toBe(200)
    expect(waits).toEqual([5000])
  })
})
