import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demo, type RunningEmulator } from '@pierhead/emulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { packPackage, type PackedPackage } from '../../tools/lib/pack.ts'
import { browserProgram, launchBrowser, logInAs, openProfile, type Profile } from '../support/browser.ts'
import { startGlobus } from '../support/emulator.ts'
import { freePort } from '../../tools/lib/ports.ts'
import { installCopy, installInPlace, writeSettings } from './places.ts'
import { type Program, startProgram } from './program.ts'
import { examples } from './table.ts'
import { fieldsOf, logInFrom, logOut, makeFolder, mayasFields, openEndpoints } from './tour.ts'

const twoDays = 172_800
const ways = process.env.PIERHEAD_SHORT === '1' ? (['packed'] as const) : (['packed', 'in place'] as const)
const sites = examples.filter(({ kind }) => kind === 'site')
const pageApps = examples.filter(({ kind }) => kind === 'spa')

describe.skipIf(!browserProgram.available).each(ways)('an example, %s', (way) => {
  let folder: string
  let kit: PackedPackage
  let browser: Browser
  let globus: RunningEmulator
  let program: Program
  let origin: string
  let profile: Profile
  let page: Page

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pierhead-examples-'))
    if (way === 'packed') kit = packPackage('pierhead', folder)
    mkdirSync(join(folder, 'apps'))
    globus = await startGlobus()
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await globus.close()
    rmSync(folder, { recursive: true })
  })

  beforeEach(async () => {
    profile = await openProfile(browser)
    page = await profile.newPage()
  })

  afterEach(async () => {
    await profile.close()
    if (profile.problems.length > 0) throw new Error(profile.problems.join('\n'))
  })

  /** Installs and starts an example with a registration of its own. */
  const start = async (example: (typeof examples)[number]): Promise<void> => {
    const port = await freePort()
    origin = `http://localhost:${port}`
    const redirectUris = [`${origin}/login`]
    const { clientId } = globus.registerApp({ name: 'Tide Viewer', type: 'portal', redirectUris })
    const settings = { ...globus.envFor({ client: clientId }), SESSION_SECRET: randomBytes(32).toString('base64') }
    const base = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port) }
    const ready = `localhost:${port}`
    if (way === 'in place') {
      // A developer's own .env stays as it is.
      program = await startProgram('npm start', { cwd: installInPlace(example), env: { ...base, ...settings }, ready })
    } else {
      const cwd = installCopy(example, kit, join(folder, 'apps'))
      writeSettings(cwd, settings)
      program = await startProgram('npm start', { cwd, env: base, ready })
    }
    // A development server compiles each page when it is first asked for.
    for (const path of ['/', '/endpoints']) await fetch(origin + path, { redirect: 'manual' })
  }

  describe.each(sites)('$name', (example) => {
    beforeAll(() => start(example))
    afterAll(() => program.close())

    it('S2.6 sends a stranger to log in, and shows them who they are', async () => {
      const answers: string[] = []
      page.on('response', (response) => answers.push(`${response.status()} ${new URL(response.url()).pathname}`))
      await logInFrom(page, origin, 'Maya Okafor')
      expect(answers[0]).toMatch(/^30[237] \/$/)
      expect(answers[1]).toBe('302 /login')
      expect(await page.getByRole('heading').innerText()).toBe('Hello Maya Okafor!')
      expect(await page.locator('body').innerText()).toContain('You are successfully logged in')
      expect(await fieldsOf(page)).toMatchObject(mayasFields)
      await page.reload()
      expect(await fieldsOf(page)).toMatchObject(mayasFields)
    })

    it('S2.15 S2.21 S2.22 lists every endpoint, also when the tokens of the login are too old', async () => {
      await logInFrom(page, origin, 'Maya Okafor')
      const lines = await openEndpoints(page, origin)
      expect(lines).toContain(`[${demo.collections.mayasLaptop}] Maya's Laptop`)
      expect(lines.length).toBeGreaterThan(100)
      globus.clock.advance(twoDays)
      await page.reload()
      expect(await page.getByRole('listitem').allInnerTexts()).toEqual(lines)
    })

    it('S2.1 logs out by its form, and asks for a new login after that', async () => {
      await logInFrom(page, origin, 'Maya Okafor')
      await logOut(page)
      await page.goto(`${origin}/endpoints`)
      expect(page.url()).toContain(`${globus.origin}/`)
    })

    it('S1.24 SEC-60 shows a name with markup as it is written', async () => {
      await logInFrom(page, origin, 'Zoë <b>Núñez</b>')
      expect(await page.getByRole('heading').innerText()).toBe('Hello Zoë <b>Núñez</b>!')
      expect(await page.locator('body b').count()).toBe(0)
    })
  })

  describe.each(pageApps)('$name', (example) => {
    beforeAll(() => start(example))
    afterAll(() => program.close())

    it('S1.19 lists collections and leads through a consent to a folder, with no token in the page', async () => {
      await logInFrom(page, origin, 'Maya Okafor')
      const sent: (string | null)[] = []
      page.on('request', (request) => void request.headerValue('authorization').then((value) => sent.push(value)))
      await page.getByRole('link', { name: "Maya's Laptop" }).waitFor()
      await page.getByRole('searchbox').fill('tidal survey archive')
      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('link', { name: 'Tidal Survey Archive' }).click()
      await page.getByRole('button', { name: 'Allow', exact: true }).waitFor()
      expect(await page.locator('body').innerText()).toContain('Tidal Survey Archive')
      await logInAs(page, 'Maya Okafor')
      await page.waitForURL(`${origin}/?collection=${demo.collections.tidalSurveyArchive}`)
      await page.getByRole('heading', { name: '/' }).waitFor()
      expect(sent.filter((value) => value !== null)).toEqual([])
      // Chromium reports the answer that asked for the consent.
      profile.problems.splice(0, Infinity, ...profile.problems.filter((text) => !text.includes('status of 403')))
    })

    it('opens folders, keeps its place at a reload, and goes back', async () => {
      await makeFolder(globus, demo.collections.mayasLaptop, '/~/tides/')
      await logInFrom(page, origin, 'Maya Okafor')
      await page.getByRole('link', { name: "Maya's Laptop" }).click()
      await page.getByRole('link', { name: 'tides/' }).click()
      await page.getByRole('heading', { name: '/~/tides/' }).waitFor()
      await page.reload()
      await page.getByRole('heading', { name: '/~/tides/' }).waitFor()
      await page.goBack()
      await page.getByRole('link', { name: 'tides/' }).waitFor()
      expect(new URL(page.url()).searchParams.get('path')).toBeNull()
    })

    it('goes back to the same folder when its session ended meanwhile', async () => {
      await logInFrom(page, origin, 'Maya Okafor')
      await page.getByRole('link', { name: "Maya's Laptop" }).waitFor()
      await profile.context.clearCookies({ domain: 'localhost' })
      await page.getByRole('link', { name: "Maya's Laptop" }).click()
      await page.getByRole('heading', { name: '/' }).waitFor()
      expect(new URL(page.url()).searchParams.get('collection')).toBe(demo.collections.mayasLaptop)
      profile.problems.splice(0, Infinity, ...profile.problems.filter((text) => !text.includes('status of 401')))
    })

    it('logs out by its form, and asks for a new login after that', async () => {
      await logInFrom(page, origin, 'Zoë <b>Núñez</b>')
      expect(await page.getByRole('banner').innerText()).toContain('Zoë <b>Núñez</b>')
      await logOut(page)
      expect(page.url()).toContain(`${globus.origin}/`)
    })
  })
})
