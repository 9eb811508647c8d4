import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageComplaints } from '../support/axe.ts'
import { browserProgram } from '../support/browser.ts'
import { plant } from '../support/plant.ts'
import { collections, startScene, type Scene, type Visit } from '../support/portal-scene.ts'

const PIERHEAD_CONFIG = join(import.meta.dirname, '../../apps/portal/demo/portal.yaml')
const { campusClusterScratch: scratch, microscope3, tideCrewWorkspace } = collections

describe.skipIf(!browserProgram.available)('sharing in Chromium', () => {
  let scene: Scene
  let maya: Visit
  let sam: Visit
  beforeAll(async () => {
    scene = await startScene({ PIERHEAD_CONFIG })
    plant(scene.folderOf(scratch), { 'for-sam/levels.csv': 'time,level\n1,2\n' })
    plant(scene.folderOf(scratch), { 'mine/secret.txt': 'not for Sam' })
    plant(scene.folderOf(microscope3), { 'run-17/frame.txt': 'x' })
    plant(scene.folderOf(tideCrewWorkspace), { 'results/extremes.csv': 'station,highest\n' })
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
    expect(await pageComplaints(page)).toEqual([])
    await page.getByRole('link', { name: 'Share this folder' }).click()
    await maya.allow()
    await page.getByRole('heading', { level: 1, name: 'Share /for-sam/' }).waitFor()
    expect(await pageComplaints(page)).toEqual([])
    await maya.picture('share-folder')
    await page.getByLabel('Name of the new collection').fill('Levels for Sam')
    await page.getByRole('textbox', { name: /^Description/ }).fill('The first two hours.')
    await page.getByRole('button', { name: 'Make the guest collection' }).press('Enter')
    await page.getByText('The guest collection is made.').waitFor()
    expect(await pageComplaints(page)).toEqual([])
    await maya.picture('share-folder-made')
    const made = new URL(page.url()).pathname.split('/')[2] ?? ''
    await page.getByLabel('Person').fill('sam@globusid.org')
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    await page.getByText('It is shared.').waitFor()

    await sam.open(`/collections/${made}/files`)
    await sam.page.getByText('levels.csv').waitFor()
    expect(await sam.page.locator('main').innerText()).not.toContain('secret.txt')

    await maya.page.getByRole('link', { name: 'Take this collection away…' }).click()
    expect(await pageComplaints(page)).toEqual([])
    await maya.picture('share-folder-end')
    await page.getByRole('button', { name: 'Take it away' }).click()
    await page.getByText('The guest collection is gone.').waitFor()
    expect([...maya.profile.problems, ...sam.profile.problems]).toEqual([])
    await sam.open(`/collections/${made}/files`)
    await sam.page.getByText('There is no such collection').first().waitFor()
  })

  it('says before anything is typed that a storage allows no guest collections', async () => {
    await maya.open(`/collections/${microscope3}/files?path=%2Frun-17%2F`)
    await maya.page.getByRole('link', { name: 'Share this folder' }).click()
    await maya.allow()
    await maya.page.getByRole('heading', { name: 'This storage allows no guest collections' }).waitFor()
    expect(await pageComplaints(maya.page)).toEqual([])
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
    expect(await pageComplaints(page)).toEqual([])
    await ingrid.picture('dataset-get-access')
    await page.getByRole('button', { name: 'Get access' }).click()
    await page.getByText('You have access now.').waitFor()
    await page.getByText('extremes.csv').first().waitFor()
    expect(await pageComplaints(page)).toEqual([])
    expect(ingrid.profile.problems).toEqual([])
    await ingrid[Symbol.asyncDispose]()

    await sam.open('/data/tide-results')
    expect(await sam.page.locator('main').innerText()).toContain('An identity of harbour.example or hospital.example')

    await maya.open('/admin')
    await maya.page.getByRole('link', { name: 'Acts' }).click()
    expect(await maya.page.locator('main').innerText()).toContain('Permission to read, as the portal: done')
    expect(await pageComplaints(maya.page)).toEqual([])
    await maya.page.locator('#acts').scrollIntoViewIfNeeded()
    await maya.picture('admin-acts')
  })
})
