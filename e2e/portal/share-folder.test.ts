import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { browserProgram } from '../support/browser.ts'
import { collections, startScene, type Scene, type Visit } from '../support/portal-scene.ts'

const PIERHEAD_CONFIG = join(import.meta.dirname, '../../apps/portal/demo/portal.yaml')
const { campusClusterScratch: scratch, microscope3, tideCrewWorkspace } = collections

/** What axe-core and a narrow screen have against a page, in both colour schemes. */
async function complaints(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    found.push(...(await accessibilityProblems(page)))
  }
  await page.setViewportSize({ width: 360, height: 740 })
  const overflow: unknown = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  if (overflow !== 0) found.push(`It is ${String(overflow)} pixels wider than the screen.`)
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}

describe.skipIf(!browserProgram.available)('sharing in Chromium', () => {
  let scene: Scene
  let maya: Visit
  let sam: Visit
  beforeAll(async () => {
    scene = await startScene({ PIERHEAD_CONFIG })
    const put = (collection: string, path: string, content: string): void => {
      const file = join(scene.folderOf(collection), path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
    put(scratch, 'for-sam/levels.csv', 'time,level\n1,2\n')
    put(scratch, 'mine/secret.txt', 'not for Sam')
    put(microscope3, 'run-17/frame.txt', 'x')
    put(tideCrewWorkspace, 'results/extremes.csv', 'station,highest\n')
    maya = await scene.visit('Maya Okafor')
    sam = await scene.visit('Sam')
  })
  afterAll(async () => {
    await maya[Symbol.asyncDispose]()
    await sam[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  })

  it('lets Maya share a folder of Scratch with Sam, who opens it in another browser', async () => {
    const { page } = maya
    await maya.open(`/collections/${scratch}/files?path=%2Ffor-sam%2F`)
    expect(await complaints(page)).toEqual([])
    await page.getByRole('link', { name: 'Share this folder' }).click()
    await maya.allow()
    await page.getByRole('heading', { level: 1, name: 'Share /for-sam/' }).waitFor()
    expect(await complaints(page)).toEqual([])
    await maya.picture('share-folder')
    await page.getByLabel('Name of the new collection').fill('Levels for Sam')
    await page.getByRole('textbox', { name: /^Description/ }).fill('The first two hours.')
    await page.getByRole('button', { name: 'Make the guest collection' }).press('Enter')
    await page.getByText('The guest collection is made.').waitFor()
    expect(await complaints(page)).toEqual([])
    await maya.picture('share-folder-made')
    const made = new URL(page.url()).pathname.split('/')[2] ?? ''
    await page.getByLabel('Person').fill('sam@globusid.org')
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    await page.getByText('It is shared.').waitFor()

    await sam.open(`/collections/${made}/files`)
    await sam.page.getByText('levels.csv').waitFor()
    expect(await sam.page.locator('main').innerText()).not.toContain('secret.txt')
    expect([...maya.profile.problems, ...sam.profile.problems]).toEqual([])
  })

  it('says before anything is typed that a storage allows no guest collections', async () => {
    await maya.open(`/collections/${microscope3}/files?path=%2Frun-17%2F`)
    await maya.page.getByRole('link', { name: 'Share this folder' }).click()
    await maya.allow()
    await maya.page.getByRole('heading', { name: 'This storage allows no guest collections' }).waitFor()
    expect(await complaints(maya.page)).toEqual([])
    await maya.picture('share-folder-refused')
  })

  it('gives Ingrid, of the hospital, access to a dataset, and tells Sam what he lacks', async () => {
    scene.globus.world.collectionRoles.add({
      id: '7d3e9b62-4c8f-4a1d-b200-6e5f4a3b7099',
      collection: tideCrewWorkspace,
      principalType: 'identity',
      principal: scene.portal.clientId,
      role: 'access_manager',
    })
    const ingrid = await scene.visit('Ingrid Solheim')
    const { page } = ingrid
    await ingrid.open('/data/tide-results')
    expect(await complaints(page)).toEqual([])
    await ingrid.picture('dataset-get-access')
    await page.getByRole('button', { name: 'Get access' }).click()
    await page.getByText('You have access now.').waitFor()
    await page.getByText('extremes.csv').first().waitFor()
    expect(await complaints(page)).toEqual([])
    expect(ingrid.profile.problems).toEqual([])
    await ingrid[Symbol.asyncDispose]()

    await sam.open('/data/tide-results')
    expect(await sam.page.locator('main').innerText()).toContain('An identity of harbour.example or hospital.example')

    await maya.open('/admin')
    await maya.page.getByRole('link', { name: 'Acts' }).click()
    expect(await maya.page.locator('main').innerText()).toContain('Permission to read, as the portal: done')
    expect(await complaints(maya.page)).toEqual([])
    await maya.page.locator('#acts').scrollIntoViewIfNeeded()
    await maya.picture('admin-acts')
  })
})
