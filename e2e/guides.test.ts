import { spawnSync } from 'node:child_process'
import { describe, expect, test, vi } from 'vitest'
import type { Section } from '../tools/lib/page-sections.ts'
import { browserProgram } from './support/browser.ts'
import { guideSections, tryOut } from './support/guides.ts'

// Each block is a process or two, on a machine that may be busy.
vi.setConfig({ testTimeout: 600_000 })

/** A client alone can neither build nor run an image. */
const runsContainers = spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 30_000 }).status === 0
// No capability that CI=true may demand: nothing installs a container runtime.
if (!runsContainers) console.log('Not tried out: the container of the guides, because no container runtime answers.')

const runnable = (section: Section): boolean =>
  !section.needs.has('python') && (runsContainers || !section.needs.has('container'))
const here = guideSections.filter(({ section }) => runnable(section))
const chromium = browserProgram.available ? browserProgram.path : ''

describe('every block of the emulator’s guides works as it stands', () => {
  test.each(here.filter(({ section }) => !section.needs.has('browser')))('$name', async ({ section }) => {
    await expect(tryOut(section)).resolves.toBeUndefined()
  })

  test.skipIf(!browserProgram.available).each(here.filter(({ section }) => section.needs.has('browser')))(
    '$name',
    async ({ section }) => {
      await expect(tryOut(section, { chromium })).resolves.toBeUndefined()
    },
  )
})
