import { demo, type RunningEmulator } from '@pierhead/emulator'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserProgram, launchBrowser, logInAs, openProfile } from '../support/browser.ts'
import { startGlobus } from '../support/emulator.ts'
import { startGuide, type RunningSite } from './site.ts'

describe.skipIf(!browserProgram.available)('the application of docs/nextjs.md', () => {
  let browser: Browser
  let globus: RunningEmulator
  let site: RunningSite

  beforeAll(async () => {
    globus = await startGlobus()
    site = await startGuide(globus)
    browser = await launchBrowser()
    // A development server compiles each page when it is first asked for.
    for (const path of ['/', '/endpoints', '/name', '/task']) await fetch(site.origin + path, { redirect: 'manual' })
  })

  afterAll(async () => {
    await browser.close()
    await site.close()
    await globus.close()
  })

  it('does what the page says, step by step', async () => {
    const profile = await openProfile(browser)
    const page = await profile.newPage()
    await page.goto(`${site.origin}/`)
    await logInAs(page, 'Maya Okafor')
    await page.getByRole('heading', { name: 'Hello Maya Okafor!' }).waitFor()
    await page.getByRole('link', { name: 'Your endpoints' }).click()
    await page.getByText(`[${demo.collections.mayasLaptop}] Maya's Laptop`).waitFor()
    expect(await page.getByRole('listitem').count()).toBeGreaterThan(100)
    await page.goto(`${site.origin}/name`)
    const sent = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: 'Rename' }).click()
    expect((await sent).status()).toBe(200)
    const answer = await page.request.get(`${site.origin}/task?task=c0ffee00-0000-4000-8000-000000000000`)
    expect(answer.status()).toBeGreaterThanOrEqual(400)
    expect(answer.headers()['content-type']).toBe('application/problem+json')
    await page.goto(`${site.origin}/`)
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByText('You are logged out').waitFor()
    await profile.close()
  })
})
