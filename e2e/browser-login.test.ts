import type { RunningEmulator } from '@pierhead/emulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { browserProgram, launchBrowser, logInAs, openProfile, pressBack, type Profile } from './support/browser.ts'
import { countTokenRequests, liveTokens, startGlobus } from './support/emulator.ts'

describe.skipIf(!browserProgram.available)('logging in and out with Chromium', () => {
  let browser: Browser
  let globus: RunningEmulator
  let app: App
  let profile: Profile
  let page: Page

  beforeAll(async () => {
    globus = await startGlobus()
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await globus.close()
  })

  beforeEach(async () => {
    app = await startApp(globus, { store: 'sqlite', name: 'Tide Portal' })
    profile = await openProfile(browser)
    page = await profile.newPage()
  })

  afterEach(async () => {
    await profile.close()
    await app.close()
  })

  const logIn = async (name = 'Maya Okafor'): Promise<void> => {
    await page.goto(`${app.origin}/`)
    await page.getByRole('link', { name: 'Login to Globus' }).click()
    await logInAs(page, name)
    await page.waitForURL(`${app.origin}/`)
  }

  it('S1.22 S1.23 S1.24 S1.26 REL-55 goes the whole way by clicks, with the policies on and no complaint', async () => {
    await page.goto(`${app.origin}/`)
    expect(await page.title()).toBe('Sample App')
    await page.getByRole('link', { name: 'Login to Globus' }).click()
    await page.getByRole('button', { name: 'Maya Okafor', exact: true }).click()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.waitForURL(`${app.origin}/`)
    const text = await page.locator('body').innerText()
    expect(text).toContain('Hello Maya Okafor!')
    expect(text).toContain('Username: maya.okafor@harbour.example')
    expect(text).toContain('Organization: Harbour University')

    await page.getByRole('link', { name: 'Logout' }).click()
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.waitForURL((url) => url.href.startsWith(`${globus.origin}/v2/web/logout?`))
    expect(liveTokens(globus, app)).toBe(0)
    await page.getByRole('link', { name: 'Continue to Tide Portal' }).click()
    await page.waitForURL(`${app.origin}/`)
    await page.getByRole('link', { name: 'Login to Globus' }).waitFor()
    expect(profile.problems).toEqual([])
  })

  it('S1.24 SEC-60 shows a name with markup as it is written', async () => {
    await logIn('Zoë <b>Núñez</b>')
    expect(await page.getByRole('heading').innerText()).toBe('Hello Zoë <b>Núñez</b>!')
    expect(await page.locator('h1 b').count()).toBe(0)
    expect(profile.problems).toEqual([])
  })

  it('logs in with username and password, as tests of browser apps for Globus do', async () => {
    const sam = globus.info().identities.find(({ username }) => username === 'sam@globusid.org')
    await page.goto(`${app.origin}/login`)
    await page.getByText('Globus ID to sign in').click()
    await page.getByRole('textbox', { name: 'username' }).fill(sam?.username ?? '')
    await page.getByLabel('password').fill('wrong')
    await page.getByRole('button', { name: 'Log In' }).click()
    await page.getByText('Wrong username or password').waitFor()
    await page.getByRole('textbox', { name: 'username' }).fill(sam?.username ?? '')
    await page.getByLabel('password').fill(sam?.password ?? '')
    await page.getByRole('button', { name: 'Log In' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(`${app.origin}/`)
    expect(await page.getByRole('heading').innerText()).toBe('Hello Sam!')
  })

  it('S1.15 S1.16 SEC-19 SEC-35 leaves one cookie that no script reads, and no code in the history', async () => {
    await logIn()
    const [cookie, ...others] = await profile.context.cookies(app.origin)
    expect(others).toEqual([])
    expect(cookie?.name).toMatch(/^pierhead-[\w-]{8}-session$/)
    // Not Secure on http://localhost alone: Safari and others refuse it there.
    const wanted = { domain: 'localhost', path: '/', httpOnly: true, secure: false, sameSite: 'Lax' }
    expect(cookie).toMatchObject(wanted)
    expect(await page.evaluate('document.cookie')).toBe('')
    expect(await page.evaluate('document.referrer')).not.toContain('code=')
  })

  it('REL-52 SEC-06 survives reload and Back at every step, with one token request', async () => {
    const requests = await countTokenRequests(globus, async () => {
      await logIn()
      await page.reload()
      expect(await page.getByRole('heading').innerText()).toBe('Hello Maya Okafor!')
      await pressBack(page)
      expect(await page.getByRole('heading').innerText()).toBe('This login is over')
      await page.goto(`${app.origin}/`)
      expect(await page.getByRole('heading').innerText()).toBe('Hello Maya Okafor!')
    })
    expect(requests).toBe(1)
    expect(liveTokens(globus, app)).toBe(4)
  })

  it('SEC-06 sends somebody who opens the used callback again home', async () => {
    const seen: string[] = []
    page.on('request', (request) => seen.push(request.url()))
    await logIn()
    const callback = seen.find((url) => url.startsWith(`${app.origin}/login?code=`)) ?? ''
    expect(callback).not.toBe('')
    await page.goto(callback)
    expect(page.url()).toBe(`${app.origin}/`)
    expect(await page.getByRole('heading').innerText()).toBe('Hello Maya Okafor!')
  })

  it('SEC-86 shows no private page any more after logout, whatever the Back button brings', async () => {
    await logIn()
    await page.goto(`${app.origin}/private`)
    await page.goto(`${app.origin}/logout`)
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByText('You are logged out').waitFor()
    for (let step = 0; step < 4; step += 1) {
      await pressBack(page)
      expect(await page.locator('body').innerText()).not.toMatch(/Only for|Hello Maya/)
    }
    await page.goto(`${app.origin}/private`)
    expect(page.url()).toContain(`${globus.origin}/p/login`)
  })

  it('S1.11 says what happened when consent was refused, and starts again with one click', async () => {
    await page.goto(`${app.origin}/private`)
    await logInAs(page, 'Ingrid Solheim', 'Deny')
    expect(await page.getByRole('heading').innerText()).toBe('You did not allow access')
    expect(await page.locator('body').innerText()).toContain('access_denied')
    await page.getByRole('link', { name: 'Log in' }).click()
    await logInAs(page, 'Ingrid Solheim')
    await page.waitForURL(`${app.origin}/private`)
    expect(await page.getByRole('heading').innerText()).toBe('Only for Ingrid Solheim')
    // Chromium reports every page with an error status.
    expect(profile.problems.filter((problem) => !problem.includes('status of 403'))).toEqual([])
  })
})
