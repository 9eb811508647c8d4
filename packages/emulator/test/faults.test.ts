import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ControlError,
  createControlClient,
  createUserAgent,
  demo,
  malformations,
  startEmulator,
  type ControlClient,
  type Fault,
  type FaultRule,
  type RunningEmulator,
} from '../src/index.ts'
import { basic, claimsOf, createRig, json, PORTAL_REDIRECT, type Rig } from './support.ts'

const { portal, browserApp } = demo.clients
const { maya, sam } = demo.people

const drain = (emulator: RunningEmulator): Promise<Response> => fetch(`${emulator.origin}/jwk.json`)

describe('a fault in the process', () => {
  let rig: Rig

  beforeEach(() => {
    rig = createRig()
  })

  afterEach(() => rig.emulator.close())

  const keys = (): Promise<Response> => rig.emulator.fetch(new Request(`${rig.emulator.origin}/jwk.json`))
  const spoil = (rule: Omit<FaultRule, 'fault'>): void =>
    rig.emulator.faults.add({ fault: { kind: 'answer', status: 503 }, ...rule })
  const statuses = async (ask: () => Promise<Response>, count: number): Promise<number[]> => {
    const found: number[] = []
    for (let i = 0; i < count; i += 1) found.push((await ask()).status)
    return found
  }

  test('spoils as many requests as it says, those of its endpoint only', async () => {
    spoil({ endpoint: 'jwks', times: 2 })
    spoil({ endpoint: 'token', times: 2 })
    expect(await statuses(keys, 3)).toEqual([503, 503, 200])
  })

  test('spoils any endpoint when it names none, and always when it says so', async () => {
    spoil({ times: 'always' })
    expect(await statuses(keys, 3)).toEqual([503, 503, 503])
    expect((await rig.post('/v2/oauth2/token', {})).status).toBe(503)
    rig.emulator.faults.clear()
    expect((await keys()).status).toBe(200)
  })

  test('goes before those that were given later', async () => {
    rig.emulator.faults.next('jwks', { kind: 'answer', status: 500 })
    rig.emulator.faults.next('jwks', { kind: 'answer', status: 429, retryAfter: 7 })
    expect((await keys()).status).toBe(500)
    const limited = await keys()
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7'])
  })

  test('for a client leaves other clients alone: at the token endpoint, by a bearer token, on the pages', async () => {
    const { access_token: token } = await rig.login()
    spoil({ client: portal, times: 'always' })
    const userinfo = (bearer: string): Promise<Response> =>
      rig.emulator.fetch(
        new Request(`${rig.emulator.origin}/v2/oauth2/userinfo`, { headers: { authorization: `Bearer ${bearer}` } }),
      )
    expect((await userinfo(token)).status).toBe(503)
    expect((await userinfo('unknown')).status).toBe(401)
    expect((await rig.post('/v2/oauth2/token', {})).status).toBe(503)
    const other = new Request(`${rig.emulator.origin}/v2/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: browserApp }),
    })
    expect((await rig.emulator.fetch(other)).status).toBe(400)
    expect((await rig.browser.request(rig.authorizeUrl().href)).status).toBe(503)
  })

  test('for an identity is used up by its requests, whichever of its linked identities is named', async () => {
    const tokens = await rig.login({ access_type: 'offline' })
    const linked = rig.emulator.world.identities.account(maya).at(-1)?.id
    expect(linked).not.toBe(maya)
    spoil({ identity: sam, endpoint: 'token' })
    spoil({ identity: linked, endpoint: 'token' })
    const refresh = (): Promise<Response> =>
      rig.post('/v2/oauth2/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' })
    expect(await statuses(refresh, 2)).toEqual([503, 200])
  })

  test('for an identity finds the person behind a code', async () => {
    const code = await rig.code()
    spoil({ identity: maya, endpoint: 'token' })
    expect((await rig.redeem(code)).status).toBe(503)
    expect((await rig.redeem(code)).status).toBe(200)
  })

  test.each(malformations.filter((how) => how !== 'huge-number'))('breaks the JSON of an answer: %s', async (how) => {
    const right = await (await keys()).text()
    rig.emulator.faults.next('jwks', { kind: 'malformed', how })
    const response = await keys()
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.bytes()).toString()).not.toBe(right)
    expect(response.headers.get('content-type')).toContain(how === 'html' ? 'text/html' : 'application/json')
  })

  test('breaks the numbers of an answer', async () => {
    rig.emulator.faults.next('token', { kind: 'malformed', how: 'huge-number' })
    const response = await rig.post('/v2/oauth2/token', { grant_type: 'client_credentials', scope: 'email' })
    expect(await response.text()).toContain('"expires_in":1e999,')
  })

  test('lets the provider’s clock be wrong in ID tokens, introspection and Date', async () => {
    const now = Math.floor(Date.now() / 1000)
    const code = await rig.code()
    rig.emulator.faults.next('token', { kind: 'skew', seconds: -900 })
    const response = await rig.redeem(code)
    const tokens = await json<{ id_token: string; access_token: string; expires_in: number }>(response)
    const { iat, exp } = claimsOf(tokens.id_token)
    expect(Math.abs(Number(iat) + 900 - now)).toBeLessThan(60)
    expect(Number(exp) - Number(iat)).toBe(172_800)
    expect(Math.abs(Date.parse(response.headers.get('date') ?? '') / 1000 + 900 - now)).toBeLessThan(60)
    rig.emulator.faults.next('introspect', { kind: 'skew', seconds: 900 })
    const form = { token: tokens.access_token, include: 'session_info' }
    const skewed = await json<Record<string, number>>(await rig.post('/v2/oauth2/token/introspect', form))
    const right = await json<Record<string, number>>(await rig.post('/v2/oauth2/token/introspect', form))
    for (const name of ['exp', 'iat', 'nbf'] as const) expect(skewed[name]).toBe((right[name] ?? 0) + 900)
  })
})

describe('a fault on the wire', () => {
  let emulator: RunningEmulator
  let control: ControlClient

  beforeEach(async () => {
    emulator = await startEmulator({ port: 0, hosts: ['127.0.0.1'], control: true })
    control = createControlClient(emulator.info())
  })

  afterEach(() => emulator.close())

  interface Received {
    readonly status: number | undefined
    readonly text: string
    readonly isCut: boolean
  }

  // Not with fetch, which throws away what it has when a connection breaks.
  const receive = (method: string, path: string): Promise<Received> =>
    new Promise((resolve, reject) => {
      const sent = request(emulator.origin + path, { method }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('error', () => undefined)
        response.on('close', () => resolve({ status: response.statusCode, text, isCut: !response.complete }))
      })
      sent.on('error', reject).end()
    })

  test('drips: all of the answer arrives, in pieces', async () => {
    const right = await (await drain(emulator)).text()
    await control.addFault({ endpoint: 'jwks', fault: { kind: 'drip', milliseconds: 1, bytes: 64 } })
    const response = await drain(emulator)
    const pieces: Uint8Array[] = []
    for await (const piece of response.body ?? []) pieces.push(piece)
    expect(Buffer.concat(pieces).toString()).toBe(right)
    expect(pieces.length).toBeGreaterThan(2)
  })

  test.each([0, 1, 100])('cuts the connection after %i bytes of the body', async (after) => {
    const right = await (await drain(emulator)).text()
    await control.addFault({ endpoint: 'jwks', fault: { kind: 'cut', after } })
    expect(await receive('GET', '/jwk.json')).toEqual({ status: 200, text: right.slice(0, after), isCut: true })
    expect(await (await drain(emulator)).text()).toBe(right)
  })

  test('cuts an error answer too, and the inspector still shows it', async () => {
    await control.addFault({ endpoint: 'token', fault: { kind: 'cut', after: 3 } })
    expect(await receive('POST', '/v2/oauth2/token')).toMatchObject({ status: 401, text: '{"e', isCut: true })
    const { requests } = await json<{ requests: { path: string; status: number }[] }>(
      await fetch(`${emulator.origin}/inspector.json`),
    )
    expect(requests.find(({ path }) => path === '/v2/oauth2/token')).toMatchObject({ status: 401 })
  })

  test('is a failed request in the process as well', async () => {
    emulator.faults.next('jwks', { kind: 'cut', after: 10 })
    const response = await emulator.fetch(new Request(`${emulator.origin}/jwk.json`))
    await expect(response.text()).rejects.toThrow('the emulator cut the connection')
  })

  test('waits for a client named over the control API', async () => {
    await control.addFault({
      client: portal,
      times: 'always',
      fault: { kind: 'answer', status: 429, retryAfter: 'soon' },
    })
    const response = await fetch(`${emulator.origin}/v2/oauth2/token`, {
      method: 'POST',
      headers: { authorization: basic(portal, 'wrong') },
    })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, 'soon'])
    expect((await fetch(`${emulator.origin}/v2/oauth2/token`, { method: 'POST' })).status).toBe(401)
    await control.clearFaults()
    expect((await fetch(`${emulator.origin}/v2/oauth2/token`, { method: 'POST' })).status).toBe(401)
  })

  test('of an unknown kind, endpoint or shape is refused by name', async () => {
    const send = (rule: object): Promise<void> =>
      // What the types forbid is what this is about.
      control.addFault(rule as FaultRule)
    const fault: Fault = { kind: 'reset' }
    await expect(send({ fault: { kind: 'explode' } })).rejects.toThrow(ControlError)
    await expect(send({ endpoint: 'nowhere', fault })).rejects.toThrow('endpoint')
    await expect(send({ fault, times: 0 })).rejects.toThrow('times')
    await expect(send({ fault: { kind: 'malformed', how: 'oddly' } })).rejects.toThrow('how')
    expect((await drain(emulator)).status).toBe(200)
  })
})

describe('a misbehaviour', () => {
  let emulator: RunningEmulator
  let control: ControlClient

  beforeEach(async () => {
    emulator = await startEmulator({ port: 0, hosts: ['127.0.0.1'], control: true })
    control = createControlClient(emulator.info())
  })

  afterEach(() => emulator.close())

  const metadata = async (): Promise<Record<string, unknown>> =>
    json(await fetch(`${emulator.origin}/.well-known/openid-configuration`))

  test('is played from when it is named until it is ended, and never two at once', async () => {
    const right = await metadata()
    await control.misbehave('oidcc-client-test-discovery-issuer-mismatch')
    expect(await metadata()).toEqual({ ...right, issuer: `${emulator.origin}INVALID` })
    await control.misbehave('oidcc-client-test-idtoken-sig-rs256')
    expect(await metadata()).toEqual({ ...right, id_token_signing_alg_values_supported: ['RS256'] })
    await control.behave()
    expect(await metadata()).toEqual(right)
  })

  test('ends with the faults, with a reset, and says what is played', async () => {
    await control.misbehave('oidcc-client-test-nonce-invalid')
    expect((await control.misbehaviours()).playing).toBe('oidcc-client-test-nonce-invalid')
    await control.clearFaults()
    expect((await control.misbehaviours()).playing).toBeNull()
    await control.misbehave('oidcc-client-test-nonce-invalid')
    await control.reset()
    const { playing, names } = await control.misbehaviours()
    expect(playing).toBeNull()
    expect(Object.keys(names)).toHaveLength(49)
    expect(names['oidcc-client-test-nonce-invalid']).toBe('Appends 1 to the nonce')
  })

  test('with a wrong name is refused', async () => {
    // What the types forbid is what this is about.
    await expect(control.misbehave('oidcc-client-test-nothing' as 'oidcc-client-test')).rejects.toThrow('name')
  })

  const authorize = (changes: Record<string, string> = {}): string => {
    const url = new URL('/v2/oauth2/authorize', emulator.origin)
    const parameters = { client_id: portal, redirect_uri: PORTAL_REDIRECT, response_type: 'code', scope: 'openid' }
    url.search = new URLSearchParams({ ...parameters, state: 'abc', ...changes }).toString()
    return url.href
  }

  test('changes what the browser takes back to the app', async () => {
    const back = async (): Promise<Record<string, string>> =>
      Object.fromEntries((await createUserAgent().authorize(new URL(authorize()), { as: maya })).searchParams)
    const prefix = 'fapi2-security-profile-final-client-test-'
    emulator.faults.misbehave(`${prefix}ensure-authorization-response-with-invalid-state-fails`)
    expect(await back()).toMatchObject({ state: 'abc1' })
    emulator.faults.misbehave(`${prefix}ensure-authorization-response-with-invalid-missing-state-fails`)
    expect(await back()).not.toHaveProperty('state')
    emulator.faults.misbehave(`${prefix}invalid-authorization-response-iss`)
    expect(await back()).toMatchObject({ iss: `${emulator.origin}1`, state: 'abc' })
    emulator.faults.misbehave(`${prefix}remove-authorization-response-iss`)
    expect(await back()).not.toHaveProperty('iss')
    expect(await metadata()).toMatchObject({ authorization_response_iss_parameter_supported: true })
  })

  test('demands what a right client does, and refuses the others', async () => {
    const status = async (path: string, init: RequestInit = {}): Promise<number> =>
      (await fetch(new URL(path, emulator.origin), { redirect: 'manual', ...init })).status
    emulator.faults.misbehave('oidcc-client-test')
    expect(await status(authorize())).toBe(400)
    expect(await status(authorize({ nonce: 'short' }))).toBe(400)
    expect(await status(authorize({ nonce: 'n'.repeat(22) }))).toBe(302)
    emulator.faults.misbehave('oidcc-client-test-scope-userinfo-claims')
    expect(await status(authorize())).toBe(400)
    expect(await status(authorize({ scope: 'openid email' }))).toBe(302)
    emulator.faults.misbehave('oidcc-client-test-client-secret-basic')
    const body = new URLSearchParams({ client_id: browserApp, grant_type: 'refresh_token', refresh_token: 'x' })
    expect(await status('/v2/oauth2/token', { method: 'POST', body })).toBe(401)
    emulator.faults.misbehave('oidcc-client-test-discovery-jwks-uri-keys')
    const first = String((await metadata())['jwks_uri'])
    expect([await status(first), await status('/jwk.json')]).toEqual([200, 404])
    emulator.faults.misbehave('oidcc-client-test-discovery-jwks-uri-keys')
    expect([await status(first), (await metadata())['jwks_uri'] === first]).toEqual([404, false])
    emulator.faults.misbehave('oidcc-client-test-userinfo-bearer-header')
    expect(await status('/v2/oauth2/userinfo?access_token=x')).toBe(401)
  })
})
