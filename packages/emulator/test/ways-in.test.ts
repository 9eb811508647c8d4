import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEmulator, demo, startEmulator, type Emulator } from '../src/index.ts'
import { PORTAL_REDIRECT, createRig, matching, secretOf } from './support.ts'

let emulator: Emulator

beforeEach(() => {
  emulator = createEmulator()
})

afterEach(() => emulator.close())

const ORIGIN = 'http://127.0.0.1:8889/'
const names = (variables: Readonly<Record<string, string>>): string[] =>
  Object.keys(variables).map((name) => name.replace('GLOBUS_', '').replace('SDK_SERVICE_URL_', ''))

describe('the variables', () => {
  test('name every service with a trailing slash', () => {
    expect(new Set(Object.values(emulator.env))).toEqual(new Set([ORIGIN]))
    expect(emulator.env).toEqual(emulator.info().env)
  })

  test.each([
    ['node', ['AUTH', 'TRANSFER', 'GROUPS', 'SEARCH', 'FLOWS', 'COMPUTE', 'TIMERS']],
    ['browser', ['AUTH', 'TRANSFER', 'GROUPS', 'SEARCH', 'FLOWS', 'COMPUTE', 'TIMERS']],
    ['python', ['SDK_ENVIRONMENT', 'AUTH', 'TRANSFER', 'GROUPS', 'SEARCH', 'FLOWS', 'COMPUTE', 'TIMER']],
  ] as const)('of a %s program are those that its SDK reads', (runtime, expected) => {
    expect(names(emulator.envFor({ runtime }))).toEqual(expected)
  })

  test('of a program with a registration hold it, but a browser learns no secret', () => {
    const client = 'Harbour Portal'
    const registration = { GLOBUS_CLIENT_ID: demo.clients.portal, GLOBUS_REDIRECT_URI: PORTAL_REDIRECT }
    expect(emulator.envFor({ client })).toMatchObject({
      ...registration,
      GLOBUS_CLIENT_SECRET: secretOf(emulator, demo.clients.portal),
    })
    const inBrowser = emulator.envFor({ client, runtime: 'browser' })
    expect(inBrowser).toMatchObject(registration)
    expect(inBrowser).not.toHaveProperty('GLOBUS_CLIENT_SECRET')
  })

  test('of a client without address or secret leave both out', () => {
    const variables = emulator.envFor({ client: demo.clients.tutorial, runtime: 'python' })
    expect(names(variables).filter((name) => /CLIENT|REDIRECT/.test(name))).toEqual(['CLIENT_ID'])
  })

  test('of a client that does not exist are refused', () => {
    expect(() => emulator.envFor({ client: 'nobody' })).toThrow('There is no client')
  })
})

describe('/env.js', () => {
  const script = (query = ''): Promise<Response> => emulator.fetch(new Request(`${ORIGIN}env.js${query}`))

  test('tells a page where the services are', async () => {
    const response = await script()
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/)
    const page: Record<string, unknown> = {}
    runInNewContext(await response.text(), page)
    expect(page).toEqual(emulator.envFor({ runtime: 'browser' }))
  })

  test('tells it its registration too, and never a secret', async () => {
    const response = await script(`?client=${demo.clients.portal}`)
    const text = await response.text()
    expect(text).toContain(demo.clients.portal)
    expect(text).not.toContain(secretOf(emulator, demo.clients.portal))
  })

  test('answers 404 for a client that does not exist, and echoes nothing that runs', async () => {
    const response = await script('?client=%3C/script%3E%22)%3Balert(1)//')
    expect([response.status, response.headers.get('content-type')]).toEqual([404, matching(/javascript/)])
    const text = await response.text()
    expect(() => {
      runInNewContext(text, {})
    }).toThrow('There is no client')
  })
})

describe('the browser of a person', () => {
  test('logs that person in, and remembers the login', async () => {
    const rig = createRig()
    const browser = rig.emulator.userAgent('Maya Okafor')
    const back = await browser.authorize(rig.authorizeUrl())
    expect(back.href).toMatch(/^http:\/\/localhost:8888\/login\?code=/)
    expect(await (await browser.request(`${ORIGIN}v2/web/identities`)).text()).toContain('maya.okafor@harbour.example')
    rig.emulator.close()
  })

  test('denies when told to', async () => {
    const rig = createRig()
    const back = await rig.emulator.userAgent(demo.people.sam).authorize(rig.authorizeUrl(), { deny: true })
    expect(back.searchParams.get('error')).toBe('access_denied')
    rig.emulator.close()
  })

  test('does not exist for nobody', () => {
    expect(() => emulator.userAgent('Nobody')).toThrow('There is nobody')
  })
})

test('the clock stays true while everything that exists becomes older', async () => {
  const before = emulator.clock.now()
  const { access_token } = await emulator.issueTokens({
    client: demo.clients.portal,
    identity: demo.people.maya,
    scopes: 'openid',
  })
  const userinfo = async (): Promise<number> => {
    const headers = { authorization: `Bearer ${access_token}` }
    return (await emulator.fetch(new Request(`${ORIGIN}v2/oauth2/userinfo`, { headers }))).status
  }
  emulator.clock.advance(172_000)
  expect(await userinfo()).toBe(200)
  emulator.clock.advance(1000)
  expect(await userinfo()).toBe(401)
  expect(emulator.clock.now() - before).toBeLessThan(60_000)
})

test('a test that uses one with await using leaves nothing listening', async () => {
  let origin = ''
  {
    await using globus = await startEmulator({ port: 0 })
    origin = globus.origin
    globus.faults.next('jwks', { kind: 'answer', status: 503 })
    expect((await fetch(`${origin}/jwk.json`)).status).toBe(503)
    expect((await fetch(`${origin}/jwk.json`)).status).toBe(200)
    expect(globus.env['GLOBUS_SDK_SERVICE_URL_AUTH']).toBe(`${origin}/`)
  }
  await expect(fetch(`${origin}/jwk.json`)).rejects.toThrow('fetch failed')
})
