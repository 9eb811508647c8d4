import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Mover } from '../../src/transfer/task-engine/mover.ts'
import type { Job, Order, RunOptions } from '../../src/transfer/task-engine/protocol.ts'

function rig(): { path: string; start: (ignoreMissing: boolean) => Order } {
  const path = mkdtempSync(join(tmpdir(), 'pierhead-delete-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  mkdirSync(join(path, 'old'))
  writeFileSync(join(path, 'old', 'a'), 'A')
  const root = { path, base: [] }
  const options: RunOptions = {
    task: '00000000-0000-4000-8000-000000000000',
    source: root,
    destination: root,
    syncLevel: null,
    verify: false,
    preserveTimestamp: false,
    deleteExtra: false,
    symlinks: 'ignore',
    filterRules: [],
    refusal: null,
    quotaLeft: null,
    corruptions: 0,
  }
  const job = (ignoreMissing: boolean): Job => ({
    id: 7,
    kind: 'delete',
    source: '/old',
    destination: '/old',
    options: { recursive: true, ignoreMissing },
  })
  return { path, start: (missing) => ({ type: 'start', jobs: [job(missing)], options, allowance: 1 }) }
}

it('says that a deletion found something before it removes anything', () => {
  const { path, start } = rig()
  const mover = new Mover(() => 0)
  expect(mover.obey(start(false))).toMatchObject({ begun: [7], results: [], finished: false })
  expect(existsSync(join(path, 'old', 'a'))).toBe(true)
  const report = mover.obey({ type: 'proceed', allowance: 1 })
  expect(report).toMatchObject({
    begun: [],
    results: [{ id: 7, removed: { files: 1, directories: 1 } }],
    finished: true,
  })
  expect(existsSync(join(path, 'old'))).toBe(false)
})

it('finds nothing left when it is done again after a kill, and fails only when there never was anything', () => {
  const { path, start } = rig()
  rmSync(join(path, 'old'), { recursive: true })
  const again = new Mover(() => 0).obey(start(true))
  expect(again.results).toMatchObject([{ id: 7, removed: { files: 0, directories: 0 } }])
  expect(new Mover(() => 0).obey(start(false)).results).toMatchObject([{ failure: { code: 'FILE_NOT_FOUND' } }])
})
