import { request as rawRequest } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProxy } from '../../src/proxy.ts'
import { startService, type Handler, type Service } from '../globus/service.ts'
import { adapters, startProxied, type Proxied } from './proxied-app.ts'

const names = Object.keys(adapters)
const echo: Handler = ({ path }) => ({ body: { path }, headers: { 'set-cookie': 'spy=1', 'x-secret': 'yes' } })

async function start(name: string, handler: Handler = echo): Promise<{ proxied: Proxied; service: Service }> {
  const service = await startService(handler)
  const proxied = await startProxied(name, {
    services: {
      transfer: { paths: ['/v0.10'] },
      groups: { methods: ['GET'], paths: ['/v2/groups/my_groups'] },
      auth: {},
    },
  })
  return { proxied, service }
}

interface Call {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

function call({ origin, headers }: Proxied, path: string, init: Call = {}): Promise<Response> {
  return fetch(`${origin}${path}`, { ...init, headers: { ...headers, ...init.headers }, redirect: 'manual' })
}

/** Sends the request line as it is: no client in between makes it plainer. */
function callRaw({ origin, headers }: Proxied, path: string): Promise<number> {
  const { port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const outgoing = rawRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    outgoing.on('error', reject).end()
  })
}

describe.each(names)('a proxy served by %s', (name) => {
  it('sends a call on with the token of the person, which the browser never sees', async () => {
    const { proxied, service } = await start(name)
    const answer = await call(proxied, '/globus/transfer/v0.10/endpoint_search?filter_scope=my-endpoints&limit=2')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ path: '/v0.10/endpoint_search' })
    const [received] = service.received
    expect(received?.query.toString()).toBe('filter_scope=my-endpoints&limit=2')
    const token = (received?.headers.authorization ?? '').replace('Bearer ', '')
    expect(proxied.rig.provider.live().find(({ text }) => text === token)).toMatchObject({
      kind: 'access',
      resourceServer: 'transfer.api.globus.org',
    })
  })

  it('knows services by the hosts that the SDK believes them to have', async () => {
    const { proxied, service } = await start(name)
    const hosts = ['transfer.api.globusonline.org', 'transfer.api.preview.globus.org', 'groups.api.globus.org']
    const paths = ['/v0.10/task_list', '/v0.10/task_list', '/v2/groups/my_groups']
    for (const [index, host] of hosts.entries())
      expect((await call(proxied, `/globus/${host}${paths[index]}`)).status).toBe(200)
    expect(service.received.map(({ path }) => path)).toEqual(paths)
  })

  it('SEC-75 passes a closed list of headers, in both directions', async () => {
    const { proxied, service } = await start(name)
    const headers = {
      authorization: 'Bearer of-the-browser',
      'x-forwarded-for': '10.0.0.1',
      'proxy-authorization': 'Basic x',
      'x-globus-client-info': 'product=portal',
      'accept-encoding': 'gzip',
    }
    const answer = await call(proxied, '/globus/transfer/v0.10/task_list', { headers })
    const sent = service.received[0]?.headers ?? {}
    expect(Object.keys(sent).toSorted()).toEqual(
      ['accept', 'accept-encoding', 'authorization', 'connection', 'host', 'x-globus-client-info'].toSorted(),
    )
    expect(sent.authorization).not.toContain('of-the-browser')
    expect(answer.headers.getSetCookie().join()).not.toContain('spy')
    expect(answer.headers.get('x-secret')).toBeNull()
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    expect(answer.headers.get('vary')).toMatch(/cookie/i)
  })

  it('SEC-75 follows no redirect and shows none', async () => {
    const { proxied, service } = await start(name, () => ({
      status: 302,
      headers: { location: 'http://127.0.0.1:1/elsewhere' },
      body: '',
    }))
    const answer = await call(proxied, '/globus/transfer/v0.10/task_list')
    expect([answer.status, answer.headers.get('location')]).toEqual([502, null])
    expect(await answer.json()).toMatchObject({ code: 'globus_answer_invalid' })
    expect(service.received).toHaveLength(1)
  })

  it('SEC-52 refuses whatever does not carry the token of the session, reading calls too', async () => {
    const { proxied, service } = await start(name)
    const csrfToken = proxied.headers['x-csrf-token'] ?? ''
    const wrong = [undefined, '', 'none', csrfToken.slice(0, -2), csrfToken.toUpperCase()]
    for (const token of wrong) {
      const { 'x-csrf-token': _, ...rest } = proxied.headers
      const headers = token === undefined ? rest : { ...rest, 'x-csrf-token': token }
      for (const method of ['GET', 'POST']) {
        const answer = await call({ ...proxied, headers }, '/globus/transfer/v0.10/task_list', { method })
        expect(answer.status).toBe(403)
        expect(await answer.json()).toMatchObject({ code: 'csrf_refused' })
      }
    }
    expect(service.received).toEqual([])
  })

  it('tells a page without session where to log in', async () => {
    const { proxied, service } = await start(name)
    const { cookie: _, ...headers } = proxied.headers
    const answer = await call({ ...proxied, headers }, '/globus/transfer/v0.10/task_list')
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'login_required', login_url: expect.stringMatching(/^\/login/) })
    expect(service.received).toEqual([])
  })

  it('reaches nothing that is not named: service, path and method', async () => {
    const { proxied, service } = await start(name)
    const refused = [
      ['/globus/search/v1/index', 'GET', 404],
      ['/globus/evil.example/v1/index', 'GET', 404],
      ['/globus/constructor/x', 'GET', 404],
      ['/globus/groups/v2/groups/my_groups_2', 'GET', 404],
      ['/globus/groups/v2/groups/my_groups', 'POST', 405],
      ['/globus/auth/v2/oauth2/token', 'POST', 404],
      ['/globus/auth/v2/oauth2/token/introspect', 'POST', 404],
      ['/globus/auth/v2/oauth2/authorize', 'GET', 404],
      ['/globus/transfer', 'GET', 404],
      ['/globus/transfer/v0.10/task_list', 'OPTIONS', 405],
    ] as const
    for (const [path, method, status] of refused)
      expect([path, (await call(proxied, path, { method })).status]).toEqual([path, status])
    expect(service.received).toEqual([])
    expect((await call(proxied, '/globus/auth/v2/oauth2/userinfo')).status).toBe(200)
  })

  it('SEC-74 takes no path that could be another one to the next reader', async () => {
    const { proxied, service } = await start(name)
    const tails = [
      '%2e%2e/x',
      '..%2fx',
      '%2e%2e%2fx',
      'a%5cb',
      '..%5cx',
      'a//b',
      '%252e%252e/x',
      'a%00b',
      'a%0d%0ab',
      '%ff',
    ]
    for (const tail of [...tails, 'a/./b', 'a/%2e/b', '../groups/v2/groups/x', '@evil.example/', 'a\\b', '%zz'])
      await callRaw(proxied, encodeUnsafe(`/globus/transfer/v0.10/${tail}`))
    const reached = service.received.map(({ path }) => path)
    // Only what is plain after all: dots that stay where the rule allows, and an @ that is a letter like others.
    expect(reached.filter((path) => !/^\/v0\.10\/(?:a\/b|x|@evil\.example\/)$/.test(path))).toEqual([])
  })

  it('gives errors of the service as they are, with their status', async () => {
    const { proxied } = await start(name, () => ({
      status: 404,
      body: { code: 'EndpointNotFound', message: 'No such endpoint', request_id: 'abc' },
      headers: { 'retry-after': '3' },
    }))
    const answer = await call(proxied, '/globus/transfer/v0.10/endpoint/x')
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([
      404,
      'application/json',
      '3',
    ])
    expect(await answer.json()).toMatchObject({ code: 'EndpointNotFound', message: 'No such endpoint' })
  })

  it('makes of an error page of the service a document without a page in it', async () => {
    const { proxied } = await start(name, () => ({
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: '<script>alert(1)</script>',
    }))
    const answer = await call(proxied, '/globus/transfer/v0.10/task_list')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([502, 'application/json'])
    expect(await answer.text()).not.toContain('<script>')
  })

  it('does not let a service echo the token', async () => {
    const { proxied, service } = await start(name, ({ headers }) => ({
      status: 400,
      body: { message: `You sent ${headers.authorization}`, deep: { header: headers.authorization } },
    }))
    const text = await (await call(proxied, '/globus/transfer/v0.10/task_list')).text()
    expect(text).not.toContain((service.received[0]?.headers.authorization ?? '').slice(7))
    expect(text).toContain('Bearer [token]')
  })

  it('leads through what a service requires', async () => {
    const { proxied } = await start(name, () => ({
      status: 403,
      body: { code: 'ConsentRequired', message: 'Consent, please', required_scopes: ['https://scope.example/x'] },
    }))
    const answer = await call(proxied, '/globus/transfer/v0.10/operation/endpoint/x/ls')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      403,
      expect.stringContaining('application/problem+json'),
    ])
    const problem: unknown = await answer.json()
    expect(problem).toMatchObject({
      code: 'authorization_required',
      login_url: expect.stringMatching(/^\/login\?.*request=/),
    })
  })

  it('asks for a new login when the service refuses the token, and answers 503 when it is not there', async () => {
    const { proxied, service } = await start(name, () => ({ status: 401, body: { code: 'AuthenticationFailed' } }))
    const refused = await call(proxied, '/globus/transfer/v0.10/task_list')
    expect(refused.status).toBe(401)
    expect(await refused.json()).toMatchObject({ code: 'globus_token_refused' })
    service.answer((_, response) => void response.destroy())
    const gone = await call(proxied, '/globus/transfer/v0.10/task_list')
    expect(gone.status).toBe(503)
    expect(await gone.json()).toMatchObject({ code: 'globus_service_unreachable' })
  })

  it('cuts an error document that has no end', async () => {
    const { proxied } = await start(name, (_, response) => {
      response.writeHead(500, { 'content-type': 'application/json' })
      const more = (): void => void (response.destroyed || (response.write('x'.repeat(65_536)), setImmediate(more)))
      more()
      return undefined
    })
    const answer = await call(proxied, '/globus/transfer/v0.10/task_list')
    expect(answer.status).toBe(502)
    expect(await answer.json()).toMatchObject({ code: 'globus_answer_invalid' })
  })
})

