import type { RunningEmulator } from '@pierhead/emulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { browserProgram, launchBrowser, logInAs, openProfile, pressBack, type Profile } from './support/browser.ts'
import { introspect, liveTokens, startGlobus } from './support/emulator.ts'
import { type Portal, startPortal } from './support/portal.ts'

describe.skipIf(!browserProgram.available)('the portal in Chromium', () => {
  let browser: Browser
  let globus: RunningEmulator
  let portal: Portal
  let profile: Profile
  let page: Page

  beforeAll(async () => {
    globus = await startGlobus()
    portal = await startPortal(globus, { PORTAL_REVEAL_TOKENS: '1' })
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await portal.close()
    await globus.close()
  })

  beforeEach(async () => {
    profile = await openProfile(browser)
    page = await profile.newPage()
  })

  afterEach(async () => {
    globus.faults.clear()
    await profile.close()
  })

  const logIn = async (name: string, at: Page = page): Promise<void> => {
    await at.goto(portal.origin)
    await at.getByRole('link', { name: 'Login to Globus' }).click()
    await logInAs(at, name)
    await at.waitForURL(`${portal.origin}/`)
  }
  const logOut = async (): Promise<void> => {
    await page.getByRole('link', { name: 'Logout' }).click()
    await page.getByRole('button', { name: 'Log out', exact: true }).click()
    await page.getByText('You are logged out').waitFor()
  }
  /** Of the whole page: one that has begun may show half of it. */
  const text = async (): Promise<string> => {
    await page.waitForLoadState()
    return page.locator('main').innerText()
  }
  const facts = async (): Promise<Record<string, string>> => {
    await page.waitForLoadState()
    const rows = await page.locator('main dl.facts').first().locator('> div').allInnerTexts()
    return Object.fromEntries(rows.map((row) => row.split(/:\s+/, 2)))
  }

  it('S1.22 S1.23 S1.24 S1.26 leads from "Login to Globus" home and out again, with no complaint', async () => {
    await page.goto(portal.origin)
    expect(await text()).toContain('authentication delegated to Globus')
    expect(await page.getByRole('link', { name: 'Login to Globus' }).count()).toBe(1)
    await logIn('Maya Okafor')
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Hello Maya Okafor!')
    expect(await facts()).toMatchObject({
      Username: 'maya.okafor@harbour.example',
      Email: 'maya.okafor@harbour.example',
      UUID: '3d8a6f10-5c1b-4b7e-8f7a-9a2c0b5d2001',
      Organization: 'Harbour University',
      'Refresh token': 'hidden',
    })
    expect((await facts())['Access token']).toMatch(/^hidden\b/)
    expect(liveTokens(globus, portal)).toBe(4)

    await logOut()
    expect(liveTokens(globus, portal)).toBe(0)
    await page.getByRole('link', { name: 'Continue to Pierhead Data Portal' }).click()
    await page.getByRole('link', { name: 'Login to Globus' }).waitFor()
    expect(await profile.context.cookies(portal.origin)).toEqual([])
    expect(profile.problems).toEqual([])
  })

  it('S1.18 S1.24 SEC-60 shows odd names as they are written, and says what is not given', async () => {
    await logIn('Zoë <b>Núñez</b>')
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Hello Zoë <b>Núñez</b>!')
    expect(await page.locator('main b').count()).toBe(0)
    await logOut()
    await logIn('Sam')
    expect(await facts()).toMatchObject({ Email: 'not given', Organization: 'not given' })
    await logOut()
    expect(profile.problems).toEqual([])
  })

  it('S1.19 S1.25 SEC-45 lists the tokens by service, and shows one only when asked by its button', async () => {
    const pages: string[] = []
    page.on('response', (response) => void response.text().then((body) => pages.push(body), String))
    await logIn('Maya Okafor')
    await page.getByRole('link', { name: 'Account' }).first().click()
    expect(await text()).toContain('transfer.api.globus.org')
    expect(await text()).toMatch(/1 day and 23 hours left/)
    const before = pages.join('\n')
    await page.getByRole('button', { name: /Reveal the access token.*Transfer/ }).click()
    await expect.poll(text).toMatch(/[A-Za-z0-9]{40,}/)
    const tokens = (await text()).match(/[A-Za-z0-9]{40,}/g) ?? []
    expect(tokens).toHaveLength(1)
    const [token = ''] = tokens
    expect(await introspect(globus, portal, token)).toMatchObject({ active: true })
    expect(before).not.toContain(token.slice(0, 8))
    expect(portal.output()).not.toContain(token.slice(0, 8))
    await page.getByRole('link', { name: 'Home' }).first().click()
    await page.waitForURL(`${portal.origin}/`)
    expect(await page.content()).not.toContain(token.slice(0, 8))
    await logOut()
    expect(profile.problems).toEqual([])
  })

  it('S1.11 says on a page of its own that consent was refused, and tries again by one click', async () => {
    await page.goto(`${portal.origin}/account`)
    await logInAs(page, 'Ingrid Solheim', 'Deny')
    expect(await text()).toContain('You did not allow access')
    expect(await text()).toContain('access_denied')
    await page.getByRole('link', { name: 'Try again' }).click()
    await logInAs(page, 'Ingrid Solheim')
    await page.waitForURL(`${portal.origin}/account`)
    expect(await text()).toContain('ingrid.solheim@hospital.example')
    await logOut()
  })

  it('SEC-86 shows nothing private after logout, whatever Back brings', async () => {
    await logIn('Maya Okafor')
    await page.getByRole('link', { name: 'Account' }).first().click()
    await page.waitForURL(`${portal.origin}/account`)
    await logOut()
    for (let step = 0; step < 3; step += 1) {
      await pressBack(page)
      expect(await page.locator('body').innerText()).not.toMatch(/Hello Maya|What this portal holds|UUID/)
    }
  })

  it('SEC-50 logs a person out everywhere from one browser', async () => {
    await logIn('Maya Okafor')
    const elsewhere = await openProfile(browser)
    const other = await elsewhere.newPage()
    await logIn('Maya Okafor', other)
    expect(liveTokens(globus, portal)).toBe(8)
    await page.goto(`${portal.origin}/account`)
    await page.getByRole('button', { name: 'Log out everywhere' }).click()
    await page.getByText('You are logged out').waitFor()
    expect(liveTokens(globus, portal)).toBe(0)
    await other.goto(portal.origin)
    expect(await other.getByRole('link', { name: 'Login to Globus' }).count()).toBe(1)
    expect(profile.problems).toEqual([])
    await elsewhere.close()
  })

  it('REL-32 keeps people logged in over a restart', async () => {
    await logIn('Maya Okafor')
    await portal.restart()
    await page.reload()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Hello Maya Okafor!')
    await logOut()
    expect(liveTokens(globus, portal)).toBe(0)
  })

  it('REL-13 explains a login that Globus could not finish, and leaves nothing behind', async () => {
    globus.faults.next('userinfo', { kind: 'answer', status: 500 })
    await page.goto(`${portal.origin}/login`)
    await logInAs(page, 'Maya Okafor')
    expect(await text()).toContain('userinfo_failed')
    expect(await text()).not.toMatch(/\bat .*\.ts:|Error:/)
    expect(liveTokens(globus, portal)).toBe(0)
  })

  it('fits a narrow screen, light and dark', async () => {
    await page.setViewportSize({ width: 360, height: 720 })
    await logIn('Zoë <b>Núñez</b>')
    const overflow = (): Promise<number> => page.evaluate('document.documentElement.scrollWidth - innerWidth')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const path of ['/', '/account', '/logout', '/nowhere']) {
        await page.goto(portal.origin + path)
        expect({ path, overflow: await overflow() }).toEqual({ path, overflow: 0 })
      }
    }
    await page.goto(`${portal.origin}/`)
    await logOut()
  })
})
