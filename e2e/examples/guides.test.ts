import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demo } from '@pierhead/emulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { blocksOf } from '../../tools/lib/markdown.ts'
import { packPackage } from '../../tools/lib/pack.ts'
import { freePort } from '../../tools/lib/ports.ts'
import { browserProgram, launchBrowser, openProfile, type Profile } from '../support/browser.ts'
import { openGuide, type Reader, titleOf } from './follow-guide.ts'
import { examples, folderOf, guideOf } from './table.ts'
import { fieldsOf, logInFrom, logOut, mayasFields, openEndpoints } from './tour.ts'

const guided = examples.flatMap((example) =>
  example.guide === undefined ? [] : [{ ...example, guide: example.guide }],
)

describe.each(guided)('docs/$guide', (example) => {
  it('S2.5 shows the files of the example, character by character', () => {
    const files = blocksOf(guideOf(example.guide)).filter(({ language }) => language === 'ts')
    expect(files.map(titleOf)).toEqual(['login.ts', 'pages.ts', 'server.ts', 'more.ts'])
    for (const file of files.slice(0, 3))
      expect(file.code).toBe(readFileSync(join(folderOf(example), titleOf(file) ?? ''), 'utf8'))
  })
})

const isShort = process.env.PIERHEAD_SHORT === '1'

describe.skipIf(!browserProgram.available).each(isShort ? guided.slice(0, 1) : guided)('docs/$guide', ({ guide }) => {
  let folder: string
  let browser: Browser
  let reader: Reader
  let origin: string
  let profile: Profile
  let page: Page

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pierhead-guide-'))
    const packed = ['pierhead', 'emulator'].map((name) => packPackage(name, folder))
    const appPort = await freePort()
    const emulatorPort = await freePort()
    origin = `http://localhost:${appPort}`
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    reader = openGuide(guideOf(guide), { folder: empty, packed, appPort, emulatorPort })
    browser = await launchBrowser()
    await reader.goOn()
  })

  afterAll(async () => {
    await browser.close()
    await reader.close()
    rmSync(folder, { recursive: true })
  })

  beforeEach(async () => {
    profile = await openProfile(browser)
    page = await profile.newPage()
  })

  afterEach(() => profile.close())

  it('S2.2 S2.6 leads from an empty folder to a login, to what is shown of a person, and out again', async () => {
    await logInFrom(page, origin, 'Maya Okafor')
    expect(await fieldsOf(page)).toMatchObject(mayasFields)
    expect((await openEndpoints(page, origin)).length).toBeGreaterThan(100)
    await page.getByRole('link', { name: 'Back' }).click()
    await logOut(page)
    expect(profile.problems).toEqual([])
  })

  it('goes on to a form, to a consent, to a guard and to a file of sessions', async () => {
    await reader.goOn()
    await page.goto(`${origin}/about`)
    expect(await page.locator('body').innerText()).toBe('Hello stranger')
    await logInFrom(page, origin, 'Maya Okafor')
    await page.goto(`${origin}/about`)
    expect(await page.locator('body').innerText()).toBe('Hello Maya Okafor')

    await page.goto(`${origin}/note`)
    await page.getByLabel('Note').fill('high <b>tide</b>')
    await page.getByRole('button', { name: 'Save' }).click()
    expect(await page.locator('body').innerText()).toBe('Maya Okafor wrote: high <b>tide</b>')

    await page.goto(`${origin}/files/${demo.collections.tidalSurveyArchive}`)
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.waitForURL(`${origin}/files/${demo.collections.tidalSurveyArchive}`)
    expect(await page.locator('body').innerText()).toContain('README')

    await page.goto(`${origin}/patients`)
    expect(new URL(page.url()).origin).not.toBe(origin)
    expect(existsSync(join(folder, 'empty/tide-viewer/sessions.db'))).toBe(true)
    await reader.goOn()
  })
})
