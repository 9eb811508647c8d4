import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demo } from '@pierhead/emulator'
import { memoryStore } from 'pierhead/session-store/memory'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPastOrders, type PastOrder } from '../src/transfers/past-orders.ts'
import { useElsewhere, type Elsewhere } from './support/elsewhere.ts'
import { collections, folderOf, openAllowing, plant, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import { linksOf, type Visitor } from './support/visitor.ts'

const { tideCrewWorkspace: source, mayasLaptop: target } = collections

let setting: Setting
let maya: Visitor
let elsewhere: Elsewhere

beforeAll(async () => {
  setting = await startSetting()
  plant(setting, source, {
    'again/one.csv': '1',
    'again/odd\nname.txt': 'odd',
    'again/two.tmp': '2',
    'again/deep/three.csv': '3',
  })
  maya = await visitAs(setting, 'Maya Okafor')
  elsewhere = await useElsewhere(setting, demo.people.maya)
})
afterAll(() => setting[Symbol.asyncDispose]())

const inbox = (...names: string[]): string => join(folderOf(setting, target), 'inbox', ...names)

/** Copies files of the folder through the portal and gives the path of the task's page. */
async function copy(names: readonly string[], options: Record<string, string> = {}): Promise<string> {
  await openAllowing(maya, `/collections/${source}/files?path=/again/`)
  const csrf = /name="csrf_token" value="([^"]+)"/.exec(maya.page.body)?.[1] ?? ''
  const encoded = (text: string): string => encodeURIComponent(text)
  const fields: [string, string][] = [
    ['csrf_token', csrf],
    ['source', source],
    ['source_path', encoded('/again/')],
    ['destination', target],
    ['destination_path', encoded('/inbox/')],
    ...names.map((name): [string, string] => ['name', encoded(name)]),
  ]
  await maya.submit('/transfers/new', fields)
  const submission = /name="submission_id" value="([^"]+)"/.exec(maya.page.body)?.[1] ?? ''
  await maya.submit('/transfers', [
    ...fields,
    ['submission_id', submission],
    ['destination_folder', '/inbox/'],
    ...Object.entries({ sync: 'always', ...options }),
  ])
  return ended()
}

/** Waits until the task of the page has ended, and gives the path of the page. */
async function ended(path = maya.page.url.pathname): Promise<string> {
  await expect
    .poll(async () => (await maya.open(path)).text, { timeout: 60_000 })
    .toMatch(/\b(done|failed|cancelled)\b/)
  return path
}

const again = (path: string) => openAllowing(maya, `${path}/again`)

/** What the form of the page holds, as a browser would send it: ticked boxes, and texts. */
function formOf({ page }: Visitor) {
  const value = (name: string): string | undefined =>
    new RegExp(`name="${name}"[^>]*?value="([^"]*)"`, 's').exec(page.body)?.[1]
  const isTicked = (name: string): boolean =>
    new RegExp(`name="${name}" value="1" checked`).test(page.body.replaceAll(/\s+/g, ' '))
  const chosen = (id: string): string | undefined =>
    new RegExp(`<select id="${id}"[\\s\\S]*?value="([^"]*)" selected`).exec(page.body)?.[1]
  return {
    names: [...page.body.matchAll(/name="name" value="([^"]*)"/g)].map(([, name = '']) => decodeURIComponent(name)),
    label: value('label'),
    exclude: value('exclude'),
    folder: value('destination_folder'),
    destination: chosen('destination'),
    sync: chosen('sync'),
    ticked: ['verify', 'encrypt', 'preserve'].filter(isTicked),
    submission: value('submission_id'),
  }
}

