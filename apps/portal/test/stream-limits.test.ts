import { setImmediate as soon } from 'node:timers/promises'
import { demo } from '@pierhead/emulator'
import type { Clock } from 'pierhead'
import { describe, expect, it } from 'vitest'
import { openAllowing, visitAs } from './support/files.ts'
import { origin, startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const task = '3b0f7a52-6a0e-4c5e-9d56-0a4b1c2d3e4f'

/** A clock on which a second passes whenever somebody waits for one. */
function quickClock(): Clock & { readonly waits: () => number } {
  let [ahead, waits] = [0, 0]
  return {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
    waits: () => waits,
    async wait(milliseconds, signal) {
      await soon()
      signal?.throwIfAborted()
      waits += 1
      ahead += milliseconds
    },
  }
}

async function ask(setting: Setting, visitor: Visitor, query = '', method = 'GET'): Promise<Response> {
  const headers = { cookie: await visitor.cookies(), 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
  return setting.portal.app.fetch(new Request(`${origin}/transfers/events${query}`, { method, headers }))
}

describe('streams of events', () => {
  it('SEC-103 are not begun for whoever asks for headers only', async () => {
    const clock = quickClock()
    await using setting = await startSetting({ clock })
    const maya = await visitAs(setting, 'Maya Okafor')
    const response = await ask(setting, maya, '', 'HEAD')
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    const before = clock.waits()
    for (let turn = 0; turn < 50; turn += 1) await soon()
    expect(clock.waits()).toBe(before)
  })

  it('SEC-103 are so many of one person at most, and closing one makes room', async () => {
    await using setting = await startSetting()
    const [maya, sam] = [await visitAs(setting, 'Maya Okafor'), await visitAs(setting, 'Sam')]
    const streams: Response[] = []
    for (let count = 0; count < 600; count += 1) streams.push(await ask(setting, maya))
    expect(streams.map(({ status }) => status).filter((status) => status !== 200)).toEqual([])
    const refused = await ask(setting, maya)
    expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'too_many_streams' }])
    const other = await ask(setting, sam)
    expect(other.status).toBe(200)
    await streams[0]?.body?.cancel()
    const again = await ask(setting, maya)
    expect(again.status).toBe(200)
    for (const { body } of [...streams.slice(1), other, again]) await body?.cancel()
  })

  it('ask for a task once that an address names in several ways', async () => {
    await using setting = await startSetting()
    const maya = await visitAs(setting, 'Maya Okafor')
    const names = [task, task.toUpperCase(), task].map((id) => `task=${id}`).join('&')
    const headers = { cookie: await maya.cookies(), accept: 'application/json' }
    const count = (): number =>
      [...setting.emulator.requestCounts].reduce((sum, [path, times]) => sum + (path.includes('task') ? times : 0), 0)
    const before = count()
    await setting.portal.app.request(`${origin}/transfers/updates?${names}`, { headers })
    expect(count() - before).toBeLessThanOrEqual(2)
  })

  it('end where access has conditions, and are not given again to somebody who meets them no more', async () => {
    const yaml = `access: { require: { group: ${demo.groups.tideCrew} } }`
    await using setting = await startSetting({ yaml, clock: quickClock() })
    const zoe = await visitAs(setting, 'Zoë <b>Núñez</b>')
    await openAllowing(zoe, '/transfers')
    expect(zoe.page.status).toBe(200)
    const stream = await ask(setting, zoe)
    expect(stream.status).toBe(200)
    setting.emulator.faults.add({
      endpoint: 'groups',
      fault: { kind: 'answer', status: 200, body: '[]' },
      times: 'always',
    })
    // It ends by itself.
    await stream.text()
    const refused = await ask(setting, zoe)
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'access_required' }])
  })
})
