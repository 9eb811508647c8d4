import { randomUUID } from 'node:crypto'
import { startEmulator, type Fault, type RunningEmulator } from '@pierhead/emulator'
import { createLogin } from 'pierhead'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { countTokenRequests, liveTokens, startGlobus } from './support/emulator.ts'
import { containing, matching } from './support/matchers.ts'
import { secretsIn } from './support/wire.ts'
import { freePort } from '../tools/lib/ports.ts'

interface Failure {
  readonly what: string
  readonly fault: Fault
  readonly status: number
  readonly code: string
}

const answers = (status: number, body: string, type = 'application/json'): Fault => ({
  kind: 'answer',
  status,
  body,
  headers: { 'content-type': type },
})
const htmlPage = answers(200, '<!doctype html><title>Welcome to the hotel network</title>', 'text/html')

let globus: RunningEmulator
let app: App

beforeAll(async () => {
  globus = await startGlobus()
})

beforeEach(async () => {
  app = await startApp(globus, { store: 'sqlite' })
})

afterEach(async () => {
  globus.faults.clear()
  await app.close()
})

afterAll(() => globus.close())

/** Nobody got in, the person reads the code, the log has it, and neither shows a secret. */
async function expectRefusal(visitor: Visitor, { status, code }: Pick<Failure, 'status' | 'code'>): Promise<void> {
  expect({ status: visitor.status, text: visitor.text }).toMatchObject({ status, text: containing(code) })
  expect(visitor.text).toMatch(/Log in Home/)
  expect(visitor.headers.get('retry-after')).toBe(status === 503 ? '10' : null)
  expect(app.events.filter(({ event }) => event === 'login_failed').at(-1)).toMatchObject({ code, level: 'error' })
  expect(secretsIn(visitor.body, app.wire.secrets)).toEqual([])
  expect(secretsIn(app.events, app.wire.secrets)).toEqual([])
  expect(await visitor.cookies(app.origin)).not.toContain('-session=')
}

describe('discovery', () => {
  const failures: readonly Failure[] = [
    { what: 'is down', fault: answers(503, ''), status: 503, code: 'provider_error' },
    { what: 'cuts the connection', fault: { kind: 'reset' }, status: 503, code: 'provider_unreachable' },
    { what: 'never answers', fault: { kind: 'hang' }, status: 503, code: 'provider_timeout' },
    { what: 'is too slow', fault: { kind: 'delay', milliseconds: 5000 }, status: 503, code: 'provider_timeout' },
    { what: 'answers with a page', fault: htmlPage, status: 503, code: 'provider_error' },
    { what: 'answers with broken JSON', fault: answers(200, '{"issuer":'), status: 503, code: 'provider_error' },
    {
      what: 'names another issuer',
      fault: { kind: 'merge', document: { issuer: 'https://auth.globus.org' } },
      status: 400,
      code: 'issuer_mismatch',
    },
    {
      what: 'names an endpoint elsewhere',
      fault: { kind: 'merge', document: { token_endpoint: 'https://evil.example/token' } },
      status: 503,
      code: 'provider_error',
    },
  ]

  it.each(failures)('REL-01 REL-02 SEC-21 that $what stops a login with $code, and only that one', async (failure) => {
    const isLate = failure.code === 'provider_timeout'
    globus.faults.next('discovery', failure.fault)
    if (isLate) app.clock.haste = 20
    const visitor = await new Visitor().open(`${app.origin}/private`)
    app.clock.haste = 1
    const level = failure.status < 500 ? 'warn' : 'error'
    expect(visitor.status).toBe(failure.status)
    expect(visitor.text).toContain(failure.code)
    expect(app.events.at(-1)).toMatchObject({ event: 'login_failed', code: failure.code, level })
    globus.faults.clear()
    // A fetch that hangs is shared by everybody, and ends by its own ten seconds of real time.
    if (isLate) return
    await visitor.follow('Log in')
    await visitor.submit('Maya Okafor')
    await visitor.submit('Allow')
    expect(visitor.url).toBe(`${app.origin}/private`)
  })

  it('REL-01 leaves those alone who are logged in', async () => {
    const maya = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    for (const endpoint of ['discovery', 'jwks', 'authorize', 'token'] as const)
      globus.faults.next(endpoint, answers(503, ''), 20)
    app.clock.advance(2 * 3600)
    expect((await maya.open('/private')).text).toContain('Only for Maya Okafor')
    expect((await maya.open('/token/transfer.api.globus.org')).status).toBe(200)
  })
})

