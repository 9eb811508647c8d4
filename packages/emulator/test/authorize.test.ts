import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import { CHALLENGE, createRig, TRANSFER, type Rig } from './support.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.emulator.close())

const show = async (url: URL): Promise<{ status: number; page: string; location: string | null }> => {
  const response = await rig.browser.request(url)
  return { status: response.status, page: await response.text(), location: response.headers.get('location') }
}

describe('a request that names no trusted address stays on an error page', () => {
  const cases: [string, Record<string, string | undefined>, string, string][] = [
    ['without client_id', { client_id: undefined }, 'Missing client_id parameter.', 'OAUTH_AUTH_REQUEST_FAILURE'],
    [
      'with an unknown client_id',
      { client_id: 'nobody' },
      'Invalid client_id parameter value.',
      'OAUTH_AUTH_REQUEST_FAILURE',
    ],
    ['without redirect_uri', { redirect_uri: undefined }, 'Missing redirect URI.', 'OAUTH_AUTH_REQUEST_FAILURE'],
    [
      'with another path',
      { redirect_uri: 'http://localhost:8888/other' },
      'Mismatching redirect URI.',
      'OAUTH_AUTH_REQUEST_FAILURE',
    ],
    [
      'with a longer path',
      { redirect_uri: 'http://localhost:8888/login/' },
      'Mismatching redirect URI.',
      'OAUTH_AUTH_REQUEST_FAILURE',
    ],
    [
      'with a query',
      { redirect_uri: 'http://localhost:8888/login?a=b' },
      'Mismatching redirect URI.',
      'OAUTH_AUTH_REQUEST_FAILURE',
    ],
    [
      'with another port',
      { redirect_uri: 'http://localhost:8887/login' },
      'Mismatching redirect URI.',
      'OAUTH_AUTH_REQUEST_FAILURE',
    ],
    [
      'with upper case',
      { redirect_uri: 'http://LOCALHOST:8888/login' },
      'Mismatching redirect URI.',
      'OAUTH_AUTH_REQUEST_FAILURE',
    ],
    [
      'with an unknown scope',
      { scope: 'openid no-such-scope' },
      `client_id=${demo.clients.portal} requested unknown scopes: [&#39;no-such-scope&#39;]`,
      'UNKNOWN_SCOPE_ERROR',
    ],
    [
      'with an unknown scope in brackets',
      { scope: `openid ${TRANSFER}[*https://auth.globus.org/scopes/x/data_access]` },
      'requested unknown scopes: [&#39;https://auth.globus.org/scopes/x/data_access&#39;]',
      'UNKNOWN_SCOPE_ERROR',
    ],
  ]

  test.each(cases)('%s', async (_, changes, sentence, code) => {
    const { status, page, location } = await show(rig.authorizeUrl(changes))
    expect({ status, location }).toEqual({ status: 400, location: null })
    expect(page).toContain(sentence)
    expect(page).toMatch(/<dt>Occurred at time<\/dt>\s*<dd><time>\d{4}-\d\d-\d\dT[\d:.]+Z</)
    expect(page).toMatch(/<dt>Error ID<\/dt>\s*<dd>[0-9a-f-]{36}</)
    expect(page).toMatch(new RegExp(`<dt>Error code</dt>\\s*<dd>${code}<`))
  })

  test.each(['client_id', 'redirect_uri'])('with %s twice', async (name) => {
    const url = rig.authorizeUrl()
    url.searchParams.append(name, url.searchParams.get(name) ?? '')
    const { status, page } = await show(url)
    expect(status).toBe(400)
    expect(page).toContain(`Duplicate ${name} parameter.`)
  })

  test('which escapes what the request contains', async () => {
    const { page } = await show(rig.authorizeUrl({ scope: '<script>alert(1)</script>' }))
    expect(page).not.toContain('<script>')
  })
})

