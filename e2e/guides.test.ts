import { spawnSync } from 'node:child_process'
import { describe, expect, test, vi } from 'vitest'
import { browserProgram } from './support/browser.ts'
import { guideSections, tryOut } from './support/guides.ts'

// Each block is a process or two, on a machine that may be busy.
vi.setConfig({ testTimeout: 600_000 })

const here = guideSections.filter(({ section: { needs } }) => !needs.has('python'))
/** A client alone can neither build nor run an image. */
const runsContainers = spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0
const chromium = browserProgram.available ? browserProgram.path : ''

describe('every block of the emulator’s guides works as it stands', () => {
  test.each(here.filter(({ section: { needs } }) => needs.size === 0))('$name', async ({ section }) => {
    await expect(tryOut(section)).resolves.toBeUndefined()
  })

  test.skipIf(!browserProgram.available).each(here.filter(({ section }) => section.needs.has('browser')))(
    '$name',
    async ({ section }) => {
      await expect(tryOut(section, { chromium })).resolves.toBeUndefined()
    },
  )

  test.skipIf(!runsContainers).each(here.filter(({ section }) => section.needs.has('container')))(
    '$name',
    async ({ section }) => {
      await expect(tryOut(section)).resolves.toBeUndefined()
    },
  )
})
