import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { browserProgram } from '../support/browser.ts'
import { plant } from '../support/plant.ts'
import { collections, startScene, type Scene, type Visit } from '../support/portal-scene.ts'

const { hospitalImaging: hospital, tidalSurveyArchive: archive, tideCrewWorkspace: crew } = collections
const script = '<script>document.title="ran"</script>'

describe.skipIf(!browserProgram.available)('uploads, downloads and previews in Chromium', () => {
  let scene: Scene
  let maya: Visit
  let page: Page
  const upload = (at: Page, files: Readonly<Record<string, string>>): Promise<void> =>
    at
      .locator('input[type="file"]:not([webkitdirectory])')
      .setInputFiles(
        Object.entries(files).map(([name, text]) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })),
      )
  const enable = async (visit: Visit, id: string): Promise<void> => {
    await visit.open(`/collections/${id}/files`)
    await visit.page.getByRole('link', { name: 'Enable upload and download' }).click()
    await visit.allow()
    await visit.page.getByText('Upload and download are enabled.').waitFor()
    await visit.page.locator('html.scripted').waitFor()
  }

  beforeAll(async () => {
    scene = await startScene()
    plant(scene.folderOf(archive), {
      'tides.csv': `time,station,level_m,temperature\n${Array.from({ length: 720 }, (_, hour) => `${new Date(Date.UTC(2026, 0, 1, hour)).toISOString()},Alder Point,${Math.sin(hour / 2).toFixed(3)},${(9 + Math.cos(hour / 30)).toFixed(2)}`).join('\n')}\n`,
      'page.html': `${script}<h1>Hello</h1>`,
      'evil.svg': `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">${script.replace('document', 'top.document')}<circle cx="50" cy="50" r="40"/></svg>`,
      'README.md': `# Tides\n\n${script}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n`,
      'data.json': '{"station":"Alder Point","levels":[1,2,3]}',
    })
    plant(scene.folderOf(crew), { 'taken.txt': 'before' })
    plant(scene.folderOf(hospital), { 'README.txt': 'studies' })
    maya = await scene.visit('Maya Okafor')
    page = maya.page
    await enable(maya, archive)
  })
  afterAll(async () => {
    await maya[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  })

  it('sends what is dropped, one after the other, and asks before it replaces', async () => {
    await enable(maya, crew)
    const large = 'tide '.repeat(400_000)
    const dropped = await page.evaluateHandle((text) => {
      const data = new DataTransfer()
      data.items.add(new File([text], 'large é.txt', { type: 'text/plain' }))
      data.items.add(new File(['after'], 'taken.txt'))
      return data
    }, large)
    await page.locator('.pane').dispatchEvent('drop', { dataTransfer: dropped })
    await page.getByText('There is a taken.txt already.').waitFor()
    expect(statSync(join(scene.folderOf(crew), 'large é.txt')).size).toBe(large.length)
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('upload-asks')
    await page.getByRole('button', { name: 'Replace' }).click()
    await page.getByText('2 uploaded').waitFor()
    expect(readFileSync(join(scene.folderOf(crew), 'taken.txt'), 'utf8')).toBe('after')
    await page.locator('td.name').getByText('large é.txt').waitFor()
    expect(maya.profile.problems).toEqual([])
  })

  it('waits where the login has run out, and goes on after one in a second window', async () => {
    await using ingrid = await scene.visit('Ingrid Solheim')
    await enable(ingrid, hospital)
    const refreshed = ingrid.page.waitForResponse(/\/entries\?/)
    const runOut = async (route: Route): Promise<void> => {
      scene.globus.world.timeShift.age('authentications', 120_000)
      await route.continue()
    }
    await ingrid.page.route(/\/entries\?/, runOut, { times: 1 })
    await upload(ingrid.page, { 'first.txt': '1' })
    await ingrid.page.getByText('1 uploaded').waitFor()
    // The list is asked for anew at the worst moment: that leads nobody away from what is dropped next.
    expect((await refreshed).status()).toBeGreaterThan(400)
    await upload(ingrid.page, { 'second.txt': '2', 'third.txt': '3' })
    await ingrid.page.getByText('Globus wants you to log in again').waitFor()
    await ingrid.picture('upload-paused')
    const [second] = await Promise.all([
      ingrid.page.waitForEvent('popup'),
      ingrid.page.getByRole('button', { name: 'Log in and go on' }).click(),
    ])
    const closed = second.waitForEvent('close')
    await second.getByRole('button', { name: 'Ingrid Solheim' }).click()
    await closed
    await ingrid.page.getByText('2 uploaded').waitFor()
    for (const name of ['second.txt', 'third.txt']) expect(statSync(join(scene.folderOf(hospital), name)).size).toBe(1)
  })

  it('saves a file under its own name', async () => {
    await maya.open(`/collections/${archive}/preview?path=/data.json`)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('data.json')
    expect(readFileSync(await download.path(), 'utf8')).toContain('Alder Point')
  })

  it.each(['tides.csv', 'page.html', 'evil.svg', 'README.md', 'data.json'])(
    'shows %s, and nothing in it runs',
    async (name) => {
      maya.profile.problems.length = 0
      await maya.open(`/collections/${archive}/preview?path=/${name}`)
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(name)
      expect(await page.title()).toContain(name)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await accessibilityProblems(page)).toEqual([])
      }
      await maya.picture(`preview-${name.replace('.', '-')}`)
      await page.setViewportSize({ width: 360, height: 740 })
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
      await page.setViewportSize({ width: 1280, height: 720 })
      expect(maya.profile.problems).toEqual([])
    },
  )

  it('shows a picture as a picture', async () => {
    await maya.open(`/collections/${archive}/preview?path=/evil.svg`)
    expect(await page.evaluate('document.querySelector(".picture img").decode().then(() => true)')).toBe(true)
  })

  it('sorts a table by the column that is pressed', async () => {
    await maya.open(`/collections/${archive}/preview?path=/tides.csv`)
    const first = (): Promise<string> => page.locator('table.data tbody tr').first().locator('td').nth(2).innerText()
    await page.getByRole('button', { name: 'level_m' }).click()
    await expect.poll(async () => Number(await first())).toBeCloseTo(-1, 2)
    await page.getByRole('button', { name: 'level_m' }).click()
    await expect.poll(async () => Number(await first())).toBeCloseTo(1, 2)
    expect(await page.locator('figure.plot').count()).toBe(2)
  })

  it('opens a hostile file by its own address as nothing that could run', async () => {
    const other = await maya.profile.newPage()
    await other.goto(`${scene.portal.origin}/collections/${archive}/content?show=1&path=/evil.svg`)
    expect(await other.title()).not.toBe('ran')
    await other.close()
    maya.profile.problems.length = 0
  })
})
