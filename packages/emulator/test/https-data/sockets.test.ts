import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { demo, startEmulator, type RunningEmulator, type StartOptions } from '../../src/index.ts'
import { originOf, tokenFor } from './support.ts'

const { collections: c, people } = demo
const running: RunningEmulator[] = []

afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close()
})

async function start(options: StartOptions = {}): Promise<RunningEmulator> {
  const emulator = await startEmulator({ port: 0, hosts: ['127.0.0.1'], ...options })
  running.push(emulator)
  return emulator
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-data-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const rootOf = (emulator: RunningEmulator, id: string): string => {
  const collection = emulator.world.collections.find(id)
  if (collection === undefined) throw new Error('no such collection')
  return emulator.transfer.roots.rootOf(collection).path
}

interface Exchange {
  readonly method?: string
  readonly path: string
  readonly headers?: Record<string, string>
}

/** Sends a request exactly as it is said, which `fetch` does not. */
const send = (origin: string, { method = 'GET', path, headers = {} }: Exchange): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    httpRequest({ host: hostname, port, method, path, headers }, resolve).on('error', reject).end()
  })

describe('the ports of collections', () => {
  it('serve one collection each, as the endpoint documents and the info say', async () => {
    const emulator = await start()
    const { collections } = emulator.info()
    const served = collections.filter(({ https_server: server }) => server !== null)
    expect(served.map(({ id }) => id)).toContain(c.tidalSurveyArchive)
    expect(served.map(({ id }) => id)).not.toContain(c.mayasLaptop)
    expect(new Set(served.map(({ https_server: server }) => server)).size).toBe(served.length)
    writeFileSync(join(rootOf(emulator, c.tidalSurveyPublic), 'open'), 'open')
    const answers = await Promise.all(
      served.map(({ https_server: server }) => fetch(`${server}/open`, { redirect: 'manual' })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(emulator.info().clients.map(({ client_id: id }) => id)).not.toContain(c.tidalSurveyArchive)
    const token = await emulator.issueTokens({
      client: demo.clients.portal,
      identity: people.maya,
      scopes: 'urn:globus:auth:scope:transfer.api.globus.org:all',
    })
    const document = await fetch(`${emulator.origin}/v0.10/endpoint/${c.tidalSurveyPublic}`, {
      headers: { authorization: `Bearer ${token.access_token}` },
    })
    expect(await document.json()).toMatchObject({ https_server: originOf(emulator, c.tidalSurveyPublic) })
  })

  it('are the same after a restart, and leave taken ones alone', async () => {
    const dataDir = temporaryFolder()
    const range = { first: 21_700, last: 21_760 }
    const first = await start({ dataDir, dataPorts: range })
    const port = (emulator: RunningEmulator): number => Number(new URL(originOf(emulator, c.oddNames)).port)
    const before = port(first)
    expect(before).toBeGreaterThanOrEqual(range.first)
    expect(before).toBeLessThanOrEqual(range.last)
    const other = await start({ dataPorts: range })
    expect(port(other)).not.toBe(before)
    await running.shift()?.close()
    expect(port(await start({ dataDir, dataPorts: range }))).toBe(before)
  })

  it('answer to no foreign name', async () => {
    const emulator = await start()
    writeFileSync(join(rootOf(emulator, c.tidalSurveyPublic), 'open'), 'open')
    const origin = originOf(emulator, c.tidalSurveyPublic)
    const { port } = new URL(origin)
    const status = async (host: string): Promise<number | undefined> => {
      const response = await send(origin, { path: '/open', headers: { host } })
      response.resume()
      return response.statusCode
    }
    expect([await status(`127.0.0.1:${port}`), await status(`localhost:${port}`)]).toEqual([200, 200])
    expect([await status(`evil.example:${port}`), await status('evil.example')]).toEqual([421, 421])
  })

  it('can be one, with names by wildcard DNS', async () => {
    const emulator = await start({ dataOriginTemplate: 'http://{id}.data.example:8889' })
    writeFileSync(join(rootOf(emulator, c.tidalSurveyPublic), 'open'), 'open')
    expect(originOf(emulator, c.tidalSurveyPublic)).toBe(`http://${c.tidalSurveyPublic}.data.example:8889`)
    const host = `${c.tidalSurveyPublic}.data.example:8889`
    expect((await send(emulator.origin, { path: '/open', headers: { host } })).statusCode).toBe(200)
    const unknown = '00000000-0000-4000-8000-000000000000.data.example:8889'
    expect((await send(emulator.origin, { path: '/open', headers: { host: unknown } })).statusCode).toBe(404)
    await expect(start({ dataOriginTemplate: 'http://data.example' })).rejects.toThrow('{id}')
  })
})

async function hashOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

describe('bytes over a socket', () => {
  it('come and go whole, without being held in memory', { timeout: 60_000 }, async () => {
    const emulator = await start()
    const root = rootOf(emulator, c.campusClusterScratch)
    const origin = originOf(emulator, c.campusClusterScratch)
    const token = await tokenFor(emulator, people.maya, c.campusClusterScratch)
    const source = join(temporaryFolder(), 'large')
    const block = randomBytes(1_000_000)
    for (let i = 0; i < 200; i += 1) writeFileSync(source, block, { flag: 'a' })
    const before = process.memoryUsage().rss
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' }
      const outgoing = httpRequest(`${origin}/large`, { method: 'PUT', headers }, resolve)
      pipeline(createReadStream(source), outgoing).catch(reject)
    })
    response.resume()
    expect(response.statusCode).toBe(201)
    const expected = await hashOf(createReadStream(source))
    expect(await hashOf(createReadStream(join(root, 'large')))).toBe(expected)
    const back = await send(origin, { path: '/large', headers: { authorization: `Bearer ${token}` } })
    expect(await hashOf(back)).toBe(expected)
    expect(process.memoryUsage().rss - before).toBeLessThan(190_000_000)
  })

  it('leave nothing behind when the sender goes away', async () => {
    const emulator = await start()
    const root = rootOf(emulator, c.campusClusterScratch)
    mkdirSync(root, { recursive: true })
    const origin = originOf(emulator, c.campusClusterScratch)
    const token = await tokenFor(emulator, people.maya, c.campusClusterScratch)
    const { hostname, port } = new URL(origin)
    for (const head of ['Content-Length: 5000000', 'Transfer-Encoding: chunked']) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined)
      const lines = [`PUT /half HTTP/1.1`, `Host: ${hostname}:${port}`, `Authorization: Bearer ${token}`, head, '', '']
      socket.write(lines.join('\r\n'))
      socket.write(head.startsWith('T') ? `5\r\nhello\r\n` : 'hello')
      await expect.poll(() => readdirSync(root).length).toBe(1)
      socket.destroy()
      await expect.poll(() => readdirSync(root)).toEqual([])
    }
  })

  it('have a length also where there is no body', async () => {
    const emulator = await start()
    writeFileSync(join(rootOf(emulator, c.tidalSurveyPublic), 'open'), 'open')
    writeFileSync(join(rootOf(emulator, c.tidalSurveyPublic), 'empty'), '')
    const origin = originOf(emulator, c.tidalSurveyPublic)
    const head = await send(origin, { method: 'HEAD', path: '/open' })
    expect([head.statusCode, head.headers['content-length']]).toEqual([200, '4'])
    const empty = await send(origin, { path: '/empty' })
    expect([empty.statusCode, empty.headers['content-length']]).toEqual([200, '0'])
    const none = await send(origin, { path: '/open', headers: { 'if-none-match': '*' } })
    expect(none.statusCode).toBe(304)
    const raw = await send(origin, { path: '/../../../open' })
    expect(raw.statusCode).toBe(200)
  })

  it('do not follow when a reader goes away', async () => {
    const emulator = await start()
    writeFileSync(join(rootOf(emulator, c.tidalSurveyPublic), 'big'), Buffer.alloc(50_000_000))
    const origin = originOf(emulator, c.tidalSurveyPublic)
    const handles = (): number => readdirSync('/proc/self/fd').length
    const before = handles()
    for (let i = 0; i < 20; i += 1) {
      const response = await send(origin, { path: '/big' })
      response.destroy()
    }
    await expect.poll(handles).toBeLessThan(before + 10)
  })
})
