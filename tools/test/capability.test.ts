import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { capability } from '../lib/capability.ts'
import { installCapabilities } from '../lib/install-capabilities.ts'
import { makeTree } from './tree.ts'

function folderWithProgram(name: string): string {
  const folder = makeTree({ [name]: '#!/bin/sh\n' })
  chmodSync(join(folder, name), 0o755)
  return folder
}

test('finds a program in PATH', () => {
  const folder = folderWithProgram('chromium')
  expect(capability('browser', { PATH: folder })).toEqual({ available: true, path: join(folder, 'chromium') })
})

test('prefers the program that the environment names', () => {
  const own = join(folderWithProgram('my-browser'), 'my-browser')
  const env = { PATH: folderWithProgram('chromium'), CHROMIUM_PATH: own }
  expect(capability('browser', env)).toEqual({ available: true, path: own })
})

test('passes over a file that is no program', () => {
  expect(capability('browser', { PATH: makeTree({ chromium: '' }) }).available).toBe(false)
})

test('gives the reason when there is none', () => {
  const reason =
    'no browser: none of chromium, chromium-browser, google-chrome is installed and CHROMIUM_PATH is not set'
  expect(capability('browser', { PATH: '' })).toEqual({ available: false, reason })
})

test('throws where skipping is not allowed', () => {
  expect(() => capability('browser', { PATH: '', PIERHEAD_REQUIRE: '1' })).toThrow(/^Skipping is not allowed here/)
})

test('installs nothing when asked not to, and says what goes untested', () => {
  const lines = installCapabilities({ PATH: '', PIERHEAD_INSTALL: 'no' })
  expect(lines).toContainEqual(
    expect.stringMatching(/^Skipped: tests in a real browser, because there is no browser \(PIERHEAD_INSTALL=no\)\./),
  )
  expect(lines).toContainEqual(expect.stringMatching(/because there is no redis .*: apt-get install redis-server$/))
})
