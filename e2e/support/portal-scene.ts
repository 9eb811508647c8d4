import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { demo, startEmulator, type RunningEmulator } from '@pierhead/emulator'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, leave, openProfile, type Profile } from './browser.ts'
import { startPortal, type Portal } from './portal.ts'

export const collections = demo.collections

/** The portal and a local Globus with the demo world's files, and a browser to look at them. */
export interface Scene extends AsyncDisposable {
  readonly globus: RunningEmulator
  readonly portal: Portal
  readonly browser: Browser
  /** The folder of this machine that a collection is made of. */
  folderOf(collection: string): string
  /** A browser of somebody who is logged in, at the home page. */
  visit(person: string): Promise<Visit>
}

export interface Visit extends AsyncDisposable {
  readonly profile: Profile
  readonly page: Page
  /** Opens a path of the portal, and allows at Globus what is asked for on the way. */
  open(path: string): Promise<void>
  /** Allows what Globus asks for, as often as it asks. */
  allow(): Promise<void>
  /** Leaves a picture of the page, in both colour schemes and on a narrow screen. */
  picture(name: string): Promise<void>
}

const pictures = join(import.meta.dirname, '../../test-results/portal')

/** `env`: more for the portal than it needs. */
export async function startScene(env: NodeJS.ProcessEnv = {}): Promise<Scene> {
  const globus = await startEmulator({ port: 0, hosts: ['127.0.0.1'] })
  const portal = await startPortal(globus, env)
  const browser = await launchBrowser()
  return {
    globus,
    portal,
    browser,
    folderOf: (id) => globus.info().collections.find((one) => one.id === id)?.root ?? '',
    visit: (person) => visit(browser, portal, person),
    async [Symbol.asyncDispose]() {
      await browser.close()
      await portal.close()
      await globus.close()
    },
  }
}

async function visit(browser: Browser, portal: Portal, person: string): Promise<Visit> {
  const profile = await openProfile(browser)
  const page = await profile.newPage()
  // Colours on their way from one scheme to the other are nobody's choice.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const allow = async (): Promise<void> => {
    await page.waitForLoadState()
    for (let asked = 0; asked < 4; asked += 1) await leave(page, '/p/consent', 'Allow')
  }
  await page.goto(`${portal.origin}/login`)
  await leave(page, '/p/login', person)
  await allow()
  await page.waitForURL(`${portal.origin}/**`)
  return {
    profile,
    page,
    allow,
    async open(path) {
      await page.goto(portal.origin + path)
      await allow()
    },
    picture: (name) => takePictures(page, name),
    [Symbol.asyncDispose]: profile.close,
  }
}

async function takePictures(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  const wide = page.viewportSize() ?? { width: 1280, height: 720 }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) })
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 360, height: 740 })
  await page.screenshot({ path: join(pictures, `${name}-narrow.png`) })
  await page.setViewportSize(wide)
}