describe('any other fault is told to the app', () => {
  const cases: [string, Record<string, string | undefined>, string][] = [
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['an implicit response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no scope', { scope: undefined }, 'invalid_scope'],
    ['only offline_access', { scope: 'offline_access' }, 'invalid_scope'],
    ['unbalanced brackets', { scope: 'openid[email' }, 'invalid_scope'],
    ['PKCE plain', { code_challenge: CHALLENGE, code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE without a method, which means plain', { code_challenge: CHALLENGE }, 'invalid_request'],
    ['a challenge that is too short', { code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'maybe' }, 'invalid_request'],
    ['prompt=none with another', { prompt: 'none login' }, 'invalid_request'],
    ['prompt=none with nobody logged in', { prompt: 'none' }, 'login_required'],
  ]

  test.each(cases)('%s', async (_, changes, error) => {
    const { status, location } = await show(rig.authorizeUrl(changes))
    expect(status).toBe(302)
    const back = new URL(location ?? '')
    expect(back.origin + back.pathname).toBe('http://localhost:8888/login')
    expect(back.searchParams.get('error')).toBe(error)
    expect(back.searchParams.get('error_description')).not.toBe('')
    expect(back.searchParams.get('state')).toBe('state-1')
    expect(back.searchParams.has('code')).toBe(false)
  })

  test('a repeated parameter, without a state that nobody can tell', async () => {
    const url = rig.authorizeUrl()
    url.searchParams.append('state', 'state-2')
    const back = new URL((await show(url)).location ?? '')
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'invalid_request',
      error_description: 'Duplicate state parameter.',
    })
  })

  test('a public client without PKCE', async () => {
    const redirect_uri = 'http://localhost:5173/callback'
    const { location } = await show(rig.authorizeUrl({ client_id: demo.clients.browserApp, redirect_uri }))
    expect(new URL(location ?? '').searchParams.get('error_description')).toBe('Code challenge required.')
  })

  test('a person who declines', async () => {
    const back = await rig.browser.authorize(rig.authorizeUrl(), { as: demo.people.maya, deny: true })
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('state')).toBe('state-1')
  })

  test('prompt=none without consent, and with it a code', async () => {
    await rig.browser.authorize(rig.authorizeUrl({ scope: 'openid' }), { as: demo.people.maya })
    const refused = new URL((await show(rig.authorizeUrl({ prompt: 'none' }))).location ?? '')
    expect(refused.searchParams.get('error')).toBe('consent_required')
    const granted = new URL((await show(rig.authorizeUrl({ prompt: 'none', scope: 'openid' }))).location ?? '')
    expect(granted.searchParams.get('code')).toMatch(/^[A-Za-z0-9]{30}$/)
  })
})

describe('native clients', () => {
  const native = (redirect_uri: string): URL =>
    rig.authorizeUrl({
      client_id: demo.clients.tutorial,
      redirect_uri,
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
    })

  test.each([
    'http://localhost:51234',
    'http://127.0.0.1:51234',
    'http://[::1]:51234/',
    'http://localhost/',
    'http://127.0.0.1:8889/v2/web/auth-code',
  ])('may use %s', async (redirect) => expect((await show(native(redirect))).status).toBe(302))

  test.each([
    'http://localhost:51234/path',
    'https://localhost:51234',
    'http://localhost.example:51234',
    'http://localhost:51234@example.org',
    'http://localhost:51234\\@example.org',
    'http://user@localhost:51234',
    'http://127.0.0.2:51234',
    'http://10.0.0.1:51234',
    'http://localhost:51234/#fragment',
    'http://127.0.0.1:8889/v2/web/auth-code?x',
  ])('may not use %s', async (redirect) => {
    const { status, page } = await show(native(redirect))
    expect(status).toBe(400)
    expect(page).toContain('Mismatching redirect URI.')
  })

  test('are the only ones that may use any loopback port', async () => {
    expect((await show(rig.authorizeUrl({ redirect_uri: 'http://localhost:51234' }))).status).toBe(400)
    expect((await show(rig.authorizeUrl({ redirect_uri: 'http://127.0.0.1:8889/v2/web/auth-code' }))).status).toBe(400)
  })

  test('see their code on a page', async () => {
    const back = await rig.browser.authorize(native('http://127.0.0.1:8889/v2/web/auth-code'), { as: demo.people.sam })
    expect((await show(back)).page).toContain(back.searchParams.get('code'))
  })
})
