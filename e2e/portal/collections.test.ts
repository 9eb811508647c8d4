import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { browserProgram } from '../support/browser.ts'
import { startScene, type Scene, type Visit } from '../support/portal-scene.ts'

describe.skipIf(!browserProgram.available)('the list of collections in Chromium', () => {
  let scene: Scene
  let maya: Visit
  beforeAll(async () => {
    scene = await startScene()
    maya = await scene.visit('Maya Okafor')
  })
  afterAll(async () => {
    await maya[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  })

  it('finds while somebody types, and keeps the words in the address and in every tab', async () => {
    const { page } = maya
    await maya.open('/collections')
    await page.getByRole('link', { name: 'All of Globus' }).click()
    await page.waitForLoadState()
    await page.getByRole('searchbox').pressSequentially('tide')
    await page.getByRole('link', { name: 'Tide Crew Workspace' }).waitFor()
    await expect.poll(() => page.url()).toContain('q=tide')
    await expect.poll(() => page.locator('#count').innerText()).toBe('3 collections')
    await page.getByRole('link', { name: /^Mine\b/ }).click()
    expect(await page.getByRole('searchbox').inputValue()).toBe('tide')
    expect(maya.profile.problems).toEqual([])
  })

  it('shows pages of what Maya owns, at any width, and axe-core has nothing to say', async () => {
    const { page } = maya
    await maya.open('/collections')
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      expect(await accessibilityProblems(page)).toEqual([])
    }
    await maya.picture('collections')
    await page.setViewportSize({ width: 360, height: 740 })
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    await page.setViewportSize({ width: 1280, height: 720 })
    await page.getByRole('link', { name: 'Next' }).click()
    await page.getByText('Page 2 of').waitFor()
  })

  it('fills in how many each list holds, without a jump, and anew for other words', async () => {
    const { page } = maya
    const number = (tab: string) => page.locator(`[data-count="${tab}"]`)
    const places = (): Promise<unknown> =>
      page.evaluate(`[...document.querySelectorAll('.tabs a')].map((link) => link.getBoundingClientRect().left)`)
    await page.route('**/collections/counts?*', async (route) => {
      before ??= await places()
      await route.continue()
    })
    let before: unknown
    await maya.open('/collections?scope=mine&q=survey')
    await expect.poll(() => number('all').innerText()).toMatch(/^\d+$/)
    await expect.poll(() => number('recent').innerText()).toMatch(/^\d+$/)
    expect(await places()).toEqual(before)
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('collections-counts')
    const survey = await number('all').innerText()
    await page.getByRole('searchbox').fill('tide')
    await expect.poll(() => page.url()).toContain('q=tide')
    await expect.poll(() => number('all').innerText()).toBe('3')
    expect(survey).not.toBe('3')
    await page.unroute('**/collections/counts?*')
  })

  it('says what to do where there is nothing', async () => {
    await maya.open('/collections?scope=bookmarks')
    expect(await maya.page.locator('.empty').innerText()).toContain('You have no bookmarks yet')
    expect(await accessibilityProblems(maya.page)).toEqual([])
    await maya.picture('bookmarks-empty')
  })
})
