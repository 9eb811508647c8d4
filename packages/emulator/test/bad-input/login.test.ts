import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demo } from '../../src/index.ts'
import { basic, createRig, PORTAL_REDIRECT, secretOf, type Rig } from '../support.ts'
import {
  allowTime,
  everyCase,
  failed,
  headers,
  keysOf,
  nasty,
  parameters,
  scopes,
  showsStack,
  unless,
  words,
  type Problems,
} from './families.ts'

allowTime()

let rig: Rig

beforeAll(() => {
  rig = createRig()
})

afterAll(() => rig.emulator.close())

/** A page or a redirect that is neither a failure of the emulator nor shows its insides. */
async function problemsOfPage(response: Response): Promise<Problems> {
  const isCalm = response.status < 500 && !showsStack(await response.text())
  return unless(isCalm, `${response.status}, or a stack`)
}

/** The answer of the token endpoint and its kin: JSON, and in a refusal the name of the error (RFC 6749 section 5.2). */
async function problemsOfOAuth(response: Response): Promise<Problems> {
  const text = await response.text()
  return [
    ...unless([200, 400, 401, 403, 501].includes(response.status), `status ${response.status}`),
    ...unless(response.ok ? keysOf(text).length > 0 : keysOf(text).includes('error'), `body ${text.slice(0, 200)}`),
  ]
}

const send = (path: string, init: RequestInit): Promise<Response> =>
  rig.emulator.fetch(new Request(rig.emulator.origin + path, init))

const portal = (): string => basic(demo.clients.portal, secretOf(rig.emulator, demo.clients.portal))

const endpoints = fc.constantFrom(
  '/v2/oauth2/token',
  '/v2/oauth2/token/revoke',
  '/v2/oauth2/token/introspect',
  '/v2/oauth2/token/validate',
)

const grants = fc.constantFrom(
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:globus:auth:grant_type:dependent_token',
  'password',
  'magic',
)

/** A redirect to one of the emulator's own pages or to the app, or no redirect at all. */
const problemsOfTarget = (response: Response): Problems => {
  const location = response.headers.get('location') ?? '/p/'
  return unless(location.startsWith('/p/') || location.startsWith(`${PORTAL_REDIRECT}?`), `leads to ${location}`)
}

test('queries: an authorization request of any shape gets a page or a redirect', async () => {
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
  await expect(
    everyCase(fc.tuple(parameters([...names, ...more]), fc.boolean()), async ([extra, addressed]) => {
      const url = addressed ? rig.authorizeUrl() : new URL('/v2/oauth2/authorize', rig.emulator.origin)
      for (const [name, value] of extra) {
        if (!addressed || !['client_id', 'redirect_uri'].includes(name)) url.searchParams.set(name, value)
      }
      const response = await rig.emulator.fetch(new Request(url))
      return [...(await problemsOfPage(response)), ...problemsOfTarget(response)]
    }),
  ).resolves.toBeUndefined()
})

test('forms: the token endpoint and its kin answer forms of any shape with JSON', async () => {
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
  await expect(
    everyCase(
      fc.tuple(endpoints, parameters(names), grants, fc.boolean()),
      async ([path, form, grant, authenticated]) => {
        const authorization: Record<string, string> = authenticated ? { authorization: portal() } : {}
        const body = new URLSearchParams([...form, ['grant_type', grant]])
        return problemsOfOAuth(await send(path, { method: 'POST', body, headers: authorization }))
      },
    ),
  ).resolves.toBeUndefined()
})

test('bodies: the token endpoint and its kin answer any bytes of any type with JSON', async () => {
  const types = fc.constantFrom(
    'application/x-www-form-urlencoded',
    'application/json',
    'text/plain',
    'multipart/form-data',
    'x',
  )
  await expect(
    everyCase(fc.tuple(endpoints, fc.uint8Array({ maxLength: 200 }), types), async ([path, bytes, type]) => {
      const init = { 'content-type': type, authorization: portal() }
      return problemsOfOAuth(await send(path, { method: 'POST', body: Buffer.from(bytes), headers: init }))
    }),
  ).resolves.toBeUndefined()
})

test('scopes: what nobody registered, or nobody can read, is refused by name', async () => {
  await expect(
    everyCase(fc.tuple(fc.oneof(scopes, nasty), fc.boolean()), async ([scope, atAuthorize]) => {
      if (atAuthorize) {
        const response = await rig.emulator.fetch(new Request(rig.authorizeUrl({ scope })))
        return [...(await problemsOfPage(response)), ...problemsOfTarget(response)]
      }
      const body = new URLSearchParams({ grant_type: 'client_credentials', scope })
      return problemsOfOAuth(
        await send('/v2/oauth2/token', { method: 'POST', body, headers: { authorization: portal() } }),
      )
    }),
  ).resolves.toBeUndefined()
})

test('headers: no header of any content breaks an endpoint', async () => {
  const names = ['authorization', 'cookie', 'origin', 'accept', 'content-type', 'user-agent', 'x-request-id', 'referer']
  const also = [
    'sec-fetch-site',
    'if-none-match',
    'range',
    'accept-language',
    'access-control-request-method',
    'forwarded',
  ]
  const paths = fc.constantFrom(
    ...words(`/ /jwk.json /.well-known/openid-configuration /v2/oauth2/authorize /v2/oauth2/userinfo
    /v2/oauth2/token /v2/api/identities /v2/api/projects /p/login /p/consent /v2/web/consents
    /v0.10/endpoint_search /v0.10/task_list /inspector /inspector.json /no/such/address`),
  )
  const methods = fc.constantFrom('GET', 'GET', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'HEAD')
  await expect(
    everyCase(fc.tuple(paths, methods, headers([...names, ...also])), async ([path, method, sent]) => {
      const response = await send(path, { method, headers: sent })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json') === true && method !== 'HEAD'
      return [
        ...unless(!failed(response) && !showsStack(text), `${response.status}, or a stack`),
        ...unless(!isJson || keysOf(text).length > 0, `no JSON object: ${text.slice(0, 200)}`),
      ]
    }),
  ).resolves.toBeUndefined()
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
    'code',
  ]
  const cookies = fc.string({ unit, maxLength: 20 })
  await expect(
    everyCase(
      fc.tuple(paths, cookies, parameters([...names, 'redirect_name']), fc.boolean()),
      async ([path, cookie, query, posts]) => {
        const body = new URLSearchParams(query)
        const init = { headers: { cookie: cookie.trim() } }
        const post = posts && path.startsWith('/p/')
        const response = post ? send(path, { ...init, method: 'POST', body }) : send(`${path}?${body}`, init)
        return problemsOfPage(await response)
      },
    ),
  ).resolves.toBeUndefined()
})

test('none of this was a defect', () => {
  expect(rig.lines.length).toBeGreaterThan(1000)
  expect(rig.lines.filter((line) => line.includes('defect'))).toEqual([])
})
