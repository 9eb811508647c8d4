import { createHash, randomBytes } from 'node:crypto'
import { createServer, request as rawRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ApiProxyOptions } from '../../src/proxy.ts'
import { until } from '../support/clock.ts'
import { adapters, collectionId, startProxied, type Proxied } from './proxied-app.ts'

const megabyte = 1024 * 1024
/** More than the sockets and streams on the way hold by themselves. */
const muchMore = 64 * megabyte

beforeEach(() => {
  // A local Globus: its tokens may go to collections on this machine.
  vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', 'http://127.0.0.1:1')
})

async function startCollection(
  name: string,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<ApiProxyOptions> = {},
): Promise<Proxied> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo
  const collection = { id: collectionId, https_server: `http://127.0.0.1:${port}` }
  return startProxied(name, {
    collections: { survey: { collection, methods: ['GET', 'HEAD', 'PUT', 'DELETE'] } },
    ...options,
  })
}

function open(proxied: Proxied, method: string, path: string, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(proxied.origin)
  return rawRequest({ hostname, port, method, path, headers: { ...proxied.headers, ...headers }, agent: false })
}

/** Bytes without an end, counted as they are taken. */
function endless(): { stream: Readable; taken: () => number } {
  let taken = 0
  const stream = new Readable({
    read() {
      taken += megabyte
      this.push(Buffer.alloc(megabyte))
    },
  })
  return { stream, taken: () => taken }
}