describe('the token endpoint', () => {
  const failures: readonly Failure[] = [
    { what: 'is broken', fault: answers(500, 'Traceback: …', 'text/plain'), status: 503, code: 'provider_error' },
    { what: 'is overloaded', fault: answers(503, ''), status: 503, code: 'provider_error' },
    { what: 'cuts the connection', fault: { kind: 'reset' }, status: 503, code: 'provider_unreachable' },
    { what: 'never answers', fault: { kind: 'hang' }, status: 503, code: 'provider_timeout' },
    { what: 'answers with a page', fault: htmlPage, status: 502, code: 'invalid_token_response' },
    { what: 'answers with half of its JSON', fault: answers(200, '{"a'), status: 502, code: 'invalid_token_response' },
    { what: 'answers with a list', fault: answers(200, '[]'), status: 502, code: 'invalid_token_response' },
    { what: 'redirects elsewhere', fault: answers(307, ''), status: 503, code: 'provider_error' },
  ]

  it.each(failures)(
    'REL-03 REL-04 REL-08 that $what stops a login with $code; the code is sent once',
    async (failure) => {
      const visitor = await atConsent()
      globus.faults.next('token', failure.fault, 3)
      if (failure.code === 'provider_timeout') app.clock.haste = 20
      const requests = await countTokenRequests(globus, () => visitor.submit('Allow'))
      app.clock.haste = 1
      expect(requests).toBe(1)
      await expectRefusal(visitor, failure)
      expect(liveTokens(globus, app)).toBe(0)
      globus.faults.clear()
      await visitor.follow('Log in')
      expect(visitor.url).toBe(`${app.origin}/private`)
      expect(visitor.text).toContain('Only for Maya Okafor')
    },
  )

  it('REL-04 whose answer is lost costs one login, and the code is not sent again', async () => {
    const visitor = await atConsent()
    globus.faults.next('token', { kind: 'lose-answer' })
    const requests = await countTokenRequests(globus, () => visitor.submit('Allow'))
    expect(requests).toBe(1)
    await expectRefusal(visitor, { status: 503, code: 'provider_unreachable' })
    await visitor.follow('Log in')
    expect(visitor.text).toContain('Only for Maya Okafor')
  })

  const incomplete: readonly [string, Record<string, unknown>][] = [
    ['no access token', { access_token: null }],
    ['no ID token', { id_token: null }],
    ['no token type', { token_type: null }],
    ['another token type', { token_type: 'mac' }],
  ]

  it.each(incomplete)(
    'SEC-30 REL-13 whose answer has %s makes no session and leaves no token alive',
    async (_, document) => {
      const visitor = await atConsent()
      globus.faults.next('token', { kind: 'merge', document })
      await visitor.submit('Allow')
      expect(visitor.text).toMatch(/invalid_token_response|invalid_id_token/)
      expect((await visitor.open(`${app.origin}/`)).text).toContain('Login to Globus')
      // Of an access token that did not arrive nobody can say which it is.
      expect(liveTokens(globus, app)).toBe(document['access_token'] === null ? 1 : 0)
    },
  )
})

