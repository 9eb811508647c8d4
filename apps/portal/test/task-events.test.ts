import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collections, folderOf, openAllowing, plant, visitAs } from './support/files.ts'
import { origin, startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

let setting: Setting
let maya: Visitor
let task: string

beforeEach(async () => {
  setting = await startSetting()
  setting.emulator.behaviour.pace = 'real'
  plant(setting, collections.tideCrewWorkspace, { 'large.bin': '' })
  // More than is copied at that pace while a test looks on, on a machine however busy.
  truncateSync(join(folderOf(setting, collections.tideCrewWorkspace), 'large.bin'), 300_000_000)
  maya = await visitAs(setting, 'Maya Okafor')
  const { tideCrewWorkspace: source, campusClusterScratch: destination } = collections
  // Consents first, so that the copy begins at once.
  await openAllowing(maya, `/collections/${destination}/files`)
  await maya.open(`/transfers/new?${new URLSearchParams({ source, source_path: '/', name: 'large.bin', destination })}`)
  await maya.press('Start copying')
  task = maya.page.url.pathname.split('/').at(-1) ?? ''
})
afterEach(() => setting[Symbol.asyncDispose]())

interface Stream {
  /** The next message of this kind; undefined when the stream has ended before. */
  next(event: string, accept?: (data: Record<string, unknown>) => boolean): Promise<Message | undefined>
}
interface Message {
  readonly id: string
  readonly data: Record<string, unknown>
}

async function open(headers: Record<string, string> = {}): Promise<Stream> {
  const request = new Request(`${origin}/transfers/events?task=${task}`, {
    headers: { cookie: await maya.cookies(), 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', ...headers },
  })
  const response = await setting.portal.app.fetch(request)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  expect(response.headers.get('cache-control')).toContain('no-store')
  return readStream(response.body)
}

function readStream(body: ReadableStream<Uint8Array> | null): Stream {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  const message = async (): Promise<string | undefined> => {
    while (!text.includes('\n\n')) {
      const part = await reader?.read()
      if (part?.value === undefined) return undefined
      text += decoder.decode(part.value, { stream: true })
    }
    const [first = '', ...rest] = text.split('\n\n')
    text = rest.join('\n\n')
    return first
  }
  return {
    async next(event, accept = () => true) {
      for (;;) {
        const found = await message()
        if (found === undefined) return undefined
        const lines = new Map(
          found.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
        )
        if (lines.get('event') !== event) continue
        // What update.ts writes.
        const data = JSON.parse(lines.get('data') ?? '{}') as Record<string, unknown>
        if (accept(data)) return { id: lines.get('id') ?? '', data }
      }
    },
  }
}

/** Requests to Transfer so far. */
function count(): number {
  const requests = [...setting.emulator.requestCounts].filter(([path]) => path.startsWith('/v0.10/'))
  return requests.reduce((sum, [, times]) => sum + times, 0)
}

describe('the stream of events', () => {
  it('tells how a task goes on, what happened to it, and its end', async () => {
    const stream = await open()
    const first = await stream.next('task', ({ state }) => state === 'active')
    expect(first?.data).toMatchObject({ id: task, progress: expect.stringContaining('running') })
    const started = await stream.next('task', ({ events }) => String(events).includes('Started'))
    expect(started?.data['events']).toContain('<ol id="events"')
    setting.emulator.behaviour.pace = 'instant'
    const end = await stream.next('task', (data) => 'ended' in data)
    expect(end?.data).toMatchObject({ state: 'succeeded', ended: '“Copy without a label” is done.' })
  })

  it('begins with what a reader has missed since the last message that it saw', async () => {
    const stream = await open()
    const seen = await stream.next('task')
    const again = await open({ 'last-event-id': String(Number(seen?.id) + 1) })
    const next = await again.next('task')
    expect(Number(next?.id)).toBeGreaterThan(Number(seen?.id))
  })

  it('asks Transfer once a second, however many pages are open', async () => {
    const streams = await Promise.all(Array.from({ length: 50 }, () => open()))
    await Promise.all(streams.map((stream) => stream.next('task')))
    const [before, start] = [count(), performance.now()]
    for (let told = 0; told < 3; told += 1) {
      await streams[0]?.next('task')
      // A page knows what the streams were told.
      expect((await maya.open(`/transfers/${task}`)).text).toContain('running')
    }
    const seconds = (performance.now() - start) / 1000
    expect(count() - before).toBeLessThanOrEqual(Math.ceil(seconds) + 1)
  })

  it('ends with the session, which may end elsewhere, within moments', async () => {
    const stream = await open()
    await stream.next('task')
    const start = performance.now()
    await maya.open('/logout')
    await maya.press('Log out')
    expect(await stream.next('nothing')).toBeUndefined()
    expect(performance.now() - start).toBeLessThan(30_000)
  })

  it('ends when the portal is about to', async () => {
    const stream = await open()
    await stream.next('task')
    setting.portal.drain()
    expect(await stream.next('nothing')).toBeUndefined()
  })

  it('has a substitute for browsers that it does not reach', async () => {
    const headers = { cookie: await maya.cookies(), 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
    const request = new Request(`${origin}/transfers/updates?task=${task}`, { headers })
    const updates: unknown = await (await setting.portal.app.fetch(request)).json()
    expect(updates).toMatchObject([{ id: task, state: 'active', row: expect.stringContaining('data-task') }])
  })
})
