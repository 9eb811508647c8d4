import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Comparison } from '../compare/reproductions.ts'

let comparisons: Comparison[]

// In a process of its own, because it stops the clock.
beforeAll(async () => {
  const program = join(import.meta.dirname, '../compare/main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=pierhead-source', program, '--json'])
  // Written by that program.
  comparisons = JSON.parse(stdout) as Comparison[]
}, 120_000)

describe('steps that break other libraries', () => {
  it.each([
    ['R1', 'express-openid-connect 3.4.0', 'C05'],
    ['R2', 'express-openid-connect 3.4.0', 'C01'],
    ['R3', 'express-openid-connect 3.4.0', 'C08'],
    ['R4', 'express-openid-connect 3.4.0', 'C07'],
    ['R5', 'express-openid-connect 3.4.0', 'C02'],
    ['R6', '@auth/core 0.41.3', 'C02'],
    ['R7', 'better-auth 1.7.25', 'C02'],
    ['R8', 'better-auth 1.7.25', 'C01'],
  ])('%s breaks %s still, and does not break the kit (%s)', (id, library) => {
    const found = comparisons.find((comparison) => comparison.id === id)
    expect(found).toMatchObject({ library, theirs: { holds: false }, ours: { holds: true } })
  })
})