describe('"do it again"', () => {
  it('fills the form in with the same items and options, and starts another transfer only when that is sent', async () => {
    const first = await copy(['one.csv', 'odd\nname.txt', 'deep', 'two.tmp'], {
      label: 'Every Monday',
      sync: 'size',
      exclude: '*.tmp *.bak',
      preserve: '1',
    })
    rmSync(inbox(), { recursive: true })
    await maya.open(first)
    await maya.follow('Do it again : Every Monday')
    expect([maya.page.status, maya.page.url.pathname]).toEqual([200, `${first}/again`])
    expect(maya.page.text).toContain('Filled in as for “Every Monday”')
    expect(formOf(maya)).toMatchObject({
      names: ['one.csv', 'odd\nname.txt', 'deep', 'two.tmp'],
      label: 'Every Monday',
      exclude: '*.tmp *.bak',
      folder: '/inbox/',
      destination: target,
      sync: 'size',
      ticked: ['preserve'],
    })
    expect(existsSync(inbox())).toBe(false)
    await maya.press('Start copying')
    const second = await ended()
    expect(second).not.toBe(first)
    expect([readFileSync(inbox('odd\nname.txt'), 'utf8'), readFileSync(inbox('deep', 'three.csv'), 'utf8')]).toEqual([
      'odd',
      '3',
    ])
  })

  it('makes one task, however often that form is sent', async () => {
    const first = await copy(['one.csv'], { label: 'Once' })
    await again(first)
    const { submission = '' } = formOf(maya)
    const form = maya.page
    await maya.press('Start copying')
    const second = maya.page.url.pathname
    maya.seen.push(form)
    await maya.press('Start copying')
    expect([submission.length, maya.page.url.pathname]).toEqual([36, second])
  })

  it('copies only what is missing or differs after a failure, if nobody chooses otherwise', async () => {
    setting.emulator.behaviour.missingSource = 'fail'
    const first = await copy(['one.csv', 'not-there.csv'], { label: 'Half' })
    expect(maya.page.text).toContain('failed')
    plant(setting, source, { 'again/not-there.csv': 'there now' })
    writeFileSync(inbox('one.csv'), '9')
    await maya.open('/transfers?show=failed')
    await maya.follow('Try it again : Half')
    expect(maya.page.text).toContain('only what is missing or differs')
    expect(formOf(maya)).toMatchObject({ names: ['one.csv', 'not-there.csv'], sync: 'checksum' })
    await maya.press('Start copying')
    expect(await ended()).not.toBe(first)
    expect([readFileSync(inbox('not-there.csv'), 'utf8'), readFileSync(inbox('one.csv'), 'utf8')]).toEqual([
      'there now',
      '1',
    ])
  })

  it('knows the items in another browser too', async () => {
    const first = await copy(['deep'], { label: 'Elsewhere' })
    const other = await visitAs(setting, 'Maya Okafor')
    await openAllowing(other, `${first}/again`)
    expect(formOf(other).names).toEqual(['deep'])
  })

  it('is nobody else’s', async () => {
    const first = await copy(['one.csv'])
    const zoe = await visitAs(setting, 'Zoë <b>Núñez</b>')
    await zoe.open(`${first}/again`)
    expect([zoe.page.status, zoe.page.body.includes('one.csv')]).toEqual([404, false])
    await zoe.open('/transfers/not-an-id/again')
    expect(zoe.page.status).toBe(404)
  })

  it('is not offered while a transfer runs', async () => {
    setting.emulator.behaviour.pace = 'real'
    plant(setting, source, { 'again/large.bin': Buffer.alloc(200_000_000) })
    const task = await elsewhere.transfer({
      source_endpoint: source,
      destination_endpoint: target,
      DATA: [item('/again/large.bin', '/inbox/large.bin')],
    })
    await maya.open(`/transfers/${task}`)
    expect(maya.page.body).toMatch(/<span id="again" hidden/)
    await maya.open(`/transfers/${task}/again`)
    expect(maya.page.status).toBe(404)
    await maya.open(`/transfers/${task}`)
    await maya.press('Cancel this transfer')
    setting.emulator.behaviour.pace = 'instant'
    await ended(`/transfers/${task}`)
  })
})

const item = (from: string, to: string) => ({ DATA_TYPE: 'transfer_item', source_path: from, destination_path: to })

