import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { demo } from '@pierhead/emulator'
import type { SessionInfo, SessionStore } from 'pierhead'
import { frozenClock } from 'pierhead/testing'
import { memoryStore } from 'pierhead/session-store/memory'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { createPortal } from '../src/portal.ts'
import { listen, type Listening } from '../src/server.ts'
import { collections, csrfOf, enable, folderOf, openAllowing, plant, visitAs } from './support/files.ts'
import { freePort } from '../../../tools/lib/ports.ts'
import { sayFilesAreAt, startHostileServer } from './support/hostile-server.ts'
import { origin, startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const { tidalSurveyArchive: archive } = collections
const chunk = Buffer.alloc(65_536, 'x')
/** Milliseconds. It is two seconds; machines that test are slow. */
const soon = 10_000

describe('what goes on when a session ends', { timeout: 120_000 }, () => {
  // The adapter for Node puts its own in their place.
  const globals = { Request: globalThis.Request, Response: globalThis.Response }
  let setting: Setting
  let listening: Listening
  let port: number
  let maya: Visitor
  let file: string

  beforeAll(async () => {
    setting = await startSetting()
    port = await freePort()
    listening = await listen(setting.portal.app, { port, listen: 'loopback' })
  })
  beforeEach(async () => {
    file = join(folderOf(setting, archive), 'late.bin')
    plant(setting, archive, { 'late.bin': 'as it was' })
    maya = await visitAs(setting, 'Maya Okafor')
    await enable(maya, archive)
  })
  afterEach(() => setting.emulator.faults.clear())
  afterAll(async () => {
    await listening.close()
    await setting[Symbol.asyncDispose]()
    for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value })
  })

  const drafts = (): string[] => readdirSync(folderOf(setting, archive)).filter((name) => name.endsWith('.part'))

  /** An upload whose first bytes have reached the collection's server. */
  async function beginUpload(
    who = maya,
    name = 'late.bin',
  ): Promise<{ sending: ClientRequest; answer: Promise<IncomingMessage> }> {
    const before = drafts().length
    const headers = { ...(await uploadHeaders(who)), 'content-length': '10000000' }
    const path = `/collections/${archive}/content?path=%2F${name}`
    const sending = request({ port, host: '127.0.0.1', method: 'PUT', path, headers })
    sending.on('error', () => undefined)
    // The event's arguments: https://nodejs.org/api/http.html#event-response
    const answer = once(sending, 'response').then(([response]) => response as IncomingMessage)
    answer.catch(() => undefined)
    sending.write(chunk)
    await expect.poll(drafts, { timeout: 30_000 }).toHaveLength(before + 1)
    return { sending, answer }
  }

  /** Another browser of the same person. */
  async function other(): Promise<Visitor> {
    const visitor = await visitAs(setting, 'Maya Okafor')
    await visitor.open('/account')
    return visitor
  }
  const endings: Readonly<Record<string, () => Promise<unknown>>> = {
    async 'logging out'() {
      await maya.open('/logout')
      return maya.press('Log out')
    },
    async 'ending it from another browser'() {
      const visitor = await other()
      const listed = [...visitor.page.body.matchAll(/name="session" value="([^"]+)"/g)].map(([, id = '']) => id)
      for (const session of listed)
        await visitor.submit('/account/sessions/end', { csrf_token: formCsrf(visitor), session })
    },
    async 'logging out everywhere'() {
      const visitor = await other()
      return visitor.send('/account/sessions/end-all', form({ csrf_token: formCsrf(visitor) }))
    },
    async 'logging out by another process of the portal'() {
      const second = createPortal(readConfig(setting.environment), { writeLog: () => undefined })
      expect(await second.login.endSessions(demo.people.maya)).toBeGreaterThan(0)
      await second.close()
    },
  }

  it.each(Object.keys(endings))('an upload stops by %s, with an answer, and leaves no half file', async (ending) => {
    const { answer, sending } = await beginUpload()
    await endings[ending]?.()
    const start = performance.now()
    const response = await answer
    expect(performance.now() - start).toBeLessThan(soon)
    const problem = await json(response)
    expect([response.statusCode, problem]).toMatchObject([401, { code: 'login_required', login_url: '/login' }])
    await expect.poll(drafts, { timeout: 30_000 }).toEqual([])
    expect(readFileSync(file, 'utf8')).toBe('as it was')
    sending.destroy()
  })

  it('an upload of another session of the same person goes on to its end', async () => {
    const kept = await beginUpload()
    const second = await other()
    await enable(second, archive)
    const cut = await beginUpload(second, 'other.bin')
    const portal = createPortal(readConfig(setting.environment), { writeLog: () => undefined })
    const { id } = await newest(portal.login.sessions(demo.people.maya))
    expect(await portal.login.endSessions(demo.people.maya, (session) => session.id === id)).toBe(1)
    await portal.close()
    // Whoever sees that one has ended has seen that the other has not.
    expect((await cut.answer).statusCode).toBe(401)
    kept.sending.end(Buffer.alloc(10_000_000 - chunk.length, 'x'))
    expect((await kept.answer).statusCode).toBe(204)
    expect(readFileSync(file)).toHaveLength(10_000_000)
    cut.sending.destroy()
  })

  it('an upload that never ends holds nothing after its sender has left', async () => {
    const { answer, sending } = await beginUpload()
    sending.destroy()
    await expect(answer).rejects.toThrow('socket hang up')
    await expect.poll(drafts, { timeout: 30_000 }).toEqual([])
    expect(existsSync(file)).toBe(true)
  })

  it.each(['logging out', 'logging out by another process of the portal'])(
    'a download stops by %s, also while nothing comes, and shows that it was cut',
    async (ending) => {
      await using slow = await startHostileServer()
      sayFilesAreAt(setting, slow.origin)
      maya = await visitAs(setting, 'Maya Okafor')
      await enable(maya, archive)
      const left = Promise.withResolvers<void>()
      slow.answer = (_request, response) => {
        response.on('close', () => left.resolve())
        response.writeHead(200, { 'content-length': '1000' }).write('x'.repeat(500))
      }
      const path = `/collections/${archive}/content?path=%2Fslow.bin`
      const asking = request({ port, host: '127.0.0.1', path, headers: { cookie: await maya.cookies() } }).end()
      // The event's arguments: https://nodejs.org/api/http.html#event-response
      const [response] = (await once(asking, 'response')) as [IncomingMessage]
      let count = 0
      response.on('data', (bytes: Buffer) => (count += bytes.length))
      response.on('error', () => undefined)
      const closed = new Promise((resolve) => response.on('close', resolve))
      await expect.poll(() => count, { timeout: 30_000 }).toBe(500)
      await endings[ending]?.()
      const start = performance.now()
      await Promise.all([closed, left.promise])
      expect(performance.now() - start).toBeLessThan(soon)
      expect([response.complete, count]).toEqual([false, 500])
      const line = setting.log.findLast((one) => one.includes('A download was cut off.'))
      expect(line).toContain('The session has ended.')
    },
  )
})

