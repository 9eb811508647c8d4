import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { getSession, loginMiddleware, readForm, requireSession } from '../../src/node.ts'
import { listen, type Mount } from '../support/adapters.ts'
import { createRig, logIn, type Rig } from '../support/rig.ts'

type Handler = (req: IncomingMessage, res: ServerResponse) => unknown

type Before = (res: ServerResponse) => unknown
const strict: Before = (res) => res.setHeader('Strict-Transport-Security', 'max-age=600')

async function rigWith(handler: Handler, before = strict): Promise<Rig> {
  const mount: Mount = (login) => {
    const middleware = loginMiddleware(login)
    return listen((req, res) => {
      before(res)
      const next = (): unknown => (req.url === '/csrf' ? res.end(requireSession(req).csrfToken) : handler(req, res))
      middleware(req, res, next).catch((error: unknown) => res.writeHead(500).end(String(error)))
    })
  }
  return createRig({ mount })
}

describe('the node:http adapter', () => {
  const forms: Record<string, Handler> = {
    'end alone': (_req, res) => res.end('x'),
    setHeader: (_req, res) => res.setHeader('Cache-Control', 'public').setHeader('Vary', 'Accept').end('x'),
    'writeHead with an object': (_req, res) =>
      res.writeHead(200, { 'Cache-Control': 'public', Vary: 'Accept' }).end('x'),
    'writeHead with a list': (_req, res) => res.writeHead(200, ['Cache-Control', 'public', 'Vary', 'Accept']).end('x'),
    'writeHead with a message': (_req, res) => res.writeHead(200, 'Fine', { 'cache-control': 'public' }).end('x'),
    'write first': (_req, res) => (res.write('x'), res.end()),
    flushHeaders: (_req, res) => (res.flushHeaders(), res.end('x')),
  }
  for (const [name, handler] of Object.entries(forms)) {
    it(`SEC-47 marks the answer of a session that leaves by ${name}`, async () => {
      const rig = await rigWith(handler)
      await logIn(rig)
      const { status, body, headers } = await rig.browser.visit('/')
      expect([status, body, headers.get('cache-control')]).toEqual([200, 'x', 'private, no-store'])
      expect(headers.get('vary')).toMatch(/\bCookie\b/)
    })
  }

  it.each([
    ['/many', '1, 2'],
    ['/one', 'one'],
  ])('SEC-47 puts its headers beside those of writeHead, whatever their spelling: %s', async (path, many) => {
    const own = { Vary: 'Accept', 'CACHE-CONTROL': 'public', 'x-own': 1, 'x-many': many === 'one' ? many : ['1', '2'] }
    const rig = await rigWith(
      (_req, res) => res.writeHead(200, 'Fine', own).end('x'),
      () => undefined,
    )
    await logIn(rig)
    const { headers } = await rig.browser.visit(path)
    const names = ['vary', 'cache-control', 'x-own', 'x-many']
    expect(names.map((name) => headers.get(name))).toEqual(['Accept, Cookie', 'private, no-store', '1', many])
  })

  it('SEC-47 tells a wrapper of writeHead below it of the headers of both', async () => {
    const seen: unknown[][] = []
    const watch: Before = (res) => {
      const writeHead = res.writeHead.bind(res)
      res.writeHead = (...given: unknown[]) => {
        seen.push(given)
        return writeHead(200, { 'x-own': 'a', ...Object(given[1]) })
      }
    }
    const rig = await rigWith((_req, res) => res.writeHead(200, { 'x-own': 'a' }).end('x'), watch)
    await logIn(rig)
    const { headers } = await rig.browser.visit('/')
    expect([headers.get('x-own'), headers.get('cache-control')]).toEqual(['a', 'private, no-store'])
    expect(seen.at(-1)).toMatchObject([200, { 'x-own': 'a', 'cache-control': 'private, no-store', vary: 'Cookie' }])
  })

  it('a list of headers replaces what was set before, as it does without login', async () => {
    const rig = await rigWith((_req, res) => {
      res.setHeader('Content-Type', 'text/html')
      res.writeHead(200, ['Content-Type', 'text/plain', 'X-Many', '1', 'X-Many', '2']).end('x')
    })
    const { headers } = await rig.browser.visit('/')
    expect([headers.get('content-type'), headers.get('x-many')]).toEqual(['text/plain', '1, 2'])
  })

  it("keeps security headers that earlier middleware set, and drops what described the failed handler's body", async () => {
    const rig = await rigWith((req, res) => {
      res.setHeader('Content-Type', 'image/png').setHeader('ETag', '"1"').setHeader('Content-Length', '3')
      requireSession(req)
    })
    const { status, headers } = await rig.browser.visit('/')
    expect([status, headers.get('etag'), headers.get('content-type')]).toEqual([303, null, null])
    expect(headers.get('strict-transport-security')).toBe('max-age=600')
    expect((await rig.browser.visit('/login')).headers.get('strict-transport-security')).toBe('max-age=600')
  })

  it('gives the handler the form that login has read already', async () => {
    const rig = await rigWith(async (req, res) => res.end((await readForm(req)).get('name')))
    await logIn(rig)
    const { body: token } = await rig.browser.visit('/csrf')
    expect((await rig.browser.visit('/', { method: 'POST', form: { csrf_token: token, name: 'Ada' } })).body).toBe(
      'Ada',
    )
    const chunked = { 'transfer-encoding': 'chunked', 'x-csrf-token': token }
    const unread = await rig.browser.visit('/', { method: 'POST', form: { name: 'Ben' }, headers: chunked })
    expect(unread.body).toBe('Ben')
  })

  it('breaks the connection when a handler fails in the middle of its answer', async () => {
    const rig = await rigWith((req, res) => {
      res.write('half')
      requireSession(req)
    })
    await expect(rig.browser.visit('/')).rejects.toThrow(/aborted|hang up|ECONNRESET/)
  })

  it('throws errors of others on', async () => {
    const rig = await rigWith(() => {
      throw new RangeError('mine')
    })
    const { status, body } = await rig.browser.visit('/')
    expect([status, body]).toEqual([500, 'RangeError: mine'])
  })

  it('says what is missing when no middleware ran', async () => {
    const messages: string[] = []
    const server = await listen((req, res) => {
      try {
        getSession(req)
      } catch (error) {
        messages.push(String(error))
      }
      res.end()
    })
    await server.send({ method: 'GET', target: '/', headers: {} })
    await server.close()
    expect(messages).toEqual(['TypeError: Call loginMiddleware before asking for a session.'])
  })
})
