import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startEmulator } from '@pierhead/emulator'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { browserProgram } from './support/browser.ts'

/** Milliseconds. A process, its workers and a browser take their time to start on a busy machine. */
const patience = 600_000
vi.setConfig({ testTimeout: patience + 60_000 })

const runner = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js')

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pierhead-playwright-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

interface Run {
  readonly code: number | null
  readonly output: string
}

/** Runs the specifications of e2e/playwright with Playwright's own test runner. */
const run = (env: Record<string, string> = {}): Promise<Run> =>
  new Promise((resolve) => {
    const args = ['test', '-c', join(import.meta.dirname, 'playwright/playwright.config.ts'), '--reporter=list']
    const child = spawn(process.execPath, [runner, ...args], {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        CHROMIUM_PATH: process.env['CHROMIUM_PATH'],
        NODE_OPTIONS: '--conditions=pierhead-source',
        PLAYWRIGHT_OUTPUT: join(folder, 'output'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: patience,
      killSignal: 'SIGKILL',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
    child.once('close', (code) => resolve({ code, output }))
  })

describe.skipIf(!browserProgram.available)('the fixture for Playwright', () => {
  test('gives each test a person of its own, logged in at an emulator of the worker', async () => {
    const { code, output } = await run()
    expect(output).toContain('4 passed')
    expect(code).toBe(0)
  })

  test('uses an emulator that runs already', async () => {
    await using emulator = await startEmulator({ port: 0, control: true, behaviour: { autoConsent: true } })
    const info = join(folder, 'info.json')
    writeFileSync(info, JSON.stringify(emulator.info()))
    const { output } = await run({ PIERHEAD_EMULATOR_INFO: info })
    expect(output).toContain('4 passed')
    expect(emulator.world.identities.people().filter(({ name }) => name?.startsWith('Test Person'))).toHaveLength(2)
  })
})
