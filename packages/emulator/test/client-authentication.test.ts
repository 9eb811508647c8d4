import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import { basic, createRig, secretOf, type Rig, matching, json } from './support.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.emulator.close())

const tokenRequest = (form: Record<string, string> | string, headers: Record<string, string> = {}): Promise<Response> =>
  rig.emulator.fetch(
    new Request(`${rig.emulator.origin}/v2/oauth2/token`, {
      method: 'POST',
      body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', ...headers },
    }),
  )

const refused = async (response: Response): Promise<unknown> => ({
  status: response.status,
  body: await json(response),
})

const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } }

describe('client authentication', () => {
  const UNAUTHORIZED = {
    errors: [
      {
        status: '401',
        id: matching(/^[0-9a-f-]{36}$/),
        code: 'UNAUTHORIZED',
        title: 'Unauthorized',
        detail: 'Basic auth failed',
      },
    ],
    error: 'unauthorized',
    error_description: 'Unauthorized',
  }
  const { portal, browserApp } = demo.clients
  const grant = { grant_type: 'refresh_token', refresh_token: 'unknown' }
  const secret = (): string => secretOf(rig.emulator, portal)
  const encoded = (): string =>
    `Basic ${Buffer.from(`${portal.replaceAll('-', '%2D')}:${encodeURIComponent(secret())}`).toString('base64')}`

  // A known client with an unknown refresh token gets as far as invalid_grant.
  test.each<[string, () => [Record<string, string>, Record<string, string>]]>([
    ['raw Basic', () => [{}, { authorization: basic(portal, secret()) }]],
    [
      'Basic and the same in the body',
      () => [{ client_id: portal, client_secret: secret() }, { authorization: basic(portal, secret()) }],
    ],
    ['a public client_id', () => [{ client_id: browserApp }, {}]],
  ])('accepts %s, strict or not', async (_, make) => {
    for (const mode of ['lenient', 'strict'] as const) {
      rig.emulator.behaviour.clientAuthentication = mode
      const [form, headers] = make()
      expect(await refused(await tokenRequest({ ...grant, ...form }, headers))).toEqual(INVALID_GRANT)
    }
    expect(rig.lines.filter((line) => line.startsWith('warning'))).toEqual([])
  })

  test.each<[string, () => [Record<string, string>, Record<string, string>]]>([
    ['form-encoded Basic', () => [{}, { authorization: encoded() }]],
    ['credentials in the body alone', () => [{ client_id: portal, client_secret: secret() }, {}]],
  ])('accepts %s with a warning, unless strict', async (_, make) => {
    const [form, headers] = make()
    expect(await refused(await tokenRequest({ ...grant, ...form }, headers))).toEqual(INVALID_GRANT)
    expect(rig.lines.filter((line) => line.startsWith('warning'))).toHaveLength(1)
    rig.emulator.behaviour.clientAuthentication = 'strict'
    expect(await refused(await tokenRequest({ ...grant, ...form }, headers))).toEqual({
      status: 401,
      body: UNAUTHORIZED,
    })
  })

  test.each<[string, () => [Record<string, string>, Record<string, string>]]>([
    ['a wrong secret', () => [{}, { authorization: basic(portal, 'wrong') }]],
    ['an unknown client', () => [{}, { authorization: basic('nobody', secret()) }]],
    ['a public client with a secret', () => [{}, { authorization: basic(browserApp, '') }]],
    ['a confidential client_id alone', () => [{ client_id: portal }, {}]],
    ['an unknown client_id', () => [{ client_id: 'nobody' }, {}]],
    [
      'a right header and a wrong secret in the body',
      () => [{ client_secret: 'wrong' }, { authorization: basic(portal, secret()) }],
    ],
    ['a header without a colon', () => [{}, { authorization: `Basic ${btoa('nothing')}` }]],
    ['a header that is not base64', () => [{}, { authorization: 'Basic !!!' }]],
    ['a bearer token', () => [{}, { authorization: 'Bearer x' }]],
    ['broken percent-encoding', () => [{}, { authorization: basic('%zz', '%zz') }]],
  ])('refuses %s', async (_, make) => {
    const [form, headers] = make()
    expect(await refused(await tokenRequest({ ...grant, ...form }, headers))).toEqual({
      status: 401,
      body: UNAUTHORIZED,
    })
  })

  test('refuses a header and a body that name different clients', async () => {
    const answer = await tokenRequest(
      { ...grant, client_id: demo.clients.exampleApp },
      { authorization: basic(portal, secret()) },
    )
    expect(await refused(answer)).toEqual({ status: 400, body: { error: 'invalid_request' } })
  })
})

describe('a malformed token request', () => {
  const authorization = (): Record<string, string> => ({
    authorization: basic(demo.clients.portal, secretOf(rig.emulator, demo.clients.portal)),
  })

  test.each<[string, string, number, unknown]>([
    ['no grant_type', 'a=b', 400, { error: 'invalid_request' }],
    ['an empty grant_type', 'grant_type=', 400, { error: 'invalid_request' }],
    ['an unknown grant_type', 'grant_type=magic', 400, { error: 'unsupported_grant_type' }],
    ['no code', 'grant_type=authorization_code', 400, { error: 'invalid_request' }],
    ['no refresh_token', 'grant_type=refresh_token', 400, { error: 'invalid_request' }],
    ['a parameter twice', 'grant_type=authorization_code&code=a&code=b', 400, { error: 'invalid_request' }],
    ['a grant that is not imitated', 'grant_type=password', 501, expect.objectContaining({ error: 'not_implemented' })],
  ])('with %s gets JSON', async (_, body, status, document) => {
    expect(await refused(await tokenRequest(body, authorization()))).toEqual({ status, body: document })
  })

  test.each([
    ['JSON', '{}', 'application/json'],
    ['something huge', `a=${'x'.repeat(70_000)}`, 'application/x-www-form-urlencoded'],
  ])('of %s is refused', async (_, body, type) => {
    const answer = await tokenRequest(body, { ...authorization(), 'content-type': type })
    expect(await refused(answer)).toEqual({ status: 400, body: { error: 'invalid_request' } })
  })

  test('that is not UTF-8 is refused', async () => {
    const answer = await rig.emulator.fetch(
      new Request(`${rig.emulator.origin}/v2/oauth2/token`, {
        method: 'POST',
        body: new Uint8Array([0x61, 0x3d, 0xff]),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    )
    expect(answer.status).toBe(400)
  })
})
