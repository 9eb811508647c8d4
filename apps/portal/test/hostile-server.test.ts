import { deflateRawSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { collections, csrfOf, enable, visitAs } from './support/files.ts'
import { sayFilesAreAt, startHostileServer, type HostileServer } from './support/hostile-server.ts'
import { origin, startSetting, type Setting } from './support/setting.ts'
import type { Seen, Visitor } from './support/visitor.ts'

const { tidalSurveyArchive: archive } = collections
const at = (kind: string, path = '/a.txt'): string => `/collections/${archive}/${kind}?${new URLSearchParams({ path })}`
const allowed =
  /^(accept-ranges|cache-control|content-disposition|content-length|content-range|content-security-policy|content-type|cross-origin-(opener|resource)-policy|etag|last-modified|permissions-policy|referrer-policy|vary|x-content-type-options|x-request-id)$/

describe('a server of a collection that means harm', () => {
  let setting: Setting
  let hostile: HostileServer
  let other: HostileServer
  let maya: Visitor
  beforeAll(async () => {
    setting = await startSetting()
    hostile = await startHostileServer()
    other = await startHostileServer()
    sayFilesAreAt(setting, hostile.origin)
    maya = await visitAs(setting, 'Maya Okafor')
    await enable(maya, archive)
  })
  beforeEach(() => {
    hostile.requests.length = 0
    other.requests.length = 0
  })
  afterAll(async () => {
    await hostile[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
    await setting[Symbol.asyncDispose]()
  })
  const get = (kind: string, headers: Record<string, string> = {}): Promise<Seen> => maya.send(at(kind), { headers })

  it.each([301, 302, 303, 307, 308])(
    'SEC-74 leads nobody elsewhere by %i, and neither does a token follow',
    async (status) => {
      hostile.answer = (_, response) => response.writeHead(status, { location: `${other.origin}/steal` }).end()
      for (const kind of ['content', 'preview', 'upload-check']) {
        const { headers, status: answered } = await get(kind)
        expect([kind, answered >= 400, headers.get('location')]).toEqual([kind, true, null])
      }
      const headers = { origin, 'x-csrf-token': csrfOf(await visitFiles()) }
      expect((await maya.send(at('content'), { method: 'PUT', headers, body: 'mine' })).status).toBeGreaterThanOrEqual(
        400,
      )
      expect(other.requests).toEqual([])
    },
  )

  it('SEC-75 is told of the file, the token and the range alone', async () => {
    hostile.answer = (_, response) => response.end('a')
    const secret = {
      cookie: 'tracker=1',
      'x-forwarded-for': '10.0.0.1',
      authorization: 'Basic bWU6bWU=',
      te: 'trailers',
      'if-none-match': '"a"',
      'x-secret': '1',
    }
    await get('content', { ...secret, range: 'bytes=0-5' })
    const [request] = hostile.requests
    expect(Object.keys(request?.headers ?? {}).toSorted()).toEqual(['authorization', 'connection', 'host', 'range'])
    expect(request?.headers.authorization).toMatch(/^Bearer /)
    expect(JSON.stringify(request)).not.toMatch(/tracker|10\.0\.0\.1|bWU6bWU/)
  })

  it('SEC-75 SEC-102 puts nothing of its own beside the bytes', async () => {
    hostile.answer = (_, response) =>
      response
        .writeHead(200, {
          'set-cookie': ['pierhead-x-session=stolen', 'a=b; Domain=localhost'],
          'content-type': 'text/html',
          'content-disposition': 'inline; filename="x.html"',
          'content-security-policy': "default-src *; script-src 'unsafe-inline'",
          'cache-control': 'public, max-age=999999',
          'access-control-allow-origin': '*',
          'access-control-allow-credentials': 'true',
          'clear-site-data': '"*"',
          refresh: '0; url=https://evil.example',
          link: '<https://evil.example/x.css>; rel=stylesheet',
          location: 'https://evil.example',
          'service-worker-allowed': '/',
          sourcemap: 'https://evil.example',
          'x-request-id': 'forged',
          'strict-transport-security': 'max-age=0',
          'proxy-authenticate': 'Basic',
          'www-authenticate': 'Basic',
          'x-accel-redirect': '/internal',
          'x-sendfile': '/etc/passwd',
        })
        .end('<script>alert(1)</script>')
    const { headers } = await get('content')
    expect([...headers.keys()].filter((name) => !allowed.test(name))).toEqual([])
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="a.txt"; filename*=UTF-8''a.txt`,
      'content-security-policy': expect.stringMatching(/^sandbox;/),
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    })
    expect(headers.get('x-request-id')).not.toBe('forged')
  })

  it.each([
    ['gzip', gzipSync(Buffer.alloc(30_000_000))],
    ['deflate', deflateRawSync(Buffer.alloc(30_000_000))],
    ['br, gzip', Buffer.from('nothing')],
  ])('SEC-103 unpacks nothing in the portal: %s', async (encoding, bytes) => {
    hostile.answer = (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bytes)
    const { body, headers, status } = await get('content')
    expect([status, headers.get('content-encoding'), body.length <= bytes.length]).toEqual([200, null, true])
    expect((await get('preview')).body.length).toBeLessThan(100_000)
  })

  it('REL-09 that never ends is read for a preview no further than a preview goes', async () => {
    let sent = 0
    hostile.answer = (_, response) => {
      const more = (): void => {
        if (response.destroyed) return
        sent += 65_536
        response.write('a'.repeat(65_536))
      }
      response.writeHead(200)
      response.on('drain', () => setImmediate(more))
      more()
    }
    expect((await get('preview')).status).toBe(200)
    expect(sent).toBeLessThan(10_000_000)
  })

  it.each([
    ['bytes 5-2/1', 206],
    ['bytes 0-0/99999999999999999999', 206],
    ['bytes */0', 206],
    ['nonsense', 206],
    [undefined, 206],
    ['bytes 0-0/1', 200],
  ])('says %j of what it sends, and the portal stays whole', async (range, status) => {
    hostile.answer = (_, response) =>
      response.writeHead(status, range === undefined ? {} : { 'content-range': range }).end('a')
    for (const kind of ['content', 'preview', 'upload-check'])
      expect([kind, (await get(kind)).status < 500]).toEqual([kind, true])
    expect((await get('content', { range: 'bytes=0-5' })).status).toBeLessThan(500)
    expect((await maya.send(at('content'), { method: 'HEAD' })).status).toBeLessThan(500)
  })

  it.each([
    ['another service', { required_scopes: ['urn:globus:auth:scope:auth.globus.org:manage_projects'] }],
    ['another collection', { required_scopes: [`https://auth.globus.org/scopes/${collections.mayasLaptop}/https`] }],
    [
      'another collection inside its own',
      {
        required_scopes: [
          `https://auth.globus.org/scopes/${archive}/https[*https://auth.globus.org/scopes/${collections.mayasLaptop}/https]`,
        ],
      },
    ],
    ['all of groups', { required_scopes: ['urn:globus:auth:scope:groups.api.globus.org:all', 'openid'] }],
  ])('SEC-90 gets nobody to allow the portal what belongs to %s', async (_, asked) => {
    hostile.answer = (_request, response) =>
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end(JSON.stringify({ code: 'ConsentRequired', ...asked, authorization_parameters: asked }))
    for (const kind of ['content', 'preview', 'upload-check']) {
      const { headers, status } = await get(kind)
      expect([kind, status, headers.get('location')]).toEqual([kind, 403, null])
    }
  })

  it('may still ask for what is its own', async () => {
    const own = `https://auth.globus.org/scopes/${archive}/https[*https://auth.globus.org/scopes/${archive}/data_access]`
    const asked = { required_scopes: [own, 'openid'] }
    hostile.answer = (_request, response) =>
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end(JSON.stringify({ code: 'ConsentRequired', authorization_parameters: asked }))
    const { headers } = await get('preview')
    await maya.send(headers.get('location') ?? '')
    const scope = new URL(maya.page.headers.get('location') ?? '').searchParams.get('scope')
    expect(scope?.split(/ (?![^[]*\])/)).toEqual(expect.arrayContaining([own, 'openid']))
  })

  it('SEC-15 SEC-60 says nothing but text in its errors, and not for long', async () => {
    const words = `"><script>alert(1)</script>\r\nSet-Cookie: a=b${'x'.repeat(100_000)}`
    for (const status of [400, 401, 403, 404, 409, 418, 507]) {
      hostile.answer = (_request, response) =>
        response
          .writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' })
          .end(JSON.stringify({ code: words, message: words }))
      const { body, headers } = await get('preview', { accept: 'text/html' })
      expect([status, body.includes('<script>alert'), body.length < 20_000]).toEqual([status, false, true])
      expect(headers.getSetCookie().filter((line) => line.startsWith('a='))).toEqual([])
    }
  })

  it.each([
    'https://169.254.169.254',
    'http://169.254.169.254',
    'https://10.0.0.1',
    'https://[fd00::1]',
    'https://evil.example@127.0.0.1',
    'http://evil.example',
    'file:///etc/passwd',
    'https://evil.example/path',
    'javascript:alert(1)',
    'https://[::ffff:10.0.0.1]',
    'https://100.64.0.1',
    '',
    ' ',
    'https://',
  ])('SEC-74 is never asked where it is at %j', async (server) => {
    setting.emulator.faults.clear()
    sayFilesAreAt(setting, server)
    // Where files are is remembered for a minute, for each session.
    const visitor = await visitAs(setting, 'Maya Okafor')
    await enable(visitor, archive)
    for (const kind of ['content', 'preview', 'upload-check']) {
      const { body, status } = await visitor.send(at(kind))
      const isQuiet = status >= 400 || body.includes('Enable upload') || body.includes('no HTTPS server')
      expect([kind, isQuiet]).toEqual([kind, true])
      expect(body).not.toMatch(/href="(?:javascript|file):/)
    }
  })

  async function visitFiles(): Promise<Visitor> {
    await maya.open(`/collections/${archive}/files`)
    return maya
  }
})
