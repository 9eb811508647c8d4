import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { demo } from '@pierhead/emulator'
import type { Clock } from 'pierhead'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderOf, plant, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const { tideCrewWorkspace: crew, tidalSurveyArchive: archive } = demo.collections
const dataset = (id: string, more = ''): string =>
  `  - { id: ${id}, title: ${id}, collection: ${crew}, path: /${id}${more} }\n`
const yaml = `datasets:
  - { id: archive, title: archive, collection: ${archive} }
${dataset('small')}${dataset('large')}${dataset('slow')}${dataset('fading')}${dataset('empty')}${dataset('none')}
${dataset('stated', ', size: 12.4 GB, files: 1204')}${dataset('counted', ', files: 1')}${dataset('weighed', ', size: 1')}
`

describe('the size of a dataset', () => {
  let setting: Setting
  let maya: Visitor
  /** Whether pages wait for a count until it is done, on a machine however busy. */
  let isPatient = true
  let held: Promise<void> | undefined
  const clock: Clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
    wait: (milliseconds, signal) => delay(isPatient ? 100 * milliseconds : milliseconds, undefined, { signal }),
  }
  const hold = async (document: unknown, { searchParams }: URL): Promise<unknown> => {
    if (searchParams.get('path') === '/fading/a/') await held
    return document
  }
  const listings = (): number => setting.emulator.requestCounts.get(`/v0.10/operation/endpoint/${crew}/ls`) ?? 0
  const sizeOn = ({ page }: Visitor): string | undefined => / All of it: (.*?) Folder: /.exec(page.text)?.[1]

  beforeAll(async () => {
    setting = await startSetting({ yaml, clock, tamper: hold })
    const tree = (folder: string, count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, number) => [`${folder}/${number}/file`, 'x'.repeat(10)]))
    plant(setting, crew, {
      'small/one': 'x'.repeat(1000),
      'small/deep/er/two': 'x'.repeat(500),
      'small/deep/.hidden': 'x'.repeat(34),
      'beside.txt': 'not of any dataset',
      'slow/a/b/c/d/e': '12345',
      'fading/a/b/c/d/e': '12345',
      'stated/real': '1',
      'weighed/real': '1',
      'counted/real': '1',
      ...tree('large', 70),
    })
    plant(setting, archive, { 'deep/hello.txt': 'hello world' })
    plant(setting, crew, { 'empty/.keep': '' })
    rmSync(join(folderOf(setting, crew), 'empty/.keep'))
    symlinkSync('..', join(folderOf(setting, crew), 'small/deep/loop'))
    symlinkSync('../one', join(folderOf(setting, crew), 'small/deep/again'))
    maya = await visitAs(setting, 'Maya Okafor')
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('is that of all its folders, hidden files too, links left out, and is said on the pages of its folders', async () => {
    await maya.open('/data/small')
    expect(sizeOn(maya)).toBe('1.5 kB in 3 files')
    expect(maya.page.text).toContain('1 folder and 1 file, 1.0 kB in this folder')
    await maya.open('/data/small?folder=deep')
    expect(sizeOn(maya)).toBe('1.5 kB in 3 files')
    await maya.open('/data/empty')
    expect(sizeOn(maya)).toBe('0 B in 0 files')
  })

  it('is asked for once by a session, and never shown to another one', async () => {
    await maya.open('/data/small')
    const before = listings()
    await maya.open('/data/small')
    // The folder that is shown, and nothing else.
    expect(listings() - before).toBe(1)
    const zoe = await visitAs(setting, 'Zoë <b>Núñez</b>')
    await zoe.open('/data/small')
    expect(listings() - before).toBe(1 + 1 + 3)
    expect(sizeOn(zoe)).toBe('1.5 kB in 3 files')
  })

  it('is not known to who is not logged in, or may not list the files', async () => {
    const before = listings()
    const nobody = setting.visitor()
    await nobody.open('/data/small')
    expect([nobody.page.status, nobody.page.text.includes('All of it')]).toEqual([200, false])
    expect(listings()).toBe(before)
    const sam = await visitAs(setting, 'Sam')
    await sam.open('/data/small')
    expect([sam.page.status, sam.page.text.includes('All of it')]).toEqual([200, false])
    await maya.open('/data/none')
    expect(maya.page.text).not.toContain('All of it')
  })

  it('is counted once the person has allowed the portal to look', async () => {
    await maya.open('/data/archive')
    expect(maya.page.text).not.toContain('All of it')
    await maya.follow('Allow and list the files')
    await maya.press('Allow')
    expect([maya.page.url.pathname, maya.page.text]).toEqual([
      '/data/archive',
      expect.stringContaining('All of it: 11 B in 1 file '),
    ])
  })

  it('says so where there is more than is counted, and costs a bounded number of requests', async () => {
    const before = listings()
    await expect
      .poll(async () => (await maya.open('/data/large'), sizeOn(maya)))
      .toBe('at least 590 B in 59 files (there is more than is counted here)')
    expect(listings() - before).toBeLessThanOrEqual(60 + 20)
  })

  it('does not hold up the page: it is counted on, and looking again shows it', async () => {
    isPatient = false
    setting.emulator.faults.add({ endpoint: 'ls', fault: { kind: 'delay', milliseconds: 400 }, times: 12 })
    await maya.open('/data/slow')
    expect(sizeOn(maya)).toBeUndefined()
    await expect.poll(async () => (await maya.open('/data/slow'), sizeOn(maya))).toBe('5 B in 1 file')
  })

  it('says so where a folder could not be read', async () => {
    isPatient = false
    setting.emulator.faults.clear()
    plant(setting, crew, { 'fading/first': '1' })
    const folder = Promise.withResolvers<void>()
    held = folder.promise
    await expect
      .poll(async () => (await maya.open('/data/fading'), sizeOn(maya)))
      .toBe('at least 1 B in 1 file (still being counted) Look again')
    // One folder is on its way, and the next is refused.
    const before = listings()
    setting.emulator.faults.add({ endpoint: 'ls', fault: { kind: 'answer', status: 403 }, times: 'always' })
    folder.resolve()
    await expect.poll(listings).toBeGreaterThan(before)
    setting.emulator.faults.clear()
    await expect
      .poll(async () => (await maya.open('/data/fading'), sizeOn(maya)))
      .toBe('at least 1 B in 1 file (not every folder could be read)')
  })

  it('is what those who publish it say, for everybody and without counting', async () => {
    const before = listings()
    const nobody = setting.visitor()
    await nobody.open('/data/stated')
    expect(sizeOn(nobody)).toBe('12.4 GB in 1,204 files')
    await nobody.open('/data/counted')
    expect(sizeOn(nobody)).toBe('1 file')
    await maya.open('/data/weighed')
    expect(sizeOn(maya)).toBe('1 B')
    expect(listings() - before).toBe(1)
  })
})
