import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageComplaints } from '../support/axe.ts'
import { browserProgram, openProfile } from '../support/browser.ts'
import { plant } from '../support/plant.ts'
import { collections, startScene, type Scene, type Visit } from '../support/portal-scene.ts'

const PIERHEAD_CONFIG = join(import.meta.dirname, '../../apps/portal/demo/portal.yaml')

describe.skipIf(!browserProgram.available)('datasets, search and the operator’s pages in Chromium', () => {
  let scene: Scene
  let maya: Visit
  let sam: Visit
  beforeAll(async () => {
    scene = await startScene({ PIERHEAD_CONFIG })
    plant(scene.folderOf(collections.tidalSurveyPublic), {
      'README.md': '# Tides\n\n| a | b |\n|---|---|\n| 1 | <script>2</script> |\n',
    })
    plant(scene.folderOf(collections.tidalSurveyPublic), { 'stations/alder-point.csv': 'time,level\n1,2\n' })
    plant(scene.folderOf(collections.tidalSurveyArchive), { 'README.md': 'The whole archive' })
    maya = await scene.visit('Maya Okafor')
    sam = await scene.visit('Sam')
  })
  afterAll(async () => {
    await maya[Symbol.asyncDispose]()
    await sam[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  })

  it('lets a visitor look around without a login, and come back to the same dataset with one', async () => {
    const { close, newPage, problems } = await openProfile(scene.browser)
    const page = await newPage()
    await page.goto(scene.portal.origin)
    await page.getByRole('link', { name: 'Data', exact: true }).click()
    expect(await pageComplaints(page)).toEqual([])
    await page.getByRole('link', { name: 'Tidal Survey, Public Release' }).click()
    await page.locator('main').getByText('<script>2</script>').waitFor()
    expect(await pageComplaints(page)).toEqual([])
    await page.getByRole('link', { name: 'Log in to see the files' }).click()
    await page.getByRole('button', { name: 'Ingrid Solheim', exact: true }).click()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.waitForURL('**/data/tidal-survey')
    await page.getByRole('link', { name: 'stations/' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download alder-point.csv' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('alder-point.csv')
    expect(problems).toEqual([])
    await close()
  })

  it('leads through the consent of the archive once, and shows its files', async () => {
    const { page } = maya
    await maya.open('/data/tidal-survey-archive')
    expect(await pageComplaints(page)).toEqual([])
    await page.getByRole('link', { name: 'Allow and list the files' }).click()
    await maya.allow()
    await page.waitForURL('**/data/tidal-survey-archive#files')
    expect(await page.locator('table.listing').innerText()).toContain('README.md')
    await page.getByRole('link', { name: 'Allow reading files' }).click()
    await maya.allow()
    await page.getByText('The whole archive').waitFor()
    expect(await pageComplaints(page)).toEqual([])
    await maya.picture('dataset')
    expect(maya.profile.problems).toEqual([])
  })

  it('shows the crew’s dataset to Maya, and tells Sam what he lacks and whom to ask', async () => {
    await maya.open('/data/tide-crew')
    expect(await maya.page.getByRole('heading', { level: 1 }).innerText()).toBe('Tide Crew, before release')
    await sam.open('/data/tide-crew')
    expect(await sam.page.locator('main').innerText()).toContain('Membership in the Globus group Tide Crew.')
    expect(await pageComplaints(sam.page)).toEqual([])
    await sam.picture('dataset-refused')
  })

  it('finds records by words and facets, by keyboard, and goes back as it came', async () => {
    const { page } = sam
    await sam.open('/search')
    await page.getByRole('searchbox').fill('tide')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/search?q=tide*')
    await page.getByRole('checkbox', { name: /^2024/ }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Apply' }).press('Enter')
    await page.waitForURL('**in.year=2024*')
    expect(await page.locator('#count').innerText()).toContain('48 records')
    expect(await pageComplaints(page)).toEqual([])
    await sam.picture('search')
    await page.getByRole('link', { name: 'Tides at Northmole, quarter 1 of 2024' }).click()
    expect(await pageComplaints(page)).toEqual([])
    // A page that comes back as it was left fires no load.
    await page.evaluate('setTimeout(() => history.back())')
    await page.locator('#count').waitFor()
    expect(await page.getByRole('checkbox', { name: /^2024/ }).isChecked()).toBe(true)
    await page.getByRole('link', { name: 'Year: 2024. Remove' }).click()
    await expect.poll(() => page.locator('#count').innerText()).toContain('228 records')
  })

  it('gives an admin the settings, and Sam’s session an end', async () => {
    const { page } = maya
    await maya.open('/account')
    expect(await pageComplaints(page)).toEqual([])
    await page.getByRole('link', { name: 'settings, sessions and refusals' }).click()
    expect(await pageComplaints(page)).toEqual([])
    await maya.picture('admin')
    await page.getByRole('button', { name: /^End the session of sam@globusid\.org/ }).click()
    await page.getByText('1 session was ended').waitFor()
    await sam.open('/')
    expect(await sam.page.getByRole('link', { name: 'Login to Globus' }).count()).toBe(1)
    expect(maya.profile.problems).toEqual([])
  })
})
