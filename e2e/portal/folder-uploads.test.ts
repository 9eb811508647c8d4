import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { browserProgram } from '../support/browser.ts'
import { plant } from '../support/plant.ts'
import { collections, startScene, type Scene, type Visit } from '../support/portal-scene.ts'

const { hospitalImaging: hospital, tideCrewWorkspace: crew } = collections

describe.skipIf(!browserProgram.available)('folders that go up from this computer, in Chromium', () => {
  const computer = mkdtempSync(join(tmpdir(), 'pierhead-computer-'))
  let scene: Scene
  let maya: Visit
  let page: Page
  const local = (...names: string[]): string => join(computer, ...names)
  const there = (...names: string[]): string => join(scene.folderOf(crew), ...names)

  const enable = async (visit: Visit, id: string): Promise<void> => {
    await visit.open(`/collections/${id}/files`)
    await visit.page.getByRole('link', { name: 'Enable upload and download' }).click()
    await visit.allow()
    await visit.page.locator('html.scripted .upload').first().waitFor()
  }
  const open = async (): Promise<void> => {
    await maya.open(`/collections/${crew}/files`)
    await page.locator('html.scripted .upload').first().waitFor()
  }
  /** Drops what lies on this computer as a person does with a mouse: the browser reads the folders itself. */
  const drop = async (at: Page, ...paths: readonly string[]): Promise<void> => {
    const box = await at.locator('.pane').first().boundingBox()
    const session = await at.context().newCDPSession(at)
    const data = { items: [], files: [...paths], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + 60, data })
    await session.detach()
  }

  /** With the list of uploads in sight, also on a narrow screen. */
  const picture = async (name: string): Promise<void> => {
    await page.locator('.uploads').evaluate((list) => list.scrollIntoView())
    await maya.picture(name)
  }

  beforeAll(async () => {
    scene = await startScene()
    plant(scene.folderOf(hospital), { 'README.txt': 'studies' })
    plant(local('survey'), {
      'one.csv': 'a,b\n1,2\n',
      'deep/er/two é.txt': 'two',
      '<b>bold/x&y.txt': 'markup',
      'odd\nname.txt': 'odd',
      'bad\nfolder/inside.txt': 'inside',
    })
    mkdirSync(local('survey', 'empty', 'within'), { recursive: true })
    writeFileSync(local('alone.txt'), 'alone')
    maya = await scene.visit('Maya Okafor')
    page = maya.page
    await enable(maya, crew)
  })
  afterAll(async () => {
    await maya[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
    rmSync(computer, { recursive: true })
  })

  it('are made with all that is in them, empty ones too, and what cannot be sent is named', async () => {
    await open()
    await drop(page, local('survey'), local('alone.txt'))
    await page.getByText('4 uploaded').waitFor()
    expect(readFileSync(there('survey', 'deep', 'er', 'two é.txt'), 'utf8')).toBe('two')
    expect(readFileSync(there('survey', '<b>bold', 'x&y.txt'), 'utf8')).toBe('markup')
    expect(readFileSync(there('alone.txt'), 'utf8')).toBe('alone')
    expect(existsSync(there('survey', 'empty', 'within'))).toBe(true)
    expect(readdirSync(there('survey')).toSorted()).toEqual(['<b>bold', 'deep', 'empty', 'one.csv'])
    for (const name of ['survey/odd↵name.txt', 'survey/bad↵folder'])
      expect(await page.locator('.uploads li', { hasText: name }).innerText()).toContain('its name holds a line break')
    await page.locator('td.name').getByText('survey', { exact: true }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await picture('upload-folder')
    expect(maya.profile.problems).toEqual([])
  })

  it('can be chosen too, and one answer does for all that is there already', async () => {
    await open()
    rmSync(local('survey', 'odd\nname.txt'))
    writeFileSync(local('survey', 'one.csv'), 'changed')
    writeFileSync(local('survey', 'deep', 'er', 'two é.txt'), 'changed')
    await page.locator('input[webkitdirectory]').setInputFiles(local('survey'))
    await page.getByText('already.').first().waitFor()
    await picture('upload-folder-asks')
    await page.getByRole('button', { name: 'Replace all' }).click()
    await page.getByText('3 uploaded').waitFor()
    expect(readFileSync(there('survey', 'one.csv'), 'utf8')).toBe('changed')
    expect(readFileSync(there('survey', 'deep', 'er', 'two é.txt'), 'utf8')).toBe('changed')
    expect(await page.locator('.uploads li', { hasText: 'bad↵folder' }).count()).toBe(1)
  })

  it('of a thousand files do not freeze the page', { timeout: 300_000 }, async () => {
    for (let number = 0; number < 1000; number += 1)
      plant(local('many', String(number % 10)), { [`${number}.txt`]: String(number) })
    await open()
    // The longest time that the page could not answer a press of a key.
    await page.evaluate(`
      globalThis.longest = 0
      let last = performance.now()
      setInterval(() => {
        globalThis.longest = Math.max(globalThis.longest, performance.now() - last)
        last = performance.now()
      }, 20)
    `)
    await drop(page, local('many'))
    await page.getByText(/\d+ of 1000 files/).waitFor()
    await picture('upload-many')
    await page.getByText('1000 uploaded').waitFor({ timeout: 240_000 })
    expect(await page.evaluate('globalThis.longest')).toBeLessThan(1000)
    expect(await page.locator('.uploads li').count()).toBeLessThanOrEqual(41)
    expect(readdirSync(there('many')).length).toBe(10)
    expect(readdirSync(there('many', '7')).length).toBe(100)
  })

  it('stop when that is wanted', async () => {
    writeFileSync(local('many', '0', 'large.bin'), Buffer.alloc(3_000_000))
    rmSync(there('many'), { recursive: true })
    await open()
    await drop(page, local('many'))
    await page.getByText(/[1-9]\d* of 1001 files/).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText(/^Stopped\. \d+ uploaded\.$/).waitFor()
    expect(readdirSync(there('many')).length).toBeLessThan(10)
  })

  it('wait where the login has run out, and go on after one in a second window', async () => {
    await using ingrid = await scene.visit('Ingrid Solheim')
    await enable(ingrid, hospital)
    plant(local('study'), { '1/a.txt': 'a', '2/b.txt': 'b' })
    scene.globus.world.timeShift.age('authentications', 120_000)
    await drop(ingrid.page, local('study'))
    const goOn = ingrid.page.getByRole('button', { name: 'Log in and go on' })
    // Once for the folder, which Transfer makes, and once for the server of the files.
    for (let asked = 0; asked < 2; asked += 1) {
      const [second] = await Promise.all([ingrid.page.waitForEvent('popup'), goOn.click()])
      const closed = second.waitForEvent('close')
      await second.getByRole('button', { name: 'Ingrid Solheim' }).click()
      await closed
    }
    await ingrid.page.getByText('2 uploaded').waitFor()
    expect(readFileSync(join(scene.folderOf(hospital), 'study', '2', 'b.txt'), 'utf8')).toBe('b')
  })
})
