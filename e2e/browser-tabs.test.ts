import type { RunningEmulator } from '@pierhead/emulator'
import type { SessionStore } from 'pierhead'
import { memoryStore } from 'pierhead/session-store/memory'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { browserProgram, launchBrowser, logInAs, openProfile, type Profile } from './support/browser.ts'
import { countTokenRequests, liveTokens, startGlobus } from './support/emulator.ts'

describe.skipIf(!browserProgram.available)('several tabs and several apps in one Chromium', () => {
  let browser: Browser
  let globus: RunningEmulator
  let app: App
  let profile: Profile

  beforeAll(async () => {
    globus = await startGlobus()
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await globus.close()
  })

  beforeEach(async () => {
    app = await startApp(globus, { store: 'sqlite' })
    profile = await openProfile(browser)
  })

  afterEach(async () => {
    await profile.close()
    await app.close()
  })

  const startTab = async (address: string): Promise<Page> => {
    const tab = await profile.newPage()
    await tab.goto(address)
    return tab
  }
  const heading = (page: Page): Promise<string> => page.getByRole('heading').innerText()

  it('C02 REL-51 lets two tabs that log in at the same time both arrive where each was going', async () => {
    const [first, second] = await Promise.all([startTab(`${app.origin}/private`), startTab(`${app.origin}/`)])
    await second.getByRole('link', { name: 'Login to Globus' }).click()
    await logInAs(first, 'Maya Okafor')
    await logInAs(second, 'Maya Okafor')
    await first.waitForURL(`${app.origin}/private`)
    await second.waitForURL(`${app.origin}/`)
    expect(await heading(first)).toBe('Only for Maya Okafor')
    expect(await heading(second)).toBe('Hello Maya Okafor!')
    await first.reload()
    expect(await heading(first)).toBe('Only for Maya Okafor')
    // The second login replaced the first, and nothing of the first is left alive.
    expect(liveTokens(globus, app)).toBe(4)
    expect(profile.problems).toEqual([])
  })

  it('REL-51 SEC-44 finishes the newest six of seven tabs, and gives the oldest a restart by one click', async () => {
    const tabs: Page[] = []
    for (let number = 1; number <= 7; number += 1) tabs.push(await startTab(`${app.origin}/private?tab=${number}`))
    const cookies = await profile.context.cookies(app.origin)
    expect(cookies.filter(({ name }) => name.includes('-login-'))).toHaveLength(6)
    expect(cookies.reduce((sum, { name, value }) => sum + name.length + value.length + 3, 0)).toBeLessThan(8192)

    const [oldest, ...newest] = tabs
    if (oldest === undefined) throw new Error('There are seven tabs.')
    await logInAs(oldest, 'Maya Okafor')
    expect(await oldest.locator('body').innerText()).toContain('unknown_login')
    for (const [index, tab] of newest.entries()) {
      await logInAs(tab, 'Maya Okafor')
      await tab.waitForURL(`${app.origin}/private?tab=${index + 2}`)
      expect(await heading(tab)).toBe('Only for Maya Okafor')
    }
    await oldest.getByRole('link', { name: 'Log in' }).click()
    await oldest.waitForURL(`${app.origin}/`)
    expect(await heading(oldest)).toBe('Hello Maya Okafor!')
    expect(liveTokens(globus, app)).toBe(4)
    expect(await profile.context.cookies(app.origin)).toHaveLength(1)
  })

  it('SEC-09 keeps two apps on one host apart, which share every cookie', async () => {
    const other = await startApp(globus, { store: 'sealed cookies', name: 'Other App' })
    const mine = await startTab(`${app.origin}/login`)
    await logInAs(mine, 'Maya Okafor')
    const theirs = await startTab(`${other.origin}${other.login.loginUrl({ prompt: 'login' })}`)
    await logInAs(theirs, 'Sam')
    await theirs.waitForURL(`${other.origin}/`)
    expect(await heading(theirs)).toBe('Hello Sam!')
    await mine.reload()
    expect(await heading(mine)).toBe('Hello Maya Okafor!')

    await theirs.goto(`${other.origin}/logout`)
    await theirs.getByRole('button', { name: 'Log out' }).click()
    await theirs.getByText('You are logged out').waitFor()
    await mine.goto(`${app.origin}/private`)
    expect(await heading(mine)).toBe('Only for Maya Okafor')
    await theirs.goto(`${other.origin}/`)
    expect(await heading(theirs)).toContain('delegated to Globus Auth')
    expect([liveTokens(globus, app), liveTokens(globus, other)]).toEqual([4, 0])
    expect(app.events.filter(({ event }) => event === 'session_refused')).toEqual([])
    expect(profile.problems).toEqual([])
    await other.close()
  })

  it('SEC-79 signs a second tab out together with the first', async () => {
    const first = await startTab(`${app.origin}/private`)
    await logInAs(first, 'Maya Okafor')
    const second = await startTab(`${app.origin}/private`)
    await first.goto(`${app.origin}/logout`)
    await first.getByRole('button', { name: 'Log out' }).click()
    await second.getByRole('button', { name: 'Leave a note' }).click()
    await second.getByText('login_required').first().waitFor()
    expect(app.notes.count).toBe(0)
  })

  it('REL-44 REL-53 stops after three rounds when every session is lost, before the browser gives up', async () => {
    const forgetful = await startApp(globus, { store: losingSessions(memoryStore()) })
    const page = await profile.newPage()
    const requests = await countTokenRequests(globus, async () => {
      await page.goto(`${forgetful.origin}/private`)
      await logInAs(page, 'Maya Okafor')
      await page.getByRole('heading').waitFor()
    })
    expect(page.url()).toContain(`${forgetful.origin}/login`)
    expect(await page.locator('body').innerText()).toMatch(/cookies/)
    expect(requests).toBe(3)
    expect(forgetful.events.at(-1)?.message).toContain('Three logins of this browser succeeded within a minute')
    await forgetful.close()
  })
})

/** A store that says yes to every write and then finds nothing, as a replica does that nobody replicates to. */
function losingSessions(store: SessionStore): SessionStore {
  return { ...store, read: async () => undefined }
}
