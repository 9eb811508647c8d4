import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { browserProgram } from '../support/browser.ts'
import { collections, startScene, type Scene, type Visit } from '../support/portal-scene.ts'

describe.skipIf(!browserProgram.available)('transfers and sharing in Chromium', () => {
  let scene: Scene
  let maya: Visit
  beforeAll(async () => {
    scene = await startScene()
    scene.globus.behaviour.pace = 'real'
    const put = (collection: string, name: string, content: string): void => {
      mkdirSync(join(scene.folderOf(collection), 'results'), { recursive: true })
      writeFileSync(join(scene.folderOf(collection), 'results', name), content)
    }
    put(collections.tideCrewWorkspace, 'large.bin', '')
    // More than is copied at that pace while somebody looks on, on a machine however busy.
    truncateSync(join(scene.folderOf(collections.tideCrewWorkspace), 'results', 'large.bin'), 300_000_000)
    put(collections.tideCrewWorkspace, 'tides.csv', 'hour,level\n1,2\n2,3\n')
    maya = await scene.visit('Maya Okafor')
  })
  afterAll(async () => {
    await maya[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  })

  it('copies from a pane, shows in two windows how it goes on by one stream, and says when it is done', async () => {
    const { page, profile } = maya
    const streams: string[] = []
    profile.context.on('request', (request) => {
      if (request.url().includes('/transfers/events')) streams.push(request.url())
    })
    await maya.open(`/collections/${collections.tideCrewWorkspace}/files?path=/results/`)
    await page.getByRole('checkbox', { name: /large\.bin/ }).check()
    await page.getByRole('button', { name: 'Copy to…' }).click()
    await page.getByLabel('To which collection').selectOption({ label: 'Campus Cluster Scratch' })
    await page.getByLabel('Label').fill('Results of <b>today</b>')
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('new-transfer')
    await page.getByRole('button', { name: 'Start copying' }).click()
    await maya.allow()
    // The form waited while the destination was allowed.
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('heading', { level: 1, name: 'Results of <b>today</b>' }).waitFor()
    const list = await profile.newPage()
    await list.goto(`${scene.portal.origin}/transfers?show=running`)
    const row = list.locator('.tasks li', { hasText: 'Results of <b>today</b>' })
    await row.getByText('running').waitFor()
    await page.locator('#events').getByText('Started').waitFor()
    await page.locator('#chart polyline').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('transfer-running')
    scene.globus.behaviour.pace = 'instant'
    await page.getByRole('status').getByText('“Results of <b>today</b>” is done.').waitFor({ timeout: 90_000 })
    await row.getByText('done', { exact: true }).waitFor()
    await expect.poll(() => page.title()).toContain('✓')
    await expect.poll(() => page.getByRole('button', { name: 'Cancel this transfer' }).count()).toBe(0)
    expect(await accessibilityProblems(list)).toEqual([])
    await maya.picture('transfer-done')
    await page.getByRole('link', { name: /^Do it again ?: Results of <b>today/ }).click()
    await page.getByRole('status').getByText('Filled in as for “Results of <b>today</b>”').waitFor()
    expect(await page.getByLabel('Label').inputValue()).toBe('Results of <b>today</b>')
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('transfer-again')
    // One stream at a time: the next one begins when another window wants to see another task.
    expect(streams.length).toBeLessThanOrEqual(2)
    await list.close()
    expect(profile.problems).toEqual([])
  })

  it('shares a folder with somebody, who sees it in another browser, until it is taken away', async () => {
    const { page } = maya
    await using sam = await scene.visit('Sam')
    const folder = `/collections/${collections.tideCrewWorkspace}/files?path=/results/`
    await sam.open(folder)
    expect(await sam.page.getByText('tides.csv').count()).toBe(0)
    await maya.open(folder)
    await page.getByRole('link', { name: 'Share' }).click()
    await maya.allow()
    await page.getByLabel('Person').fill('sam@globusid.org')
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('sharing')
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByText('It is shared.').waitFor()
    await sam.open(folder)
    await sam.page.getByText('tides.csv').waitFor()
    await page.getByRole('button', { name: /^Remove Sam/ }).click()
    await page.getByText('The permission is gone.').waitFor()
    await sam.page.reload()
    expect(await sam.page.getByText('tides.csv').count()).toBe(0)
    expect(maya.profile.problems).toEqual([])
  })

  it('shows one’s groups and who is in them', async () => {
    const { page } = maya
    await maya.open('/groups')
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('groups')
    await page.getByRole('link', { name: 'Tide Crew' }).click()
    await page.getByText('zoe.nunez@harbour.example').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await maya.picture('group')
  })
})