async function newest(sessions: AsyncIterable<SessionInfo>): Promise<SessionInfo> {
  const all: SessionInfo[] = []
  for await (const session of sessions) all.push(session)
  const [first] = all.toSorted((one, other) => other.createdAt - one.createdAt)
  if (first === undefined) throw new Error('Nobody is logged in.')
  return first
}

const uploadHeaders = async (who: Visitor): Promise<Record<string, string>> => ({
  cookie: await who.cookies(),
  origin,
  'x-csrf-token': csrfOf(who),
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
})

const formCsrf = ({ page }: Visitor): string => /name="csrf_token" value="([^"]+)"/.exec(page.body)?.[1] ?? ''

const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})

describe('an upload that takes long', { timeout: 60_000 }, () => {
  const clock = frozenClock()
  const crew = collections.tideCrewWorkspace

  /** Sends the first bytes, and gives a way to send more. */
  async function begin(setting: Setting, who: Visitor) {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const headers = await uploadHeaders(who)
    const sent = { method: 'PUT', body: readable, headers, duplex: 'half' } as const
    const address = `${origin}/collections/${crew}/content?path=%2Flong.bin`
    const answer = Promise.resolve(setting.portal.app.fetch(new Request(address, sent)))
    await writer.write(chunk)
    const drafts = (): string[] => readdirSync(folderOf(setting, crew)).filter((name) => name.endsWith('.part'))
    await expect.poll(drafts, { timeout: 30_000 }).toHaveLength(1)
    return { answer, writer, drafts }
  }

  it('stops when its sender no longer has what access asks for', async () => {
    const yaml = `access: { require: { group: ${demo.groups.tideCrew} } }`
    await using setting = await startSetting({ yaml, clock })
    plant(setting, crew, { 'x.txt': 'x' })
    const maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, '/collections')
    await enable(maya, crew)
    const { answer, drafts, writer } = await begin(setting, maya)
    const fault = { kind: 'answer', status: 200, body: '[]' } as const
    setting.emulator.faults.add({ endpoint: 'groups', fault, times: 'always' })
    for (let tens = 0; tens < 3; tens += 1) {
      await writer.write(chunk)
      await clock.advance(10_000)
    }
    const refused = await answer
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'access_required' }])
    await expect.poll(drafts, { timeout: 30_000 }).toEqual([])
    expect(existsSync(join(folderOf(setting, crew), 'long.bin'))).toBe(false)
  })

  it('outlasts a database that is away for a moment, and no longer', async () => {
    let isAway = false
    const store = memoryStore({ now: clock.now })
    const flaky: SessionStore = {
      ...store,
      listBySubject: (subject) => (isAway ? failing() : store.listBySubject(subject)),
    }
    await using setting = await startSetting({ clock, store: flaky })
    plant(setting, crew, { 'x.txt': 'x' })
    const maya = await visitAs(setting, 'Maya Okafor')
    await enable(maya, crew)
    const { answer, writer } = await begin(setting, maya)
    let isAnswered = false
    void answer.then(() => (isAnswered = true))
    for (const isDown of [true, false, true]) {
      isAway = isDown
      await clock.advance(10_000)
      await writer.write(chunk)
    }
    expect(isAnswered).toBe(false)
    await clock.advance(10_000)
    const refused = await answer
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'store_unavailable' }])
  })
})

async function* failing(): AsyncGenerator<never> {
  yield* []
  throw new Error('The database is away.')
}
