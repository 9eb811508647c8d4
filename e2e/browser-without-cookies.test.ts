import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningEmulator } from '@pierhead/emulator'
import { type BrowserContext, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { browserProgram, launchOptions, logInAs } from './support/browser.ts'
import { liveTokens, startGlobus } from './support/emulator.ts'

describe.skipIf(!browserProgram.available)('a Chromium that is told to block the cookies of the app', () => {
  let folder: string
  let globus: RunningEmulator
  let app: App
  let context: BrowserContext

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pierhead-e2e-'))
    globus = await startGlobus()
    app = await startApp(globus)
    writeSettings(folder, { 'localhost,*': { setting: 2 } })
    context = await chromium.launchPersistentContext(folder, launchOptions())
  })

  afterAll(async () => {
    await context.close()
    await app.close()
    await globus.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('REL-53 stops on a page that names the cause, and makes no session and no token', async () => {
    const page = await context.newPage()
    await page.goto(`${app.origin}/private`)
    await logInAs(page, 'Maya Okafor')
    expect(await page.getByRole('heading').innerText()).toBe('This login cannot be continued here')
    expect(await page.locator('body').innerText()).toMatch(/cookies are off/)
    expect(await context.cookies(app.origin)).toEqual([])
    expect(liveTokens(globus, app)).toBe(0)
    // Trying again is possible, and ends at the same page.
    await page.getByRole('link', { name: 'Log in' }).click()
    await page.waitForURL(/code=/)
    expect(await page.getByRole('heading').innerText()).toBe('This login cannot be continued here')
  })
})

/** Chromium's own file of settings, where 2 means blocked. */
function writeSettings(folder: string, cookies: object): void {
  mkdirSync(join(folder, 'Default'))
  const settings = { profile: { content_settings: { exceptions: { cookies } } } }
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(settings))
}
