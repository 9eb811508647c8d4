import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { spellings } from './hostile-paths.ts'
import { startLinkSwapper } from './link-swapper.ts'
import { createTransferRig, item, type Answer, type Person, type TransferRig } from './support.ts'

const { collections: c, people } = demo
const SENTINEL = 'the-secret-outside'
const operation = `/v0.10/operation/endpoint/${c.oddNames}`

async function outsideRig(): Promise<{ rig: TransferRig; maya: Person; outside: string }> {
  const rig = createTransferRig()
  await rig.write(c.oddNames, 'a/b/inside', 'inside')
  const outside = join(rig.path(c.oddNames), '..', 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret'), SENTINEL)
  return { rig, maya: await rig.as(people.maya), outside }
}

/** Every operation that reads what a path names. */
const readWith = (by: Person, path: string): Promise<Answer>[] => [
  by.get(`${operation}/ls`, { path }),
  by.get(`${operation}/stat`, { path }),
  by.send('POST', `${operation}/rename`, { old_path: path, new_path: '/stolen' }),
]

/** Every one that makes something there, or keeps the path. */
const writeWith = (by: Person, path: string): Promise<Answer>[] => [
  by.send('POST', `${operation}/mkdir`, { path: `${path}-made` }),
  by.send('POST', `${operation}/rename`, { old_path: '/a/b/inside', new_path: `${path}/none` }),
  by.send('POST', `${operation}/symlink`, { path: `${path}-link`, symlink_target: path }),
  by.send('POST', `/v0.10/endpoint/${c.oddNames}/access`, {
    principal_type: 'all_authenticated_users',
    principal: '',
    path: `${path}/`,
    permissions: 'r',
  }),
  bookmark(by, path),
]

/** A person has a hundred bookmarks at most. */
async function bookmark(by: Person, path: string): Promise<Answer> {
  const made = await by.send('POST', '/v0.10/bookmark', { endpoint_id: c.oddNames, path: `${path}/`, name: 'Odd' })
  if (made.status < 300) await by.send('DELETE', `/v0.10/bookmark/${String(made.body['id'])}`)
  return made
}

/** Lets a task end or meet its first fault, and cancels it then. */
async function tryOnce({ emulator }: TransferRig, by: Person, id: string): Promise<void> {
  const hasMet = (): boolean => {
    const task = emulator.world.tasks.find(id)
    return task === undefined || task.completedAt !== null || task.progress.faults > 0
  }
  while (!hasMet()) await setImmediate()
  await by.send('POST', `/v0.10/task/${id}/cancel`)
}

/** The files below a folder that hold the text; links are not followed. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path, 'utf8').includes(text))
}

describe('a path', () => {
  it('SEC-93 never leads outside, however it is spelled', { timeout: 300_000 }, async () => {
    const { rig, maya, outside } = await outsideRig()
    const all = spellings()
    expect(all.length).toBeGreaterThanOrEqual(500)
    for (const path of all) {
      const reading = await Promise.all(readWith(maya, path))
      expect([path, reading.every(({ status }) => status >= 400 && (status < 500 || status === 502))]).toEqual([
        path,
        true,
      ])
      const writing = await Promise.all(writeWith(maya, path))
      expect([path, writing.every(({ status }) => status < 500 || status === 502)]).toEqual([path, true])
    }
    expect(readdirSync(outside)).toEqual(['secret'])
    expect(filesWith(rig.path(c.oddNames), SENTINEL)).toEqual([])
  })

  it('never leads a task outside', { timeout: 300_000 }, async () => {
    const { rig, maya, outside } = await outsideRig()
    await rig.write(c.oddNames, 'kept', 'harmless')
    const all = spellings()
    const within = { source_endpoint: c.oddNames, destination_endpoint: c.tenThousandBuoys }
    const reading = await maya.transfer({
      ...within,
      DATA: all.map((path, index) => item(path, `/stolen-${index}`)),
      skip_source_errors: true,
    })
    const read = await rig.ended(reading, maya)
    expect(read['files_transferred']).toBe(0)
    for (const path of all) {
      // One task for each: a refusal ends its task, or is tried again until somebody cancels it.
      const removal = { endpoint: c.oddNames, DATA: [{ path }], recursive: true, ignore_missing: true }
      await tryOnce(rig, maya, await maya.delete(removal))
      const writing = { ...within, destination_endpoint: c.oddNames, DATA: [item('/kept', path)] }
      await tryOnce(rig, maya, await maya.transfer(writing))
    }
    expect(readdirSync(outside)).toEqual(['secret'])
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe(SENTINEL)
    expect(filesWith(rig.path(c.tenThousandBuoys), SENTINEL)).toEqual([])
  })

  it('never lets a guest collection, a rule or a bookmark reach outside', { timeout: 300_000 }, async () => {
    const { rig, maya, outside } = await outsideRig()
    // Beside the laptop's own directory, too.
    mkdirSync(rig.path(c.mayasLaptop), { recursive: true })
    for (const path of spellings()) {
      const host = { host_endpoint: c.mayasLaptop, host_path: path.replace('/secret', '/'), display_name: 'Guest' }
      const { status, body } = await maya.send('POST', '/v0.10/shared_endpoint', host)
      expect(status).toBeLessThan(500)
      if (status >= 400) continue
      const guest = String(body['id'])
      const { status: seen } = await maya.get(`/v0.10/operation/endpoint/${guest}/stat`, { path: '/secret' })
      expect([path, seen >= 400]).toEqual([path, true])
      await maya.send('DELETE', `/v0.10/endpoint/${guest}`)
    }
    expect(readdirSync(outside)).toEqual(['secret'])
  })

  it('SEC-94 leads through links only as long as they stay inside', async () => {
    const { rig, maya, outside } = await outsideRig()
    const root = rig.path(c.oddNames)
    symlinkSync(outside, join(root, 'absolute'))
    symlinkSync('../outside', join(root, 'relative'))
    symlinkSync('absolute', join(root, 'chain'))
    symlinkSync('/', join(root, 'everything'))
    symlinkSync('a/../b', join(root, 'a', 'odd'))
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

  it('stays inside while somebody swaps a directory for a link 10,000 times', { timeout: 300_000 }, async () => {
    const { rig, maya, outside } = await outsideRig()
    const swapper = startLinkSwapper(rig.path(c.oddNames), outside)
    const seen = new Set<unknown>()
    const ends = { source_endpoint: c.oddNames, destination_endpoint: c.tenThousandBuoys, skip_source_errors: true }
    for (let round = 0; round < 1000 || swapper.rounds() < 10_000; round += 1) {
      const { data } = await maya.get(`/v0.10/operation/endpoint/${c.oddNames}/ls`, { path: '/swapped/' })
      for (const { size } of data) seen.add(size)
      if (round % 20 > 0) continue
      await rig.ended(await maya.transfer({ ...ends, DATA: [item('/swapped/secret', `/copy-${round}`)] }), maya)
    }
    await swapper.stop()
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
