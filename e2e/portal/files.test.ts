import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { browserProgram } from '../support/browser.ts'
import { plant } from '../support/plant.ts'
import { collections, startScene, type Scene, type Visit } from '../support/portal-scene.ts'

const {
  hospitalImaging: hospital,
  oddNames,
  samsLaptop,
  tidalSurveyArchive: archive,
  tideCrewWorkspace: crew,
} = collections
const hostile = [
  '<script>document.title="ran"',
  '"><img src=x onerror=document.title="ran">',
  'new\nline.txt',
  '%2F..%2F',
  'Zoë & friends.txt',
]

describe.skipIf(!browserProgram.available)('the files page in Chromium', () => {
  let scene: Scene
  let maya: Visit
  let page: Page
  const names = (side = 'left'): Promise<string[]> =>
    page.locator(`[data-side="${side}"] td.name .text`).allInnerTexts()
  const chosen = (): Promise<string> => page.locator('[data-side="left"] .selected').innerText()
  const focused = (): Promise<string> => page.evaluate('document.activeElement.textContent')

  beforeAll(async () => {
    scene = await startScene()
    plant(scene.folderOf(archive), {
      'README.md': '# Tides\n',
      '.hidden': 'x',
      'stations/alder.csv': 'a',
      'stations/brackwater.csv': 'longer',
      'stations/cormorant.csv': 'the longest',
      'maps/a.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    })
    plant(scene.folderOf(oddNames), Object.fromEntries(hostile.map((name) => [name, 'x'])))
    plant(scene.folderOf(crew), { 'results/extremes.csv': 'x', 'old.txt': 'x', 'older.txt': 'x' })
    plant(scene.folderOf(hospital), { 'study-001/report.txt': 'nothing found' })
    maya = await scene.visit('Maya Okafor')
    page = maya.page
  })
  afterAll(async () => {
    await maya[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  })

  it('asks for consent once, and is walked through by keyboard', async () => {
    await maya.open(`/collections/${archive}/files`)
    await page.locator('html.scripted').waitFor()
    expect(await names()).toEqual(['maps', 'stations', 'README.md'])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toContain('stations')
    await page.keyboard.press('Enter')
    await page.getByText('alder.csv').waitFor()
    await page.locator('html.scripted').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    expect(await chosen()).toBe('1 selected · 1 B')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    expect(await chosen()).toBe('3 selected · 18 B')
    await page.keyboard.press('Escape')
    expect(await chosen()).toBe('Nothing selected')
    await page.keyboard.press('Control+a')
    expect(await chosen()).toContain('3 selected')
    await page.keyboard.press('Backspace')
    await page.getByText('README.md').waitFor()
    expect(maya.profile.problems).toEqual([])
  })

  it('filters while somebody types, sorts by columns, and has both in the address', async () => {
    await maya.open(`/collections/${archive}/files?path=/stations/`)
    await page.locator('html.scripted').waitFor()
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('A*eR')
    await expect.poll(() => names()).toEqual(['alder.csv', 'brackwater.csv'])
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('')
    await page.getByRole('link', { name: 'Size' }).click()
    await page.getByRole('link', { name: 'Size' }).click()
    await expect.poll(() => names()).toEqual(['cormorant.csv', 'brackwater.csv', 'alder.csv'])
    const address = { path: '/stations/', sort: 'size', order: 'desc' }
    await expect.poll(() => Object.fromEntries(new URL(page.url()).searchParams)).toEqual(address)
    await page.reload()
    await expect.poll(() => names()).toEqual(['cormorant.csv', 'brackwater.csv', 'alder.csv'])
    expect(await page.locator('th[aria-sort="descending"]').innerText()).toContain('Size')
    await page.getByRole('link', { name: 'Up', exact: true }).click()
    await expect.poll(() => Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ sort: 'size' })
  })

  it('has two panes, looks right in light, dark and narrow, and axe-core has nothing to say', async () => {
    await maya.open(`/collections/${archive}/files?path=/stations/&other=${crew}`)
    expect(await names('right')).toEqual(['results', 'old.txt', 'older.txt'])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await accessibilityProblems(page)).toEqual([])
    }
    await page.getByRole('checkbox', { name: 'Select alder.csv' }).check()
    await maya.picture('files-two-panes')
    await page.setViewportSize({ width: 360, height: 740 })
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    await page.setViewportSize({ width: 1280, height: 720 })
    await page.getByRole('link', { name: 'Another collection' }).last().click()
    await page.getByRole('heading', { name: 'Choose a collection' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('files-choose')
  })

  it('makes, renames and deletes, and asks before it deletes', async () => {
    await maya.open(`/collections/${crew}/files`)
    await page.getByText('New folder', { exact: true }).click()
    await page.getByLabel('Name of the new folder').fill('drafts & notes')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByText('The folder is there.').waitFor()
    await expect.poll(() => names()).toContain('drafts & notes')
    await page.waitForLoadState()
    await page.getByRole('checkbox', { name: 'Select drafts & notes' }).check()
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByLabel('New name').fill('notes')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByText('The name is changed.').waitFor()
    await page.waitForLoadState()
    await page.getByRole('checkbox', { name: 'Select old.txt' }).check()
    await page.getByRole('checkbox', { name: 'Select older.txt' }).check()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('heading', { name: 'Delete 2 items?' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('delete')
    await page.getByRole('link', { name: 'Leave it as it is' }).click()
    // What was chosen is still chosen.
    await expect.poll(chosen).toContain('2 selected')
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('Globus is deleting').waitFor()
    await expect.poll(() => existsSync(join(scene.folderOf(crew), 'old.txt'))).toBe(false)
    await expect.poll(chosen).toBe('Nothing selected')
    expect(maya.profile.problems).toEqual([])
  })

  it('sends what is chosen to be copied, with where it is and where it should go', async () => {
    await maya.open(`/collections/${archive}/files?path=/stations/&other=${crew}&otherPath=/results/`)
    await page.getByRole('checkbox', { name: 'Select brackwater.csv' }).check()
    await page.locator('[data-side="left"]').getByRole('button', { name: 'Copy to the other pane' }).click()
    await page.getByRole('heading', { name: 'Copy one item' }).waitFor()
    await page.locator('main').getByText('brackwater.csv').first().waitFor()
    expect(await page.getByLabel('Folder', { exact: true }).inputValue()).toBe('/results/')
    // Back at the folders, it is still chosen.
    await page.getByRole('link', { name: 'Back to the files' }).click()
    await page.getByText('cormorant.csv').waitFor()
    await expect.poll(chosen).toContain('1 selected')
  })

  it('shows the first folder soon', async () => {
    // The entry comes with the first frame, which may be after the page has loaded.
    const painted = () => page.evaluate('performance.getEntriesByName("first-contentful-paint")[0]?.startTime')
    const times: number[] = []
    // The quickest of ten: the others may have met a machine that was busy with something else.
    for (let load = 0; load < 10 && Math.min(...times) >= 1500; load += 1) {
      await maya.open(`/collections/${crew}/files`)
      await expect.poll(painted).toEqual(expect.any(Number))
      times.push(Number(await painted()))
    }
    // 300 ms on a machine of its own; five times that where others work too.
    expect(Math.min(...times)).toBeLessThan(1500)
  })

  it('runs nothing of a hostile name, also after it was sorted and filtered by the script', async () => {
    await maya.open(`/collections/${oddNames}/files`)
    await page.locator('html.scripted').waitFor()
    await page.getByRole('link', { name: 'Name' }).click()
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('<script')
    await expect.poll(() => names()).toEqual(['<script>document.title="ran"'])
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('')
    await expect.poll(() => names()).toHaveLength(hostile.length)
    expect(await page.title()).toContain('Odd Names')
    expect(await page.locator('.panes img, .panes script').count()).toBe(0)
    expect(maya.profile.problems).toEqual([])
  })

  it('leads through a fresh login to the same folder, and tells Maya why that would not help', async () => {
    await maya.open(`/collections/${hospital}/files?path=/study-001/`)
    expect(await page.getByRole('alert').innerText()).toContain('hospital.example')
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('hospital-as-maya')
    await using ingrid = await scene.visit('Ingrid Solheim')
    await ingrid.open(`/collections/${hospital}/files?path=/study-001/&sort=size`)
    await ingrid.page.getByRole('checkbox', { name: 'Select report.txt' }).check()
    scene.globus.world.timeShift.age('authentications', 120_000)
    await ingrid.page.reload()
    await ingrid.page.getByRole('button', { name: 'Ingrid Solheim' }).click()
    await ingrid.page.getByText('1 selected').waitFor()
    expect(new URL(ingrid.page.url()).search).toBe('?path=/study-001/&sort=size')
  })

  it('says what to do about a computer that is off', async () => {
    await using sam = await scene.visit('Sam')
    await sam.open(`/collections/${samsLaptop}/files`)
    expect(await sam.page.getByRole('alert').innerText()).toContain('not connected')
    expect(await accessibilityProblems(sam.page)).toEqual([])
    await sam.picture('offline')
  })
})

describe.skipIf(!browserProgram.available)('a folder with 100,000 files', () => {
  it('is walked to its end, filtered and sorted, with few rows in the page', async () => {
    await using scene = await startScene()
    const many = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, index) => [`f${String(index).padStart(6, '0')}.dat`, '']),
    )
    plant(join(scene.folderOf(archive), 'many'), many)
    await using maya = await scene.visit('Maya Okafor')
    const { page } = maya
    // What the portal sent is seen before the rest is there.
    const seen = Promise.withResolvers<void>()
    await page.route('**/entries?*', async (route) => {
      await seen.promise
      await route.continue()
    })
    await maya.open(`/collections/${archive}/files?path=/many/`)
    await page.getByText('1000 of 100000 items').waitFor()
    seen.resolve()
    await page.getByText('100000 items', { exact: true }).waitFor({ timeout: 180_000 })
    expect(await page.locator('tbody tr').count()).toBeLessThan(200)
    await page.evaluate(
      'window.longest = 0; new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration) }).observe({ type: "longtask" })',
    )
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('f099999.dat')
    await page.keyboard.press('PageUp')
    await page.keyboard.press('Shift+Home')
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('f0777')
    await page.getByText('100 of 100000 items').waitFor()
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('')
    await page.getByRole('link', { name: 'Name' }).click()
    await expect.poll(() => page.locator('td.name .text').first().innerText()).toBe('f099999.dat')
    // Far below what a person takes for a page that hangs, on a machine that does other things too.
    expect(await page.evaluate('window.longest')).toBeLessThan(3000)
    expect(await accessibilityProblems(page)).toEqual([])
    expect(maya.profile.problems).toEqual([])
  })
})
