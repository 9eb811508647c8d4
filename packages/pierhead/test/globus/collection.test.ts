import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { LookupFunction } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { collectionClient } from '../../src/globus.ts'
import { settle } from '../support/clock.ts'
import { refusal, session, startService, swiftClock, token, uuid, type Service } from './service.ts'

const collectionOn = (server: string | null) => ({ id: uuid, https_server: server })

/** A collection of a Globus on this machine, which keeps what is put into it. */
async function startCollection(): Promise<Service & { readonly files: Map<string, string> }> {
  const files = new Map<string, string>([['/notes.txt', 'tide table']])
  const service = await startService(({ method, path, body, headers }) => {
    if (method === 'PUT') files.set(path, body)
    if (method === 'DELETE') files.delete(path)
    const file = files.get(path)
    if (method === 'PUT' || method === 'DELETE') return { status: 204 }
    if (file === undefined) return { status: 404, body: { code: 'NotFound', message: 'No such file' } }
    const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
    if (start === undefined) return { headers: { 'content-type': 'text/plain', etag: '"1"' }, body: file }
    const part = file.slice(Number(start), end === '' ? undefined : Number(end) + 1)
    const range = `bytes ${start}-${Number(start) + part.length - 1}/${file.length}`
    return { status: 206, headers: { 'content-range': range, 'content-length': String(part.length) }, body: part }
  })
  return { ...service, files }
}

describe('files of a collection', () => {
  it('are read with the token of the collection', async () => {
    const { origin, received } = await startCollection()
    const file = await collectionClient(session, collectionOn(origin)).get('/notes.txt')
    expect(await text(file.body)).toBe('tide table')
    expect(file).toMatchObject({ status: 200, contentType: 'text/plain', etag: '"1"', range: undefined })
    expect(received[0]?.headers.authorization).toBe(`Bearer ${token}.${uuid}`)
  })

  it('are read in part, and say which part came', async () => {
    const { origin } = await startCollection()
    const collection = collectionClient(session, collectionOn(origin))
    const middle = await collection.get('/notes.txt', { range: { start: 5, end: 7 } })
    expect(await text(middle.body)).toBe('tab')
    expect(middle).toMatchObject({ status: 206, size: 3, range: { start: 5, end: 7, total: 10 } })
    const rest = await collection.get('/notes.txt', { range: { start: 5 } })
    expect(await text(rest.body)).toBe('table')
    for (const range of [{ start: -1 }, { start: 1.5 }, { start: 3, end: 2 }])
      await expect(collection.get('/notes.txt', { range })).rejects.toThrow(TypeError)
  })

  it('are written, looked at and removed', async () => {
    const { origin, files } = await startCollection()
    const collection = collectionClient(session, collectionOn(origin))
    await collection.put('/new/a b?#%.txt', 'text')
    expect([...files.keys()]).toContain('/new/a%20b%3F%23%25.txt')
    await expect(collection.head('/new/a b?#%.txt')).resolves.toMatchObject({ status: 200 })
    await collection.remove('/new/a b?#%.txt')
    await expect(collection.head('/new/a b?#%.txt')).rejects.toMatchObject({ status: 404, service: 'collection' })
  })

  it('are sent from a stream as fast as the server takes them, and arrive whole', async () => {
    const [sent, arrived] = [createHash('sha256'), createHash('sha256')]
    let produced = 0
    let producedWhileWaiting = 0
    const { origin } = await startRaw((request, response) => {
      void settle(300).then(() => {
        producedWhileWaiting = produced
        request.on('data', (chunk: Buffer) => arrived.update(chunk))
        request.on('end', () => response.writeHead(201).end())
      })
    })
    const block = randomBytes(1024 * 1024)
    const blocks = async function* () {
      for (; produced < 64; produced += 1) {
        sent.update(block)
        yield block
      }
    }
    await collectionClient(session, collectionOn(origin)).put('/big', blocks())
    expect(producedWhileWaiting).toBeGreaterThan(0)
    expect(producedWhileWaiting).toBeLessThan(32)
    expect(arrived.digest('hex')).toBe(sent.digest('hex'))
  })

  it('give the reason of a refusal that comes before the upload has ended', async () => {
    const { origin } = await startRaw((_request, response) =>
      response
        .writeHead(403, { 'content-type': 'application/json', connection: 'close' })
        .end('{"code":"EndpointPermissionDenied","message":"no"}'),
    )
    const blocks = async function* () {
      for (let count = 0; count < 3; count += 1) yield randomBytes(1000)
    }
    const error = await refusal(collectionClient(session, collectionOn(origin)).put('/big', blocks()))
    expect(error).toMatchObject({ status: 403, serviceCode: 'EndpointPermissionDenied' })
  })

  it('that are cut end in an error, not in a short file', async () => {
    const { origin } = await startRaw((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('only this')
      setImmediate(() => response.destroy())
    })
    const file = await collectionClient(session, collectionOn(origin)).get('/cut')
    await expect(buffer(file.body)).rejects.toMatchObject({ code: 'globus_service_unreachable' })
  })

  it('end in an error when nothing comes for too long', async () => {
    const { origin } = await startRaw((_request, response) => void response.writeHead(200).write('begin'))
    let [time, ring] = [0, (): void => undefined]
    const wait = () => new Promise<void>((resolve) => (ring = resolve))
    const clock = { ...swiftClock(), now: () => time, wait }
    const file = await collectionClient(session, collectionOn(origin), { clock }).get('/slow')
    const reader = file.body.getReader()
    await reader.read()
    const next = refusal(reader.read())
    setImmediate(() => {
      time = 30_000
      ring()
    })
    expect(await next).toMatchObject({ code: 'globus_service_timeout' })
  })

  it('free their connection when they are not wanted any more', async () => {
    let closed = (): void => undefined
    const gone = new Promise<void>((resolve) => (closed = resolve))
    const { origin } = await startRaw((_request, response) => {
      response.writeHead(200).write('begin')
      response.on('close', closed)
    })
    const file = await collectionClient(session, collectionOn(origin)).get('/slow')
    await file.body.cancel()
    await expect(gone).resolves.toBeUndefined()
  })

  it.each(['', 'tide table'])('end quietly when nobody wants them and all has come: %j', async (content) => {
    const faults: unknown[] = []
    const note = (error: unknown): void => void faults.push(error)
    process.on('uncaughtExceptionMonitor', note)
    onTestFinished(() => void process.off('uncaughtExceptionMonitor', note))
    const { origin, files } = await startCollection()
    files.set('/whole.txt', content)
    const file = await collectionClient(session, collectionOn(origin)).get('/whole.txt')
    await file.body.cancel()
    await settle()
    expect(faults).toEqual([])
  })
})

