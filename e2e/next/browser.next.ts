import type { RunningEmulator } from '@pierhead/emulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { browserProgram, launchBrowser, logInAs, openProfile, patience, type Profile } from '../support/browser.ts'
import { requestsTo, startGlobus } from '../support/emulator.ts'
import { startSite, type RunningSite } from './site.ts'

describe.skipIf(!browserProgram.available)('a production server of Next.js, in Chromium', () => {
  let browser: Browser
  let globus: RunningEmulator
  let site: RunningSite
  let profile: Profile
  let page: Page

  beforeAll(async () => {
    globus = await startGlobus()
    site = await startSite(globus)
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await site.close()
    await globus.close()
  })

  beforeEach(async () => {
    profile = await openProfile(browser)
    page = await profile.newPage()
  })

  afterEach(() => profile.close())

  const logIn = async (target: string): Promise<void> => {
    await page.goto(`${site.origin}${target}`)
    await logInAs(page, 'Maya Okafor')
    await page.waitForURL(`${site.origin}${target}`)
  }

  it('leads from a link that Next follows by a script to Globus and back, by one login', async () => {
    const before = requestsTo(globus, '/v2/oauth2/authorize')
    await page.goto(`${site.origin}/pages/home`)
    await page.waitForLoadState('networkidle')
    expect(await profile.context.cookies(site.origin)).toEqual([])
    await page.getByRole('link', { name: 'Private' }).click()
    await page.waitForURL(`${globus.origin}/**`)
    expect(await profile.context.cookies(site.origin)).toHaveLength(1)
    await logInAs(page, 'Maya Okafor')
    await page.waitForURL(`${site.origin}/pages/private?from=home`)
    await page.getByRole('heading', { name: 'secret of Maya Okafor' }).waitFor()
    expect(requestsTo(globus, '/v2/oauth2/authorize') - before).toBe(1)
  })

  it('does what an action says without loading the page again, and comes back from what it demands', async () => {
    await logIn('/pages/private')
    await page.goto(`${site.origin}/pages/action`)
    await page.evaluate('globalThis.stayed = true')
    await page.getByRole('button', { name: 'Count' }).click()
    await page.getByText('1 visits').waitFor()
    await page.getByRole('button', { name: 'Without a token' }).click()
    await page.getByText('2 visits').waitFor()
    expect(await page.evaluate('globalThis.stayed')).toBe(true)
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.waitForURL(`${globus.origin}/**`)
    await logInAs(page, 'Maya Okafor')
    await page.waitForURL(`${site.origin}/pages/action`)
    await page.getByText('2 visits').waitFor()
    await page.goto(`${site.origin}/pages/consent`)
    await page.getByText('search for Maya Okafor').waitFor()
    expect(profile.problems).toEqual([])
  })

  it('SEC-87 works without scripts by forms that hold the token, and by no others', async () => {
    await profile.close()
    const context = await browser.newContext({ javaScriptEnabled: false })
    context.setDefaultTimeout(patience)
    page = await context.newPage()
    await logIn('/pages/private')
    await page.goto(`${site.origin}/pages/action`)
    await page.getByRole('button', { name: 'Count' }).click()
    await page.getByText('1 visits').waitFor()
    await page.getByRole('button', { name: 'Without a token' }).click()
    await page.getByText('csrf_refused').waitFor()
    expect(await page.getByRole('heading').innerText()).not.toBe('')
    await context.close()
  })

  it('goes on to Globus from a page that has begun', async () => {
    // It leads on before it has loaded.
    await page.goto(`${site.origin}/pages/late`, { waitUntil: 'commit' })
    await page.waitForURL(`${globus.origin}/**`)
    await logInAs(page, 'Maya Okafor')
    await page.waitForURL(`${site.origin}/pages/late`)
    await page.getByText('secret of').waitFor()
    expect(await page.locator('p').innerText()).toBe('secret of Maya Okafor')
  })
})
