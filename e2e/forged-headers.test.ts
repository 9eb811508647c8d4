import { request } from 'node:http'
import type { RunningEmulator } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { startGlobus } from './support/emulator.ts'

type Headers = Readonly<Record<string, string | readonly string[]>>

/** What a client may claim about itself and its way here, in every spelling that some proxy or framework believes. */
const claims: readonly (readonly [name: string, headers: Headers])[] = [
  [
    'SEC-69 another host',
    { 'X-Forwarded-Host': 'evil.example', Forwarded: 'for=1.2.3.4;host=evil.example;proto=https' },
  ],
  [
    'SEC-69 another scheme and port',
    { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '443', 'X-Forwarded-Ssl': 'on' },
  ],
  ['SEC-69 lists and repetitions', { 'X-Forwarded-Host': ['evil.example', 'other.example, a.example'] }],
  ['SEC-69 underscores and odd case', { x_forwarded_host: 'evil.example', 'X-FORWARDED-hOST': 'evil.example' }],
  [
    'SEC-69 another address',
    { 'X-Forwarded-Uri': '/', 'X-Original-URL': '/', 'X-Rewrite-URL': '/', 'X-Forwarded-Prefix': '/x' },
  ],
  ['SEC-69 another client', { 'X-Forwarded-For': '127.0.0.1', 'X-Real-IP': '127.0.0.1', 'True-Client-IP': '::1' }],
  [
    'SEC-70 another person',
    { 'X-Remote-User': 'maya', REMOTE_USER: 'maya', 'X-Forwarded-User': 'maya', OIDC_CLAIM_sub: 'x' },
  ],
  ['SEC-70 a token', { 'X-Forwarded-Access-Token': 'x', 'X-Auth-Request-User': 'maya', Authorization: 'Bearer x' }],
  [
    'SEC-71 headers that go no further',
    { Connection: 'keep-alive, X-Forwarded-Proto, Cookie', 'X-Forwarded-Proto': 'http' },
  ],
  ['SEC-73 a check of health', { 'User-Agent': 'GoogleHC/1.0 kube-probe/1.30 ELB-HealthChecker/2.0' }],
  ['SEC-73 the inside of a framework', { 'x-middleware-subrequest': 'middleware', 'x-middleware-next': '1', RSC: '1' }],
  ['SEC-73 another method', { 'X-HTTP-Method-Override': 'OPTIONS', 'X-Method-Override': 'HEAD' }],
]

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

let globus: RunningEmulator

beforeAll(async () => {
  globus = await startGlobus()
})

afterAll(() => globus.close())

describe.each(['hono', 'node:http'] as const)('an app on %s', (framework) => {
  let app: App
  let cookie: string

  beforeAll(async () => {
    app = await startApp(globus, { framework, store: 'sqlite' })
    cookie = await (await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')).cookies(app.origin)
  })

  afterAll(() => app.close())

  const ask = (path: string, headers: Headers, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const options = { method, headers: { accept: 'text/html', ...headers } }
      const sent = request(app.origin + path, options, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (part: string) => (body += part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      })
      sent.on('error', reject).end()
    })

  /** Where a stranger is sent, without what differs each time. */
  const sentTo = ({ status, headers }: Answer): unknown => {
    const { origin, pathname, searchParams } = new URL(String(headers['location'] ?? ''), app.origin)
    for (const name of ['state', 'nonce', 'code_challenge']) searchParams.delete(name)
    return { status, to: origin + pathname, query: [...searchParams] }
  }

  /** The page, without the token that is masked anew each time. */
  const unmasked = ({ body }: Answer): string => body.replaceAll(/name="csrf_token" value="[^"]*"/g, '')

  it.each(claims)('%s changes nothing for a stranger', async (_, headers) => {
    expect(sentTo(await ask('/private', headers))).toEqual(sentTo(await ask('/private', {})))
    expect(sentTo(await ask('/login', headers))).toEqual(sentTo(await ask('/login', {})))
  })

  it.each(claims)('%s changes nothing for somebody who is logged in', async (_, headers) => {
    const right = await ask('/private', { cookie })
    expect(right.body).toContain('Only for Maya Okafor')
    const same = await ask('/private', { cookie, ...headers })
    expect({ status: same.status, body: unmasked(same) }).toEqual({ status: 200, body: unmasked(right) })
  })

  const routes = ['/', '/private', '/claims', '/login', '/logout'] as const

  it.each(routes)('SEC-58 lets no page of another origin read %s', async (path) => {
    for (const method of ['GET', 'OPTIONS', 'POST']) {
      for (const origin of ['https://evil.example', 'null', app.origin]) {
        const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-csrf-token' }
        const { headers } = await ask(path, { cookie, origin, ...preflight }, method)
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
      }
    }
  })

  it('SEC-67 sends browsers on with 302 and 303 only, which repeat no form', async () => {
    const visitor = await logIn(new Visitor(), `${app.origin}/private`, 'Maya Okafor')
    await visitor.open(`${app.origin}/logout`)
    await visitor.submit('Log out')
    const redirects = app.answered.filter((line) => / 3\d\d$/.test(line))
    expect(redirects.length).toBeGreaterThan(2)
    expect(redirects.filter((line) => !/ 30[23]$/.test(line))).toEqual([])
    expect(redirects.filter((line) => line.startsWith('POST'))).toEqual(['POST /logout 303'])
  })
})