describe('the address of a collection', () => {
  const hostile: readonly (readonly [string, string | null])[] = [
    ['no server', null],
    ['an empty server', ''],
    ['http', 'http://data.example.org'],
    ['a user', 'https://user@data.example.org'],
    ['a password', 'https://user:pass@data.example.org'],
    ['a path', 'https://data.example.org/other/'],
    ['a query', 'https://data.example.org/?x'],
    ['a fragment', 'https://data.example.org/#x'],
    ['another scheme', 'ftp://data.example.org'],
    ['a script', 'javascript:alert(1)'],
    ['no address', 'data.example.org'],
    ['loopback', 'https://127.0.0.1'],
    ['loopback by name', 'https://localhost'],
    ['loopback in IPv6', 'https://[::1]'],
    ['loopback in decimal', 'https://2130706433'],
    ['loopback in hexadecimal', 'https://0x7f.1'],
    ['loopback mapped into IPv6', 'https://[::ffff:127.0.0.1]'],
    ['a private network', 'https://10.1.2.3'],
    ['another private network', 'https://192.168.1.1'],
    ['metadata of a cloud', 'https://169.254.169.254'],
    ['a unique local address', 'https://[fd00::1]'],
    ['a link-local address', 'https://[fe80::1]'],
    ['no address at all', 'https://0.0.0.0'],
  ]

  it.each(hostile)('with %s gets no token in production', async (_name, server) => {
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', 'https://auth.globus.org')
    let asked = 0
    const source = { accessToken: async () => `AgToken${(asked += 1)}` }
    const error = await refusal(collectionClient(source, collectionOn(server)).get('/a'))
    expect(error).toMatchObject({ code: 'collection_refused' })
    expect(asked).toBe(0)
  })

  it('on another machine gets no token in the clear from a local Globus either', async () => {
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', 'http://127.0.0.1:8889')
    const error = await refusal(collectionClient(session, collectionOn('http://data.example.org')).get('/a'))
    expect(error).toMatchObject({ code: 'collection_refused' })
  })

  it('SEC-74 whose name leads to a private address when it is connected gets no token', async () => {
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', 'https://auth.globus.org')
    const asked: string[] = []
    const lookup: LookupFunction = (name, _options, callback) => {
      asked.push(name)
      callback(null, [
        { address: '203.0.113.7', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])
    }
    const collection = collectionClient(session, collectionOn('https://data.example.org'), { lookup })
    expect(await refusal(collection.get('/a'))).toMatchObject({ code: 'collection_refused' })
    expect(asked).toEqual(['data.example.org'])
  })

  it('SEC-75 that redirects gets no second request', async () => {
    const elsewhere = await startRaw((_request, response) => response.end('stolen'))
    const { origin } = await startRaw((_request, response) =>
      response.writeHead(302, { location: `${elsewhere.origin}/a` }).end(),
    )
    const error = await refusal(collectionClient(session, collectionOn(origin)).get('/a'))
    expect(error).toMatchObject({ code: 'globus_service_error', status: 302 })
    expect(elsewhere.requests).toEqual([])
  })
})

describe('a path', () => {
  it.each([
    ['//elsewhere.invalid/a', '/elsewhere.invalid/a'],
    ['/\\elsewhere.invalid', '/%5Celsewhere.invalid'],
    ['a', '/a'],
    ['/https://elsewhere.invalid', '/https%3A//elsewhere.invalid'],
    ['/@elsewhere.invalid', '/%40elsewhere.invalid'],
    ['/%2e%2e/secret', '/%252e%252e/secret'],
    ['/Zoë/日', '/Zo%C3%AB/%E6%97%A5'],
  ])('SEC-74 %s stays on its host as %s', async (path, sent) => {
    const { origin, requests } = await startRaw((_request, response) => response.end('x'))
    const file = await collectionClient(session, collectionOn(origin)).get(path)
    await text(file.body)
    expect(requests).toEqual([sent])
  })

  it.each(['', '/..', '/a/../b', '/./a', '/a\r\nx: y', '/a\0', '/\ud800'])('%j is refused', async (path) => {
    const { origin, requests } = await startRaw((_request, response) => response.end('x'))
    await expect(collectionClient(session, collectionOn(origin)).get(path)).rejects.toThrow(TypeError)
    expect(requests).toEqual([])
  })
})

/** A server that answers by hand, on the machine of a local Globus. */
async function startRaw(answer: Parameters<typeof createServer>[1] & object) {
  const requests: string[] = []
  const server: Server = createServer((request, response) => {
    requests.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', origin)
  return { origin, requests }
}

describe('what the server of a collection asks of a person', () => {
  const own = `https://auth.globus.org/scopes/${uuid}`
  const other = 'https://auth.globus.org/scopes/0b4a5f3e-0c0d-4c1e-9f5a-6b7c8d9e0f10'
  const transfer = 'urn:globus:auth:scope:transfer.api.globus.org:all'

  it.each([
    [`${own}/https`, true],
    [`${own}/https[*${own}/data_access]`, true],
    [`${transfer}[*${own}/data_access]`, true],
    [transfer, false],
    [`${other}/https`, false],
    [`${own}/https[${other}/https]`, false],
    [`${transfer}[*${other}/data_access ${own}/data_access]`, false],
    [`${own}.evil/https`, false],
    ['openid', false],
  ])('SEC-90 is its own or nothing: %s', async (scope, isAsked) => {
    const document = {
      code: 'ConsentRequired',
      message: 'More',
      authorization_parameters: { required_scopes: [scope] },
    }
    const { origin } = await startService(() => ({ status: 403, body: document }))
    const error = await collectionClient(session, collectionOn(origin))
      .get('/notes.txt')
      .catch((thrown: unknown) => thrown)
    const expected = isAsked
      ? { code: 'authorization_required', requiredScopes: [scope] }
      : { code: 'globus_service_error', status: 403, serviceCode: 'ConsentRequired' }
    expect(error).toMatchObject(expected)
  })
})
