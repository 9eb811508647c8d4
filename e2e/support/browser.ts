import { chromium, type Browser, type BrowserContext, type LaunchOptions, type Page } from 'playwright-core'
import { within } from '../../tools/lib/deadline.ts'
import { type Capability, capability } from '../../tools/lib/capability.ts'

/** Chromium, or the reason why there is none; with CI=true its absence is an error. */
export const browserProgram: Capability = findBrowser()

/** Milliseconds. Whatever a test waits for in a page comes sooner, on a machine however busy, or not at all. */
export const patience = 60_000

/** One Chromium for a test file. Started with its back/forward cache on, as people have it. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions())
}

export function launchOptions(): LaunchOptions {
  if (!browserProgram.available) throw new Error(browserProgram.reason)
  return {
    executablePath: browserProgram.path,
    args: ['--disable-dev-shm-usage'],
    // Chromium's sandbox does not start as root, and these pages are all our own.
    chromiumSandbox: false,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    // Without a locale Chromium reads no file whose name is not ASCII.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    timeout: 2 * patience,
  }
}

/** A browser profile of its own, and everything that went wrong in it: console errors, script errors, policy violations. */
export interface Profile {
  readonly context: BrowserContext
  readonly problems: string[]
  newPage(): Promise<Page>
  /** Ends the profile with all its pages. Throws when Chromium does not. */
  close(): Promise<void>
}

export async function openProfile(browser: Browser): Promise<Profile> {
  // Neither these nor the ends of a page and of a context know a deadline of their own.
  const context = await within('Opening a profile of Chromium', browser.newContext())
  context.setDefaultTimeout(patience)
  const problems: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  context.on('weberror', (error) => problems.push(error.error().message))
  return {
    context,
    problems,
    newPage: () => within('Opening a page of Chromium', context.newPage()),
    close: () => within('Closing a profile of Chromium', context.close()),
  }
}

/** Says at the emulator who one is, and allows the app what it wants, as far as it asks. */
export async function logInAs(page: Page, name: string, decision: 'Allow' | 'Deny' = 'Allow'): Promise<void> {
  await leave(page, '/p/login', name)
  await leave(page, '/p/consent', decision)
}

/** Presses a button of a page of the emulator, if that page is open, and waits until another one is. */
export async function leave(page: Page, path: string, name: string): Promise<void> {
  const { href, pathname } = new URL(page.url())
  if (pathname !== path) return
  await page.getByRole('button', { name, exact: true }).click()
  await page.waitForURL((url) => url.href !== href)
}

/**
 * Closes a page that may be on its way to another one, without waiting for its end: Chromium forgets an order to close which
 * meets the commit of a navigation, and `page.close()` would wait for ever (playwright issues 41900 and 42068, crbug 536385539).
 */
export async function closeOnItsWay(page: Page): Promise<void> {
  await within('Telling a page to close', page.close({ runBeforeUnload: true }))
}

/** Presses Back. Playwright's own waits for a load, which does not come when the page is taken from the cache. */
export async function pressBack(page: Page): Promise<void> {
  const shown = page.waitForEvent('framenavigated')
  await page.evaluate('setTimeout(() => history.back())')
  await shown
  await page.waitForLoadState()
}

function findBrowser(): Capability {
  const found = capability('browser')
  if (found.available) return found
  if (process.env.CI === 'true') throw new Error(`Skipping is not allowed here, but there is ${found.reason}.`)
  console.log(`Skipped: tests in a real browser, because there is ${found.reason}.`)
  return found
}
