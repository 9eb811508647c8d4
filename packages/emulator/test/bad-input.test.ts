import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { demo } from '../src/index.ts'
import { basic, createRig, PORTAL_REDIRECT, secretOf, type Rig } from './support.ts'

vi.setConfig({ testTimeout: 60_000 })

let rig: Rig

beforeAll(() => {
  rig = createRig()
})

afterAll(() => rig.emulator.close())

const RUNS = { numRuns: 500 }

const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '../..',
    "' OR 1=1 --",
    '<script>',
    '%00',
    '🌊',
    'x'.repeat(5000),
    '__proto__',
    'constructor',
  ),
)

const scope = fc.string({ unit: fc.constantFrom('openid', 'email', 'a', '[', ']', '*', ' '), maxLength: 12 })

const pairs = (names: readonly string[]): fc.Arbitrary<[string, string][]> =>
  fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), nasty), fc.oneof(nasty, scope)), { maxLength: 8 })

/** Whether an answer is neither a failure of the emulator nor shows its insides. */
const isCalm = async (response: Response): Promise<boolean> =>
  response.status < 500 && !/\n\s+at /.test(await response.text())

test('an authorization request of any shape gets a page or a redirect', async () => {
  const names = [
    'client_id',
    'redirect_uri',
    'scope',
    'state',
    'response_type',
    'access_type',
    'code_challenge',
    'nonce',
  ]
  const more = [
    'code_challenge_method',
    'prompt',
    'session_required_identities',
    'session_required_single_domain',
    'session_required_policies',
    'session_required_mfa',
    'max_age',
  ]
  await fc.assert(
    fc.asyncProperty(pairs([...names, ...more]), fc.boolean(), async (extra, addressed) => {
      const url = addressed ? rig.authorizeUrl() : new URL('/v2/oauth2/authorize', rig.emulator.origin)
      for (const [name, value] of extra) {
        if (!addressed || !['client_id', 'redirect_uri'].includes(name)) url.searchParams.set(name, value)
      }
      const response = await rig.emulator.fetch(new Request(url))
      expect(await isCalm(response)).toBe(true)
      const location = response.headers.get('location') ?? '/p/'
      expect(location.startsWith('/p/') || location.startsWith(`${PORTAL_REDIRECT}?`)).toBe(true)
    }),
    RUNS,
  )
})

describe.each(['token', 'token/revoke', 'token/introspect', 'token/validate'])('/v2/oauth2/%s', (name) => {
  const names = [
    'code',
    'redirect_uri',
    'client_id',
    'client_secret',
    'code_verifier',
    'refresh_token',
    'token',
    'include',
  ]
  const address = (): string => `${rig.emulator.origin}/v2/oauth2/${name}`

  test('answers a form of any shape with JSON', async () => {
    const known = basic(demo.clients.portal, secretOf(rig.emulator, demo.clients.portal))
    const dependent = 'urn:globus:auth:grant_type:dependent_token'
    const grants = fc.constantFrom('authorization_code', 'refresh_token', 'client_credentials', dependent, 'magic')
    await fc.assert(
      fc.asyncProperty(pairs(names), grants, fc.boolean(), async (form, grant, authenticated) => {
        const body = new URLSearchParams([...form, ['grant_type', grant]])
        const headers: Record<string, string> = authenticated ? { authorization: known } : {}
        const response = await rig.emulator.fetch(new Request(address(), { method: 'POST', body, headers }))
        expect(response.status).toBeLessThan(500)
        expect(await response.json()).toBeTypeOf('object')
      }),
      RUNS,
    )
  })

  test('answers a body and an Authorization header of any bytes with JSON', async () => {
    const types = fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'text/plain', 'x')
    const header = fc.base64String().map((text) => `Basic ${text}`)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), types, header, async (bytes, type, authorization) => {
        const headers = { 'content-type': type, authorization }
        const response = await rig.emulator.fetch(
          new Request(address(), { method: 'POST', body: Buffer.from(bytes), headers }),
        )
        expect([400, 401]).toContain(response.status)
        expect(await response.json()).toHaveProperty('error')
      }),
      RUNS,
    )
  })
})

test('pages answer cookies, queries and forms of any shape with a page', async () => {
  const unit = fc.constantFrom('pierhead_login_', 'pierhead_emulator_8889', '=', ';', ' ', 'a', '"', '%', '\\', ',')
  const paths = fc.constantFrom('/p/login', '/p/consent', '/v2/web/logout', '/v2/web/auth-code')
  const names = [
    'request',
    'identity',
    'username',
    'password',
    'decision',
    'account',
    'client_id',
    'redirect_uri',
    'redirect_name',
    'code',
  ]
  await fc.assert(
    fc.asyncProperty(
      paths,
      fc.string({ unit, maxLength: 20 }),
      pairs(names),
      fc.boolean(),
      async (path, cookie, query, posts) => {
        const parameters = new URLSearchParams(query)
        const headers = { cookie: cookie.trim() }
        const post = posts && path.startsWith('/p/')
        const url = rig.emulator.origin + (post ? path : `${path}?${parameters}`)
        const init = post ? { method: 'POST', body: parameters, headers } : { headers }
        expect(await isCalm(await rig.emulator.fetch(new Request(url, init)))).toBe(true)
      },
    ),
    RUNS,
  )
})

test('none of this was a defect', () => {
  expect(rig.lines.length).toBeGreaterThan(1000)
  expect(rig.lines.filter((line) => line.includes('defect'))).toEqual([])
})
