import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blocksOf } from '../../tools/lib/markdown.ts'
import { packPackage, type PackedPackage } from '../../tools/lib/pack.ts'
import { nextFreePort } from '../../tools/lib/ports.ts'
import { browserProgram, launchBrowser, openProfile } from '../support/browser.ts'
import { followGuide } from './follow-guide.ts'
import type { Program } from './program.ts'
import { examples, folderOf, guideOf } from './table.ts'
import { fieldsOf, logInFrom, logOut, mayasFields, openEndpoints } from './tour.ts'

const guided = examples.flatMap((example) =>
  example.guide === undefined ? [] : [{ ...example, guide: example.guide }],
)

describe.each(guided)('docs/$guide', (example) => {
  it('S2.5 shows the files of the example, character by character', () => {
    const files = blocksOf(guideOf(example.guide)).flatMap(({ info, code }) => {
      const name = /^title="([\w.-]+)"$/.exec(info)?.[1]
      return name === undefined ? [] : [{ name, code }]
    })
    expect(files.map(({ name }) => name)).toEqual(['login.ts', 'pages.ts', 'server.ts'])
    for (const { name, code } of files) expect(code).toBe(readFileSync(join(folderOf(example), name), 'utf8'))
  })
})

const isShort = process.env.PIERHEAD_SHORT === '1'

describe.skipIf(!browserProgram.available).each(isShort ? guided.slice(0, 1) : guided)('docs/$guide', ({ guide }) => {
  let folder: string
  let packed: PackedPackage[]
  let browser: Browser
  let programs: readonly Program[] = []
  let origin: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pierhead-guide-'))
    packed = ['pierhead', 'emulator'].map((name) => packPackage(name, folder))
    browser = await launchBrowser()
    const appPort = await nextFreePort(20_000 + Math.floor(Math.random() * 20_000))
    const emulatorPort = await nextFreePort(appPort + 1)
    origin = `http://localhost:${appPort}`
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    programs = await followGuide(guideOf(guide), { folder: empty, packed, appPort, emulatorPort })
  })

  afterAll(async () => {
    await browser.close()
    for (const program of programs.toReversed()) await program.close()
    rmSync(folder, { recursive: true })
  })

  it('S2.2 S2.6 leads from an empty folder to a login, to what is shown of a person, and out again', async () => {
    const { context, problems, newPage } = await openProfile(browser)
    const page = await newPage()
    await logInFrom(page, origin, 'Maya Okafor')
    expect(await fieldsOf(page)).toMatchObject(mayasFields)
    expect((await openEndpoints(page, origin)).length).toBeGreaterThan(100)
    await page.getByRole('link', { name: 'Back' }).click()
    await logOut(page)
    expect(problems).toEqual([])
    await context.close()
  })
})
