import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'
import { listen, type Listening } from '../src/server.ts'
import { collections, enable, visitAs } from './support/files.ts'
import { freePort } from '../../../tools/lib/ports.ts'
import { sayFilesAreAt, startHostileServer, type HostileServer } from './support/hostile-server.ts'
import { startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const { tidalSurveyArchive: archive } = collections
const path = `/collections/${archive}/content?path=%2Fa.txt`
const patience = { headers: 60_000, body: 60_000, silence: 4000, check: 100 }
/** Of a portal that is asked by nobody but those who keep it waiting. */
const little = { ...patience, headers: 500, body: 1000 }

describe('the socket of the portal', () => {
  // The adapter for Node puts its own in their place.
  const globals = { Request: globalThis.Request, Response: globalThis.Response }
  let setting: Setting
  const listening: Listening[] = []
  let port: number
  let hasty: number
  let maya: Visitor

  beforeAll(async () => {
    setting = await startSetting()
    port = await freePort()
    hasty = await freePort()
    listening.push(await listen(setting.portal.app, { port, listen: 'loopback' }, patience))
    listening.push(await listen(setting.portal.app, { port: hasty, listen: 'loopback' }, little))
    maya = await visitAs(setting, 'Maya Okafor')
    await enable(maya, archive)
  })
  afterAll(async () => {
    for (const one of listening) await one.close()
    await setting[Symbol.asyncDispose]()
    for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value })
  })

  /** Sends bytes, and gives all that comes back until the portal closes the connection. */
  async function raw(bytes: string, to = port): Promise<string> {
    const socket = connect(to, '127.0.0.1')
    socket.on('error', () => socket.destroy())
    socket.write(bytes)
    return text(socket).catch(() => 'reset')
  }

  it.each([
    ['a request line that never ends', 'GET / HTTP/1.1\r\n'],
    [
      'a form that never comes',
      'POST /logout HTTP/1.1\r\nHost: localhost:8888\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\n',
    ],
    ['half of a form', 'POST /logout HTTP/1.1\r\nHost: localhost:8888\r\nContent-Length: 10\r\n\r\na=b'],
    [
      'a page asked for with a body that never comes',
      'GET / HTTP/1.1\r\nHost: localhost:8888\r\nContent-Length: 10\r\n\r\n',
    ],
  ])('SEC-103 is not held by %s', async (_, bytes) => {
    expect(await raw(bytes, hasty)).not.toContain('500 Internal')
  })

  it.each([
    ['TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 40[0-9] /],
    ['TRACK / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', /^(HTTP\/1\.1 40[0-9] |$)/],
    [
      'CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example:80\r\nConnection: close\r\n\r\n',
      /^(HTTP\/1\.1 40[0-9] |$)/,
    ],
    ['PROPFIND / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 40[0-9] /],
    ['OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 40[0-9] /],
    [
      'GET http://evil.example/account HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 (30[0-9]|401) /,
    ],
    ['GET //evil.example/account HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 404 /],
    ['GET /\\evil.example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['GET / HTTP/1.1\r\nHost: evil.example@localhost\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    ['POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc', /^HTTP\/1\.1 400 /],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nX: a\nSet-Cookie: b\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 400 /],
  ])('answers %j as no page of anybody', async (bytes, expected) => {
    const answer = await raw(bytes)
    expect(answer).toMatch(expected)
    expect(answer).not.toMatch(/^location: (?:http:)?\/\/evil/im)
  })

  it('reads no more headers than it has room for', async () => {
    expect(await raw(`GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    )
  })

  describe('between a person and a server of a collection', () => {
    let hostile: HostileServer
    beforeAll(async () => {
      hostile = await startHostileServer()
      sayFilesAreAt(setting, hostile.origin)
      // Where files are is remembered for a minute, for each session.
      maya = await visitAs(setting, 'Maya Okafor')
      await enable(maya, archive)
    })
    afterAll(async () => {
      setting.emulator.faults.clear()
      await hostile[Symbol.asyncDispose]()
    })
    let printed: MockInstance[]
    beforeEach(() => void (printed = (['error', 'info'] as const).map((name) => vi.spyOn(console, name))))
    afterEach(() => vi.restoreAllMocks())
    const ask = async (more = ''): Promise<string> =>
      raw(
        `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: ${await maya.cookies()}\r\nConnection: close\r\n${more}\r\n`,
      )

    it.each([
      ['announced', { 'content-length': '1000' }],
      ['not announced', {}],
    ])('shows that a file was cut off whose length was %s, and adds nothing to it', async (_, headers) => {
      hostile.answer = (_request, response) => {
        response.writeHead(200, headers)
        response.write('x'.repeat(500), () => setTimeout(() => response.destroy(), 50))
      }
      const [head = '', ...rest] = (await ask()).split('\r\n\r\n')
      expect(head).toMatch(/^HTTP\/1\.1 200 /)
      expect(rest.join('\r\n\r\n').replaceAll(/[^x]/g, '')).toHaveLength(500)
      expect(rest.join('')).not.toMatch(/Error|\r\n0\r\n/)
      for (const spy of printed) expect(spy).not.toHaveBeenCalled()
      expect(setting.log.find((line) => line.includes('A download was cut off.'))).toMatch(/"request":"[0-9a-f-]{36}"/)
    })

    it('leaves the server when the person leaves', async () => {
      const left = Promise.withResolvers<void>()
      hostile.answer = (_request, response) => {
        response.on('close', () => left.resolve())
        response.writeHead(200).write('x')
      }
      const socket = connect(port, '127.0.0.1')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: ${await maya.cookies()}\r\n\r\n`)
      await once(socket, 'data')
      socket.destroy()
      await left.promise
      expect(hostile.requests.at(-1)).toMatchObject({ method: 'GET', url: '/a.txt' })
    })

    it('does not hold a connection for somebody who reads nothing of what they asked for', async () => {
      const left = Promise.withResolvers<void>()
      hostile.answer = (_request, response) => {
        response.on('close', () => left.resolve())
        response.writeHead(200)
        const more = (): void => void (response.destroyed || response.write(Buffer.alloc(65_536)))
        response.on('drain', () => setImmediate(more))
        more()
      }
      const socket = connect(port, '127.0.0.1').pause()
      socket.on('error', () => socket.destroy())
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: ${await maya.cookies()}\r\n\r\n`)
      await left.promise
      expect(hostile.requests.at(-1)).toMatchObject({ method: 'GET', url: '/a.txt' })
      socket.destroy()
    })
  })
})