describe('any target', () => {
  it('SEC-74 reaches the host and the paths of its rule only, and never throws', async () => {
    const service = await startService(echo)
    const proxy = createProxy({ path: '/globus', services: { transfer: { paths: ['/v0.10/task'] } } })
    const csrfToken = Buffer.alloc(48).toString('base64url')
    const session = { csrfToken, accessToken: async () => 'token' }
    const piece = fc.constantFrom(
      '/',
      '..',
      '.',
      '%2e',
      '%2F',
      '\\',
      '@',
      ':',
      '?',
      '#',
      'v0.10',
      'task',
      'groups',
      '//',
      ' ',
      '%',
    )
    const target = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((parts) => `/globus/transfer/${parts.join('')}`),
      fc.array(piece, { maxLength: 12 }).map((parts) => `/globus/transfer/v0.10/task/${parts.join('')}`),
      fc.string().map((text) => `/globus/${text}`),
    )
    await fc.assert(
      fc.asyncProperty(target, async (text) => {
        const headers = new Headers({ 'x-csrf-token': csrfToken })
        const answer = await proxy.handle({ method: 'GET', target: text, headers, body: null }, session)
        expect([200, 404]).toContain(answer.status)
        await answer.body?.cancel()
      }),
      { numRuns: 300 },
    )
    expect(service.received.filter(({ path }) => !/^\/v0\.10\/task(?:\/|$)/.test(path))).toEqual([])
    expect(service.received.length).toBeGreaterThan(10)
  })

  it('options that cannot be meant are refused', () => {
    const collection = { id: 'a5b0c1d2-0000-4000-8000-000000000001', https_server: 'https://data.example' }
    expect(() => createProxy({ path: 'globus' })).toThrow(/path must be/)
    expect(() => createProxy({ path: '/' })).toThrow(/path must be/)
    expect(() => createProxy({ path: '/g', services: { auth: { paths: ['v2'] } } })).toThrow(/begin with a slash/)
    expect(() => createProxy({ path: '/g', collections: { transfer: { collection } } })).toThrow(/name of its own/)
    expect(() => createProxy({ path: '/g', collections: { 'a/b': { collection } } })).toThrow(/name of its own/)
    expect(() => createProxy({ path: '/g', collections: { a: { collection: { ...collection, id: 'x' } } } })).toThrow(
      /UUID/,
    )
  })
})

/** Characters that a request line cannot have are sent as bytes. */
function encodeUnsafe(path: string): string {
  return path.replace(/[^\x21-\x7e]/g, encodeURIComponent)
}
