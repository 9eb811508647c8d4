import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, folderOf, openAllowing, plant, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const { tideCrewWorkspace: source, mayasLaptop: target } = collections

let setting: Setting
let maya: Visitor

beforeAll(async () => {
  setting = await startSetting()
  plant(setting, source, { 'tides/one.csv': 'a,b\n1,2\n', 'tides/odd\nname.txt': 'odd', 'tides/deep/two.csv': 'x' })
  maya = await visitAs(setting, 'Maya Okafor')
})
afterAll(() => setting[Symbol.asyncDispose]())

/** The page that asks how, reached as the form of a pane does. */
async function ask(names: readonly string[], more: Record<string, string> = {}): Promise<void> {
  await openAllowing(maya, `/collections/${source}/files?path=/tides/`)
  const csrf = /name="csrf_token" value="([^"]+)"/.exec(maya.page.body)?.[1] ?? ''
  const fields = { csrf_token: csrf, source, source_path: encodeURIComponent('/tides/'), ...more }
  const chosen = names.map((name): [string, string] => ['name', encodeURIComponent(name)])
  await maya.submit('/transfers/new', [...Object.entries(fields), ...chosen])
}

const destination = { destination: target, destination_path: encodeURIComponent('/inbox/') }

/** Waits until the task of the page has ended. */
async function ended(): Promise<string> {
  const path = maya.page.url.pathname
  await expect.poll(async () => (await maya.open(path)).text).toMatch(/\b(done|failed|cancelled)\b/)
  return maya.page.text
}

describe('the page that asks where to and how', () => {
  it('knows what was chosen, with the folder of the other pane, and copies it under its own name', async () => {
    await ask(['one.csv', 'odd\nname.txt', 'deep'], destination)
    expect(maya.page.status).toBe(200)
    expect(maya.page.text).toContain('Copy 3 items')
    expect(maya.page.text).toContain('From Tide Crew Workspace, /tides/')
    await maya.press('Start copying')
    expect(maya.page.url.pathname).toMatch(/^\/transfers\/[0-9a-f-]{36}$/)
    expect(await ended()).toContain('3 of 3')
    const inbox = join(folderOf(setting, target), 'inbox')
    const copies = ['one.csv', 'odd\nname.txt', 'deep/two.csv'].map((name) => readFileSync(join(inbox, name), 'utf8'))
    expect(copies).toEqual(['a,b\n1,2\n', 'odd', 'x'])
  })

  it('makes one task, however often its form is sent', async () => {
    await ask(['one.csv'], destination)
    const page = maya.page
    const fields = [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']): [string, string] => [name, value],
    )
    const order: [string, string][] = [...fields, ['destination', target], ['destination_folder', '/inbox/']]
    await maya.submit('/transfers', order)
    const first = maya.page.url.pathname
    await maya.submit('/transfers', order)
    expect(maya.page.url.pathname).toBe(first)
  })

  it('asks again, with everything kept, where no destination was chosen', async () => {
    await ask(['one.csv'])
    await maya.press('Start copying')
    expect(maya.page.status).toBe(400)
    expect(maya.page.text).toContain('Choose a collection to copy to')
    expect(maya.page.text).toContain('one.csv')
  })

  it('says so when nothing was chosen', async () => {
    await ask([])
    expect([maya.page.status, maya.page.text.includes('nothing_selected')]).toEqual([400, true])
  })

  it('refuses a form from elsewhere', async () => {
    await maya.submit('/transfers', { source, name: 'one.csv' })
    expect([maya.page.status, maya.page.text.includes('csrf')]).toEqual([403, true])
  })

  it('explains what Globus refuses, and leads back', async () => {
    await ask(['one.csv'], { destination: '00000000-0000-4000-8000-000000000000' })
    expect(maya.page.status).toBe(404)
    expect(maya.page.body).toContain(`/collections/${source}/files?path=`)
  })
})

describe('the list of transfers', () => {
  it('shows them with where they went, the newest first, and filtered by what became of them', async () => {
    await ask(['one.csv'], { ...destination })
    await maya.press('Start copying')
    await ended()
    await maya.open('/transfers?show=finished')
    expect(maya.page.text).toContain(
      'Copy without a label done Copy · Tide Crew Workspace → Maya’s Laptop'.replace('’', "'"),
    )
    await maya.open('/transfers?show=failed')
    expect(maya.page.text).toContain('Nothing has failed')
  })

  it('leads whoever is not logged in to log in', async () => {
    const nobody = setting.visitor()
    expect((await nobody.send('/transfers')).status).toBe(303)
    expect((await nobody.send('/transfers/events', { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(401)
  })

  it('shows nobody the tasks of others', async () => {
    await ask(['one.csv'], destination)
    await maya.press('Start copying')
    const { pathname } = maya.page.url
    const zoe = await visitAs(setting, 'Zoë <b>Núñez</b>')
    await zoe.open(pathname)
    expect([zoe.page.status, zoe.page.text.includes('There is no such transfer')]).toEqual([404, true])
  })
})

describe('a running transfer', () => {
  it('begins after a consent, with the form that waited, and can be cancelled', async () => {
    setting.emulator.behaviour.pace = 'real'
    plant(setting, collections.campusClusterScratch, {})
    plant(setting, source, { 'tides/large.bin': Buffer.alloc(60_000_000) })
    await ask(['large.bin'], {
      destination: collections.campusClusterScratch,
      destination_path: encodeURIComponent('/~/'),
    })
    await maya.press('Start copying')
    for (let asked = 0; asked < 3 && maya.page.url.pathname === '/p/consent'; asked += 1) await maya.press('Allow')
    await maya.press('Go on')
    expect(maya.page.text).toContain('running')
    await maya.press('Cancel this transfer')
    expect(await ended()).toContain('cancelled')
    expect(maya.page.text).toContain('Canceled by the task owner')
    expect(maya.page.body).not.toContain('Cancel this transfer')
  })
})
