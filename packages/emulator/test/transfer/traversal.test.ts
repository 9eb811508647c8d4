import { once } from 'node:events'
import { linkSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { spellings } from './hostile-paths.ts'
import { createTransferRig, item, type Person, type TransferRig } from './support.ts'

const { collections: c, people } = demo
const SENTINEL = 'the-secret-outside'

async function outsideRig(): Promise<{ rig: TransferRig; maya: Person; outside: string }> {
  const rig = createTransferRig()
  await rig.write(c.oddNames, 'a/b/inside', 'inside')
  const outside = join(rig.path(c.oddNames), '..', 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret'), SENTINEL)
  return { rig, maya: await rig.as(people.maya), outside }
}

describe('a path', () => {
  it('SEC-93 never leads outside, however it is spelled', { timeout: 90_000 }, async () => {
    const { rig, maya, outside } = await outsideRig()
    const operation = `/v0.10/operation/endpoint/${c.oddNames}`
    const all = spellings()
    expect(all.length).toBeGreaterThan(500)
    for (const path of all) {
      const answers = await Promise.all([
        maya.get(`${operation}/ls`, { path }),
        maya.get(`${operation}/stat`, { path }),
        maya.send('POST', `${operation}/rename`, { old_path: path, new_path: '/stolen' }),
        maya.send('POST', `${operation}/mkdir`, { path: `${path}-made` }),
      ])
      expect(answers.every(({ status }) => status < 500 || status === 502)).toBe(true)
      expect([path, answers.slice(0, 3).every(({ status }) => status >= 400)]).toEqual([path, true])
    }
    expect(readdirSync(outside)).toEqual(['secret'])
    const task = await rig.ended(
      await maya.transfer({
        source_endpoint: c.oddNames,
        destination_endpoint: c.tenThousandBuoys,
        DATA: all.slice(0, 200).map((path, index) => item(path, `/stolen-${index}`)),
        skip_source_errors: true,
      }),
      maya,
    )
    expect(task['files_transferred']).toBe(0)
  })

  it('SEC-94 leads through links only as long as they stay inside', async () => {
    const { rig, maya, outside } = await outsideRig()
    const root = rig.path(c.oddNames)
    symlinkSync(outside, join(root, 'absolute'))
    symlinkSync('../outside', join(root, 'relative'))
    symlinkSync('absolute', join(root, 'chain'))
    symlinkSync('/', join(root, 'everything'))
    symlinkSync('a/../b', join(root, 'a', 'odd'))
    const operation = `/v0.10/operation/endpoint/${c.oddNames}`
    for (const link of ['absolute', 'relative', 'chain', 'everything']) {
      expect((await maya.get(`${operation}/ls`, { path: `/${link}/` })).status).toBe(403)
      expect((await maya.send('POST', `${operation}/mkdir`, { path: `/${link}/made` })).status).toBe(403)
    }
    const ends = { source_endpoint: c.oddNames, destination_endpoint: c.oddNames }
    const id = await maya.transfer({ ...ends, DATA: [item('/relative/secret', '/got')], skip_source_errors: true })
    expect(await rig.ended(id, maya)).toMatchObject({ subtasks_skipped_errors: 1, files_transferred: 0 })
    const removal = await maya.delete({
      endpoint: c.oddNames,
      recursive: true,
      DATA: [{ path: '/relative' }, { path: '/absolute' }],
    })
    expect(await rig.ended(removal, maya)).toMatchObject({ status: 'SUCCEEDED', files: 2 })
    expect(readdirSync(outside)).toEqual(['secret'])
  })

  it('SEC-94 stays inside while somebody swaps a directory for a link 10,000 times', { timeout: 60_000 }, async () => {
    const { rig, maya, outside } = await outsideRig()
    const root = rig.path(c.oddNames)
    mkdirSync(join(root, 'swapped'))
    writeFileSync(join(root, 'swapped', 'secret'), 'harmless')
    symlinkSync(outside, join(root, 'link'))
    // What both threads see: how often was swapped, and whether to stop.
    const shared = new Int32Array(new SharedArrayBuffer(8))
    const swapper = new Worker(
      `const { renameSync } = require('node:fs'); const { root, shared } = require('node:worker_threads').workerData
       while (Atomics.load(shared, 1) === 0) {
         renameSync(root + '/swapped', root + '/aside'); renameSync(root + '/link', root + '/swapped')
         renameSync(root + '/swapped', root + '/link'); renameSync(root + '/aside', root + '/swapped')
         Atomics.add(shared, 0, 1)
       }`,
      { eval: true, workerData: { root, shared }, execArgv: [] },
    )
    const ended = once(swapper, 'exit')
    const seen = new Set<unknown>()
    const ends = { source_endpoint: c.oddNames, destination_endpoint: c.tenThousandBuoys, skip_source_errors: true }
    for (let round = 0; round < 1000 || Atomics.load(shared, 0) < 10_000; round += 1) {
      const { data } = await maya.get(`/v0.10/operation/endpoint/${c.oddNames}/ls`, { path: '/swapped/' })
      for (const { size } of data) seen.add(size)
      if (round % 20 > 0) continue
      await rig.ended(await maya.transfer({ ...ends, DATA: [item('/swapped/secret', `/copy-${round}`)] }), maya)
    }
    Atomics.store(shared, 1, 1)
    await ended
    expect(Array.from(seen)).toEqual(['harmless'.length])
    for (const name of readdirSync(rig.path(c.tenThousandBuoys)))
      expect(await rig.read(c.tenThousandBuoys, name)).toBe('harmless')
  })

  it('SEC-96 does not reach another name of a file by replacing one', async () => {
    const { rig, maya, outside } = await outsideRig()
    linkSync(join(outside, 'secret'), rig.path(c.oddNames, 'hard'))
    const ends = { source_endpoint: c.oddNames, destination_endpoint: c.oddNames }
    await rig.ended(await maya.transfer({ ...ends, DATA: [item('/a/b/inside', '/hard')] }), maya)
    expect(await rig.read(c.oddNames, 'hard')).toBe('inside')
    expect(readdirSync(outside)).toEqual(['secret'])
    renameSync(join(outside, 'secret'), join(outside, 'kept'))
    rmSync(outside, { recursive: true })
  })
})
