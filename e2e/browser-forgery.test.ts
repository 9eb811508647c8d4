import type { Server } from 'node:http'
import type { RunningEmulator } from '@pierhead/emulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { browserProgram, closeOnItsWay, launchBrowser, logInAs, openProfile, type Profile } from './support/browser.ts'
import { liveTokens, startGlobus } from './support/emulator.ts'
import { close, listen, portOf } from './support/servers.ts'

/** What an attacker's page may try with the address of the app; each runs by itself. */
const attacks: Readonly<Record<string, (app: string) => string>> = {
  'SEC-56 an image of the logout address': (app) => `<img src="${app}/logout"><img src="${app}/logout?confirm=yes">`,
  'SEC-59 a frame with the logout page': (app) => `<iframe src="${app}/logout"></iframe>`,
  'SEC-52 a form that logs out': (app) => form(`${app}/logout`, 'application/x-www-form-urlencoded'),
  'SEC-52 a form that leaves a note': (app) => form(`${app}/notes`, 'application/x-www-form-urlencoded'),
  'SEC-52 a form of plain text': (app) => form(`${app}/notes`, 'text/plain'),
  'SEC-52 a multipart form': (app) => form(`${app}/notes`, 'multipart/form-data'),
  'SEC-54 a form from a sandbox': (app) =>
    `<iframe sandbox="allow-scripts allow-forms" srcdoc='${form(`${app}/logout`, 'text/plain')}'></iframe>`,
  'SEC-52 a fetch without CORS': (app) =>
    script(`fetch("${app}/logout", { method: "POST", mode: "no-cors", credentials: "include", body: "csrf_token=x" })`),
  'SEC-52 a beacon': (app) => script(`navigator.sendBeacon("${app}/notes", new URLSearchParams({ csrf_token: "x" }))`),
}

describe.skipIf(!browserProgram.available)('a page of somebody else in the same Chromium', () => {
  let browser: Browser
  let globus: RunningEmulator
  let app: App
  let profile: Profile
  let page: Page
  let attackers: { readonly where: string; readonly server: Server; readonly origin: string }[]
  let attack = ''

  beforeAll(async () => {
    globus = await startGlobus()
    browser = await launchBrowser()
    const serve = async (where: string, host: 'localhost' | '127.0.0.1') => {
      const server = await listen(host, (_, response) => {
        response.setHeader('content-type', 'text/html').end(`<!doctype html><title>Win!</title>${attack}`)
      })
      return { where, server, origin: `http://${host}:${portOf(server)}` }
    }
    attackers = [await serve('another site', '127.0.0.1'), await serve('another port', 'localhost')]
  })

  // One login for all attacks: whatever one of them does, the next one would see.
  beforeAll(async () => {
    app = await startApp(globus, { store: 'sqlite' })
    profile = await openProfile(browser)
    page = await profile.newPage()
    await page.goto(`${app.origin}/private`)
    await logInAs(page, 'Maya Okafor')
    await page.waitForURL(`${app.origin}/private`)
  })

  afterAll(async () => {
    await browser.close()
    await app.close()
    await globus.close()
    for (const { server } of attackers) await close(server)
  })

  it.each(Object.entries(attacks))('SEC-53 gets nowhere from another site or another port: %s', async (_, build) => {
    attack = build(app.origin)
    for (const { origin } of attackers) {
      const before = app.answered.length
      const lure = await profile.newPage()
      await lure.goto(origin, { waitUntil: 'commit' })
      await expect.poll(() => app.answered.length).toBeGreaterThan(before)
      expect(app.notes.count).toBe(0)
      expect(liveTokens(globus, app)).toBe(4)
      await page.goto(`${app.origin}/private`)
      expect(await page.getByRole('heading').innerText()).toBe('Only for Maya Okafor')
      await closeOnItsWay(lure)
    }
  })

  it('SEC-53 is refused with a reason where the browser sends the cookie along', async () => {
    attack = form(`${app.origin}/logout`, 'application/x-www-form-urlencoded')
    const { origin } = attackers.find(({ where }) => where === 'another port') ?? { origin: '' }
    await page.goto(origin, { waitUntil: 'commit' })
    await page.waitForURL(`${app.origin}/logout`)
    await expect.poll(() => page.locator('body').innerText()).toContain('csrf_refused')
    expect(app.events.at(-1)).toMatchObject({ event: 'csrf_refused', code: 'csrf_refused' })
  })

  it('SEC-53 is told from the own form, which works', async () => {
    await page.goto(`${app.origin}/private`)
    profile.problems.length = 0
    await page.getByRole('button', { name: 'Leave a note' }).click()
    await expect.poll(() => page.locator('body').innerText()).toBe('Maya Okafor left note 1')
    expect(profile.problems).toEqual([])
  })

  it('SEC-59 is not given a frame of any page of app or emulator', async () => {
    const framed = [`${app.origin}/private`, `${app.origin}/logout`, `${app.origin}/login`, `${globus.origin}/p/login`]
    for (const address of framed) {
      attack = `<iframe src="${address}"></iframe>`
      await page.goto(attackers[0]?.origin ?? '')
      const frame = page.frames().at(1)
      expect(await frame?.locator('body').innerText()).not.toMatch(/Only for|Log out|Log in to use/)
    }
  })

  it('SEC-01 SEC-06 cannot log a browser in as somebody else with a code of its own', async () => {
    const thief = new Visitor()
    thief.stopsBefore = `${app.origin}/login?code=`
    const { url: callback } = await logIn(thief, `${app.origin}/login`, 'Sam')
    attack = script(`location.href = ${JSON.stringify(callback)}`)
    const victim = await openProfile(browser)
    const victims = await victim.newPage()
    await victims.goto(attackers[0]?.origin ?? '', { waitUntil: 'commit' })
    await victims.getByText('unknown_login').waitFor()
    await victims.goto(`${app.origin}/`)
    expect(await victims.getByRole('heading').innerText()).toContain('delegated to Globus Auth')
    await victim.close()
  })
})

function form(action: string, type: string): string {
  const field = '<input name="csrf_token" value="guess">'
  return `<form method="post" action="${action}" enctype="${type}">${field}</form>${script('document.forms[0].submit()')}`
}

function script(text: string): string {
  return `<script>${text}</script>`
}
