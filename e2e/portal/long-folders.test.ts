import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserProgram } from '../support/browser.ts'
import { plant } from '../support/plant.ts'
import { collections, startScene, type Scene } from '../support/portal-scene.ts'

const { tideCrewWorkspace: crew } = collections
const count = 600

interface Measured {
  readonly rows: number
  /** Rows whose content takes part in the layout. */
  readonly shown: number
  /** Different ones of rows. */
  readonly heights: readonly number[]
  readonly whole: number
}

const look = `(() => {
  const rows = [...document.querySelectorAll('tbody tr')]
  return {
    rows: rows.length,
    shown: rows.filter((row) => row.querySelector('a').checkVisibility({ contentVisibilityAuto: true })).length,
    heights: [...new Set(rows.map((row) => row.offsetHeight))],
    whole: document.querySelector('.scroll').scrollHeight,
  }
})()`

/** Back to the first frames, which stay. */
const rewind = `(() => {
  const table = document.querySelector('table.entries')
  table.style.animation = 'none'
  table.getBoundingClientRect()
  table.style.animation = ''
  for (const one of document.getAnimations()) one.pause()
})()`

describe.skipIf(!browserProgram.available)('a long folder where no script runs', () => {
  let scene: Scene
  let page: Page

  beforeAll(async () => {
    scene = await startScene()
    const names = Array.from({ length: count }, (_, index) => `f${String(index).padStart(3, '0')}.dat`)
    plant(join(scene.folderOf(crew), 'long'), Object.fromEntries(names.map((name) => [name, name])))
    await using maya = await scene.visit('Maya Okafor')
    const storageState = await maya.profile.context.storageState()
    const context = await scene.browser.newContext({ storageState, javaScriptEnabled: false })
    page = await context.newPage()
    await page.goto(`${scene.portal.origin}/collections/${crew}/files?path=/long/`)
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  it('has in its first frames only the rows in sight, then all of them, and nothing moves', async () => {
    const measure = async (): Promise<Measured> => (await page.evaluate(look)) as Measured // What `look` gives.
    await page.evaluate(rewind)
    // A picture is a frame: only then it is known what is in sight.
    await page.screenshot()
    const first = await measure()
    expect([first.heights.length, first.rows]).toEqual([1, count])
    expect(first.shown).toBeGreaterThan(5)
    expect(first.shown).toBeLessThan(count / 4)
    await page.evaluate('document.getAnimations().forEach((one) => one.finish())')
    expect(await measure()).toEqual({ ...first, shown: count })
    await page.evaluate('document.querySelector(".scroll").scrollTop = 1e6')
    expect(await measure()).toEqual({ ...first, shown: count })
    expect(await page.locator('tbody tr').last().innerText()).toContain(`f${count - 1}.dat`)
  })

  it('is a table to a screen reader, rows out of sight included', async () => {
    await expect.poll(() => page.evaluate('document.getAnimations().length')).toBe(0)
    const session = await page.context().newCDPSession(page)
    const { nodes } = await session.send('Accessibility.getFullAXTree')
    const heard = nodes.filter(({ ignored }) => !ignored)
    const ofRole = (role: string): unknown[] => heard.filter((node) => node.role?.value === role)
    expect(ofRole('table')).toHaveLength(1)
    expect(ofRole('columnheader')).toHaveLength(4)
    expect(ofRole('row')).toHaveLength(count + 1)
    expect(ofRole('cell')).toHaveLength(count * 4)
    const links = heard.filter((node) => node.role?.value === 'link').map((node) => node.name?.value)
    expect(links).toEqual(expect.arrayContaining(['f000.dat', 'f300.dat', `f${count - 1}.dat`]))
  })

  it('is walked by keyboard beyond what is in sight', async () => {
    await page.evaluate('document.querySelector(".scroll").scrollTop = 0')
    await page.getByRole('link', { name: 'f000.dat' }).focus()
    for (let steps = 0; steps < 80; steps += 1) await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('f040.dat')
    const inSight = await page.evaluate(
      '(() => { const row = document.activeElement.getBoundingClientRect(), box = document.querySelector(".scroll").getBoundingClientRect(); return row.top >= box.top && row.bottom <= box.bottom })()',
    )
    expect(inSight).toBe(true)
  })
})