/** Resolves when a number has not grown for a while: whatever was to flow has flowed. */
async function standsStill(count: () => number): Promise<number> {
  for (let before = -1; before !== count();) {
    before = count()
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return count()
}

describe.each(Object.keys(adapters))('data through a proxy served by %s', { timeout: 60_000 }, (name) => {
  it('arrives whole in both directions, with the token of the collection', async () => {
    const content = randomBytes(5 * megabyte)
    const arrived = createHash('sha256')
    const seen: IncomingMessage['headers'][] = []
    const proxied = await startCollection(name, (request, response) => {
      seen.push(request.headers)
      if (request.method === 'GET') response.writeHead(200, { 'content-type': 'image/png' }).end(content)
      else request.on('data', (chunk: Buffer) => arrived.update(chunk)).on('end', () => response.writeHead(201).end())
    })
    const init = { headers: proxied.headers }
    const file = await fetch(`${proxied.origin}/globus/survey/data/tide%20table.png`, init)
    expect(Buffer.from(await file.arrayBuffer()).equals(content)).toBe(true)
    expect(file.headers.get('content-type')).toBe('image/png')
    const stored = await fetch(`${proxied.origin}/globus/survey/new`, { ...init, method: 'PUT', body: content })
    expect(stored.status).toBe(201)
    expect(arrived.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'))
    expect(seen.map(({ authorization }) => authorization)).toEqual(Array(2).fill('Bearer token-of-the-collection'))
    expect(seen[1]).toMatchObject({ 'content-length': String(content.length) })
  })

  it('gives parts and conditions on', async () => {
    const proxied = await startCollection(name, (request, response) => {
      if (request.headers['if-none-match'] === '"1"') return void response.writeHead(304, { etag: '"1"' }).end()
      const headers = { 'content-range': 'bytes 2-4/9', 'content-length': '3', etag: '"1"', 'accept-ranges': 'bytes' }
      return void response.writeHead(206, headers).end(request.method === 'HEAD' ? '' : 'cde')
    })
    const get = (headers: Record<string, string>, method = 'GET') =>
      fetch(`${proxied.origin}/globus/survey/file`, { method, headers: { ...proxied.headers, ...headers } })
    const part = await get({ range: 'bytes=2-4' })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/9', 'cde'])
    const same = await get({ 'if-none-match': '"1"' })
    expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, '"1"', ''])
    const head = await get({}, 'HEAD')
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([206, '3', ''])
  })

  it('leaves the collection no faster than the browser takes it', async () => {
    const source = endless()
    const proxied = await startCollection(name, (_, response) => {
      response.writeHead(200)
      void pipeline(source.stream, response).catch(() => undefined)
    })
    const outgoing = open(proxied, 'GET', '/globus/survey/endless').end()
    const response = await new Promise<IncomingMessage>((resolve) => outgoing.on('response', resolve))
    response.pause()
    const waiting = await standsStill(source.taken)
    expect(waiting).toBeGreaterThan(0)
    expect(waiting).toBeLessThan(muchMore)
    let read = 0
    await new Promise<void>((resolve) => {
      response.on('data', (chunk: Buffer) => {
        read += chunk.length
        if (read > waiting) resolve()
      })
      response.resume()
    })
    expect(source.taken()).toBeGreaterThan(waiting)
    outgoing.destroy()
    await until(() => source.stream.destroyed)
  })

  it('leaves the browser no faster than the collection takes it', async () => {
    let go = (): void => undefined
    let received = 0
    const proxied = await startCollection(name, (request) => {
      go = () => void request.on('data', (chunk: Buffer) => (received += chunk.length))
    })
    const source = endless()
    const outgoing = open(proxied, 'PUT', '/globus/survey/endless')
    outgoing.on('error', () => undefined)
    void pipeline(source.stream, outgoing).catch(() => undefined)
    const waiting = await standsStill(source.taken)
    expect(waiting).toBeLessThan(muchMore)
    go()
    await until(() => received > waiting)
    outgoing.destroy()
  })

  it('ends at the collection when the browser goes away, in either direction', async () => {
    const ended: string[] = []
    let begun = 0
    const proxied = await startCollection(name, (request, response) => {
      request.on('data', () => (begun += 1))
      request.on('close', () => !request.complete && ended.push('upload'))
      if (request.method === 'GET') {
        response.writeHead(200).write('begin')
        begun += 1
        response.on('close', () => ended.push('download'))
      }
    })
    const download = open(proxied, 'GET', '/globus/survey/file')
      .on('error', () => undefined)
      .end()
    await until(() => begun === 1)
    download.destroy()
    await until(() => ended.includes('download'))
    const upload = open(proxied, 'PUT', '/globus/survey/file', { 'content-length': '100' }).on('error', () => undefined)
    upload.write('only this')
    await until(() => begun === 2)
    upload.destroy()
    await until(() => ended.includes('upload'))
    expect(ended.toSorted()).toEqual(['download', 'upload'])
  })

  it('that is cut on its way is no shorter file, but an error', async () => {
    const proxied = await startCollection(name, (_, response) => {
      response.writeHead(200).write('only this')
      setTimeout(() => response.destroy(), 50)
    })
    const answer = await fetch(`${proxied.origin}/globus/survey/file`, { headers: proxied.headers })
    await expect(answer.text()).rejects.toThrow(/terminated/)
  })

  it('stops when nothing comes for too long', async () => {
    const proxied = await startCollection(name, () => undefined, { idleTimeout: 100 })
    const answer = await fetch(`${proxied.origin}/globus/survey/file`, { headers: proxied.headers })
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ code: 'globus_service_timeout' })
  })

  it('keeps names of files what they are', async () => {
    const paths: (string | undefined)[] = []
    const proxied = await startCollection(name, ({ url }, response) => {
      paths.push(url)
      response.end()
    })
    for (const path of ['a%20b/%C3%A4.txt', 'x%3Fy%23z', 'a%2Fb', '..%2Fsecret'])
      await fetch(`${proxied.origin}/globus/survey/${path}`, { headers: proxied.headers })
    expect(paths).toEqual(['/a%20b/%C3%A4.txt', '/x%3Fy%23z'])
  })
})

describe('a collection whose server is hostile', () => {
  it.each([
    ['not https', 'http://data.example'],
    ['private', 'https://10.0.0.1'],
    ['on this machine', 'https://127.0.0.1'],
    ['missing', null],
  ])('gets no token when it is %s', async (_, https_server) => {
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', 'https://auth.globus.org')
    const collections = { survey: { collection: { id: collectionId, https_server } } }
    const proxied = await startProxied('Hono', { collections })
    const answer = await fetch(`${proxied.origin}/globus/survey/file`, { headers: proxied.headers })
    expect(answer.status).toBe(502)
    expect(await answer.json()).toMatchObject({ code: 'collection_refused' })
  })

  it('gets no token when its name leads to a private address', async () => {
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', 'https://auth.globus.org')
    const collections = { survey: { collection: { id: collectionId, https_server: 'https://data.example' } } }
    const proxied = await startProxied('Hono', {
      collections,
      lookup: (_name, _options, callback) => callback(null, [{ address: '10.1.2.3', family: 4 }]),
    })
    const answer = await fetch(`${proxied.origin}/globus/survey/file`, { headers: proxied.headers })
    expect(await answer.json()).toMatchObject({ code: 'collection_refused' })
  })
})