describe('"do it again" for what was not started here', () => {
  const submit = async (document: Record<string, unknown>): Promise<string> => {
    const id = await elsewhere.transfer({
      source_endpoint: source,
      destination_endpoint: target,
      store_base_path_info: true,
      ...document,
    })
    return ended(`/transfers/${id}`)
  }

  it('takes the files from Globus when it was nothing but files, each under its own name', async () => {
    const path = await submit({
      label: 'By the command line',
      sync_level: 3,
      verify_checksum: true,
      encrypt_data: true,
      DATA: [item('/again/one.csv', '/inbox/x/one.csv'), item('/again/odd\nname.txt', '/inbox/x/odd\nname.txt')],
    })
    await again(path)
    expect(formOf(maya)).toMatchObject({
      names: expect.arrayContaining(['one.csv', 'odd\nname.txt']),
      label: 'By the command line',
      folder: '/inbox/x/',
      destination: target,
      sync: 'checksum',
      ticked: ['verify', 'encrypt'],
    })
  })

  const one = item('/again/one.csv', '/inbox/y/one.csv')
  const files = [one, item('/again/odd\nname.txt', '/inbox/y/odd\nname.txt')]
  it.each([
    ['a folder', { DATA: [item('/again/deep/', '/inbox/y/deep/')] }, '/again/deep/'],
    ['a file under another name', { DATA: [item('/again/one.csv', '/inbox/y/1.csv')] }, '/again/'],
    ['files of two folders', { DATA: [one, item('/again/deep/three.csv', '/inbox/y/three.csv')] }, '/again/'],
    ['rules of names', { DATA: files, filter_rules: [{ method: 'exclude', name: '*.bak' }] }, '/again/'],
    ['an option that is not offered here', { DATA: files, skip_source_errors: true }, '/again/'],
  ])('guesses nothing of %s: both folders are opened, with words', async (_what, document, folder) => {
    const path = await submit(document)
    await again(path)
    const { searchParams, pathname } = maya.page.url
    expect([pathname, searchParams.get('path'), searchParams.get('other')]).toEqual([
      `/collections/${source}/files`,
      folder,
      target,
    ])
    expect(maya.page.text).toContain('Here are its two collections, to choose again.')
    expect(searchParams.get('otherPath')).toMatch(/^\/inbox\/y\//)
  })

  it('guesses nothing of what was there already and was skipped', async () => {
    await submit({ DATA: files })
    await again(await submit({ DATA: files, sync_level: 3 }))
    expect(maya.page.text).toContain('Here are its two collections, to choose again.')
  })

  it('offers nothing for deletions', async () => {
    plant(setting, target, { 'gone/file.txt': '' })
    const DATA = [{ DATA_TYPE: 'delete_item', path: '/gone/file.txt' }]
    const path = await ended(`/transfers/${await elsewhere.delete({ endpoint: target, DATA })}`)
    expect(linksOf(maya.page.body).some(({ href }) => href.endsWith('/again'))).toBe(false)
    await maya.open(`${path}/again`)
    expect(maya.page.status).toBe(404)
    await maya.open('/transfers')
    const offered = linksOf(maya.page.body).flatMap(({ href }) => (href.endsWith('/again') ? href : []))
    expect([offered.length > 0, offered.includes(`${path}/again`)]).toEqual([true, false])
  })
})

describe('what is remembered of an order', () => {
  const secrets = ['first-secret-of-thirty-two-bytes', 'second-secret-of-thirty-two-byte']
  const order: PastOrder = {
    source,
    sourcePath: '/a/',
    names: ['Ünï\ncode'],
    destination: target,
    destinationPath: '/b/',
    options: { label: 'L', sync: 'newer', verify: true, encrypt: false, preserve: true, exclude: ['*.tmp'] },
  }
  const day = 86_400_000

  it('is sealed, is found by its owner only, survives a new secret, and is forgotten after 30 days', async () => {
    let time = Date.now()
    const now = () => time
    const store = memoryStore({ now })
    const values: string[] = []
    const spying = {
      ...store,
      create: (...all: Parameters<typeof store.create>) => {
        values.push(all[0], all[1], all[2].subject)
        return store.create(...all)
      },
    }
    const old = createPastOrders({ store: spying, secrets: secrets.slice(1), now })
    await old.keep('maya', 'TASK', order)
    expect(values.join(' ')).not.toMatch(/maya|task|code|\/a\//i)
    const orders = createPastOrders({ store, secrets, now })
    expect(await orders.find('maya', 'task')).toEqual(order)
    expect(await orders.find('zoe', 'task')).toBeUndefined()
    expect(await orders.find('maya', 'other')).toBeUndefined()
    expect(await createPastOrders({ store, secrets: secrets.slice(0, 1), now }).find('maya', 'task')).toBeUndefined()
    time += 31 * day
    expect(await orders.find('maya', 'task')).toBeUndefined()
  })

  it('is not kept when it is too long, and is nothing when somebody changed it', async () => {
    const store = memoryStore()
    const orders = createPastOrders({ store, secrets, now: Date.now })
    await orders.keep('maya', 'long', { ...order, names: ['x'.repeat(200_001)] })
    expect(await orders.find('maya', 'long')).toBeUndefined()
    const ids: string[] = []
    const broken = {
      ...store,
      create: async (id: string, value: string, entry: { subject: string; expiresAt: number }) => {
        ids.push(id)
        return store.create(id, `${value.slice(0, -4)}AAAA`, entry)
      },
    }
    await createPastOrders({ store: broken, secrets, now: Date.now }).keep('maya', 'task', order)
    expect([ids.length, await orders.find('maya', 'task')]).toEqual([1, undefined])
  })
})