describe('UserInfo', () => {
  const failures: readonly Failure[] = [
    { what: 'is broken', fault: answers(500, ''), status: 502, code: 'userinfo_failed' },
    { what: 'answers with a page', fault: htmlPage, status: 502, code: 'userinfo_failed' },
    { what: 'answers with a list', fault: answers(200, '[]'), status: 502, code: 'userinfo_failed' },
    {
      what: 'is about somebody else',
      fault: { kind: 'merge', document: { sub: randomUUID() } },
      status: 502,
      code: 'userinfo_failed',
    },
    {
      what: 'is about nobody',
      fault: { kind: 'merge', document: { sub: null } },
      status: 502,
      code: 'userinfo_failed',
    },
    { what: 'cuts the connection', fault: { kind: 'reset' }, status: 503, code: 'provider_unreachable' },
    { what: 'never answers', fault: { kind: 'hang' }, status: 503, code: 'provider_timeout' },
  ]

  it.each(failures)('REL-13 SEC-28 that $what stops a login with $code and leaves no token alive', async (failure) => {
    const visitor = await atConsent()
    globus.faults.next('userinfo', failure.fault)
    if (failure.code === 'provider_timeout') app.clock.haste = 5
    await visitor.submit('Allow')
    app.clock.haste = 1
    await expectRefusal(visitor, failure)
    expect(liveTokens(globus, app)).toBe(0)
  })

  it('REL-13 SEC-81 that fails while revocation fails too leaves its tokens to the queue', async () => {
    const visitor = await atConsent()
    globus.faults.next('userinfo', answers(500, ''))
    globus.faults.next('revoke', answers(503, ''), 4)
    await visitor.submit('Allow')
    await expectRefusal(visitor, { status: 502, code: 'userinfo_failed' })
    expect(liveTokens(globus, app)).toBe(4)
    app.clock.advance(61)
    await app.login.drain()
    expect(liveTokens(globus, app)).toBe(0)
  })
})

describe('the registration', () => {
  it('S1.6 with another secret is told apart: the log says what to compare, nobody sees the secret', async () => {
    const visitor = await atConsent()
    globus.world.clients.removeSecrets(app.clientId)
    globus.world.clients.addSecret(app.clientId, randomUUID(), 'what-the-registration-really-has', Date.now())
    await visitor.submit('Allow')
    await expectRefusal(visitor, { status: 502, code: 'client_rejected' })
    expect(app.events.at(-1)?.message).toContain('Compare clientId and clientSecret with the registration')
    expect(visitor.text).not.toMatch(/clientSecret|registration/)
  })

  it.each([
    ['session secret of 31 bytes', { session: { secrets: ['k8Vd2nQ0s7Yp4Lw9Zr1Xb6Tc3Mf5Hj8'] } }, /at least 32/],
    ['redirect to http elsewhere', { redirectUri: 'http://portal.example/login' }, /https/],
    ['issuer on http elsewhere', { issuer: 'http://auth.example' }, /https/],
  ])('SEC-42 SEC-104 is refused at start with a remedy: %s', (_, wrong, remedy) => {
    expect(() => createLogin({ ...app.options, ...wrong })).toThrow(TypeError)
    expect(() => createLogin({ ...app.options, ...wrong })).toThrow(remedy)
  })
})

describe('a provider that is not there at first', () => {
  it('C22 REL-02 REL-73 lets the app start; logins work as soon as it is up', async () => {
    const port = await freePort()
    const origin = `http://127.0.0.1:${port}`
    const early = await startApp(globus, { login: { issuer: origin } })
    const visitor = await new Visitor().open(`${early.origin}/private`)
    expect({ status: visitor.status, text: visitor.text }).toMatchObject({
      status: 503,
      text: matching(/cannot be reached.*provider_unreachable/),
    })
    expect((await visitor.open('/')).text).toContain('Login to Globus')

    const { clientId, clientSecret } = early
    const client = {
      id: clientId,
      name: 'Early App',
      client_type: 'confidential_client' as const,
      redirect_uris: [`${early.origin}/login`],
      client_secret: clientSecret,
    }
    const late = await startEmulator({ port, hosts: ['127.0.0.1'], seed: { clients: [client] } })
    await logIn(visitor, `${early.origin}/private`, 'Ingrid Solheim')
    expect(visitor.text).toContain('Only for Ingrid Solheim')
    await late.close()
    await early.close()
  })
})

/** Maya, asked whether she allows the app what it wants. */
async function atConsent(): Promise<Visitor> {
  const visitor = await new Visitor().open(`${app.origin}/private`)
  return visitor.submit('Maya Okafor')
}
