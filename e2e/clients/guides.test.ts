import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { guideSections, tryOut } from '../support/guides.ts'
import { runtimes } from './runtimes.ts'

const { paths, reasons } = runtimes(new Set(['venv']))
const python = paths.get('venv')
for (const reason of reasons) {
  if (process.env['PIERHEAD_REQUIRE'] === '1') throw new Error(reason)
  console.log(reason)
}

describe.skipIf(python === undefined)('every Python block of the emulator’s guides works as it stands', () => {
  test.each(guideSections.filter(({ section }) => section.needs.has('python')))('$name', async ({ section }) => {
    await expect(tryOut(section, { python: dirname(python ?? '') })).resolves.toBeUndefined()
  })
})
