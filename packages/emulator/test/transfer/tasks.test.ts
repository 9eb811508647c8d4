import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { createTransferRig, item, type Json, type Person, type TransferRig } from './support.ts'

const { collections: c, people } = demo
const ends = { source_endpoint: c.oddNames, destination_endpoint: c.tenThousandBuoys }

async function run(rig: TransferRig, by: Person, document: Json): Promise<Json> {
  return rig.ended(await by.transfer({ ...ends, ...document }), by)
}

async function codes(by: Person, task: unknown): Promise<unknown[]> {
  return (await by.get(`/v0.10/task/${String(task)}/event_list`, { limit: '100' })).data.map(({ code }) => code)
}

describe('a transfer', () => {
  it('copies one file, and its counters tell so', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'a.txt', 'hello')
    const maya = await rig.as(people.maya)
    const task = await run(rig, maya, { DATA: [item('/a.txt', '/in/b.txt')], verify_checksum: true, label: 'one file' })
    expect(task).toMatchObject({
      DATA_TYPE: 'task',
      status: 'SUCCEEDED',
      label: 'one file',
      files: 1,
      files_transferred: 1,
      bytes_transferred: 5,
      bytes_checksummed: 5,
      subtasks_total: 2,
      subtasks_succeeded: 2,
      subtasks_pending: 0,
      faults: 0,
      nice_status: null,
      is_ok: null,
    })
    expect(await rig.read(c.tenThousandBuoys, 'in/b.txt')).toBe('hello')
    expect(Array.from(new Set(await codes(maya, task['task_id'])))).toEqual(['SUCCEEDED', 'PROGRESS', 'STARTED'])
    const { data } = await maya.get(`/v0.10/task/${String(task['task_id'])}/successful_transfers`)
    expect(data).toEqual([
      {
        DATA_TYPE: 'successful_transfer',
        source_path: '/a.txt',
        destination_path: '/in/b.txt',
        size: 5,
        checksum: '5d41402abc4b2a76b9719d911017c592',
        checksum_algorithm: 'MD5',
        dynamic: false,
      },
    ])
  })

  it('copies a tree, and leaves what is no file', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'tree/a', 'A')
    await rig.write(c.oddNames, 'tree/deep/er/b', 'B')
    mkdirSync(rig.path(c.oddNames, 'tree', 'empty'))
    symlinkSync('a', rig.path(c.oddNames, 'tree', 'link'))
    const maya = await rig.as(people.maya)
    const task = await run(rig, maya, { DATA: [item('/tree/', '/copy/')] })
    expect(task).toMatchObject({ status: 'SUCCEEDED', files: 2, directories: 4, files_skipped: 1 })
    expect(readdirSync(rig.path(c.tenThousandBuoys, 'copy')).toSorted()).toEqual(['a', 'deep', 'empty'])
    expect(await rig.read(c.tenThousandBuoys, 'copy/deep/er/b')).toBe('B')
  })

  it('keeps or follows links when told to', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'tree/a', 'A')
    symlinkSync('a', rig.path(c.oddNames, 'tree', 'link'))
    symlinkSync('..', rig.path(c.oddNames, 'tree', 'loop'))
    const maya = await rig.as(people.maya)
    await run(rig, maya, { DATA: [item('/tree', '/kept')], recursive_symlinks: 'keep' })
    expect(statSync(rig.path(c.tenThousandBuoys, 'kept', 'link')).isFile()).toBe(true)
    const followed = await run(rig, maya, { DATA: [item('/tree', '/followed')], recursive_symlinks: 'copy' })
    expect(followed['status']).toBe('SUCCEEDED')
    expect(readdirSync(rig.path(c.tenThousandBuoys, 'followed')).toSorted()).toEqual(['a', 'link'])
  })

  it.each([
    ['exists', 0, 'old'],
    ['size', 1, 'old'],
    ['mtime', 2, 'new'],
    ['checksum', 3, 'new'],
  ])('with sync level %s copies what differs in that way', async (_, sync_level, expected) => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 's/same', 'new')
    await rig.write(c.oddNames, 's/missing', 'x')
    await rig.write(c.tenThousandBuoys, 'd/same', 'old')
    utimesSync(rig.path(c.tenThousandBuoys, 'd', 'same'), 1, 1)
    const maya = await rig.as(people.maya)
    const task = await run(rig, maya, { DATA: [item('/s/', '/d/')], sync_level })
    expect(await rig.read(c.tenThousandBuoys, 'd/same')).toBe(expected)
    expect(await rig.read(c.tenThousandBuoys, 'd/missing')).toBe('x')
    expect(task['files_skipped']).toBe(expected === 'old' ? 1 : 0)
  })

  it('obeys filter rules in their order, deletes extra files and keeps times', async () => {
    const rig = createTransferRig()
    for (const name of ['keep.csv', 'drop.tmp', 'skip/inside']) await rig.write(c.oddNames, `s/${name}`, name)
    utimesSync(rig.path(c.oddNames, 's', 'keep.csv'), 1_000_000, 1_000_000)
    await rig.write(c.tenThousandBuoys, 'd/extra/deep', 'x')
    const maya = await rig.as(people.maya)
    const task = await run(rig, maya, {
      DATA: [item('/s/', '/d/')],
      delete_destination_extra: true,
      preserve_timestamp: true,
      filter_rules: [
        { DATA_TYPE: 'filter_rule', method: 'exclude', type: 'dir', name: 'sk*' },
        { DATA_TYPE: 'filter_rule', method: 'include', type: 'file', name: '*.csv' },
        { DATA_TYPE: 'filter_rule', method: 'exclude', type: 'file', name: '*' },
      ],
    })
    expect(task['status']).toBe('SUCCEEDED')
    expect(readdirSync(rig.path(c.tenThousandBuoys, 'd'))).toEqual(['keep.csv'])
    expect(statSync(rig.path(c.tenThousandBuoys, 'd', 'keep.csv')).mtimeMs).toBe(1_000_000_000)
  })

  it('finds a spoiled copy by its checksum and makes a right one', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'big', Buffer.alloc(3_000_000, 'tide'))
    rig.emulator.world.collections.change(c.tenThousandBuoys, { online: false })
    const maya = await rig.as(people.maya)
    const id = await maya.transfer({ ...ends, DATA: [item('/big', '/big')], verify_checksum: true })
    rig.emulator.transfer.engine.corrupt(id, 2)
    rig.emulator.world.collections.change(c.tenThousandBuoys, { online: true })
    rig.emulator.transfer.engine.wake()
    const task = await rig.ended(id, maya)
    expect(task).toMatchObject({ status: 'SUCCEEDED', files_transferred: 1 })
    expect(await codes(maya, id)).toContain('VERIFY_CHECKSUM')
    expect(readFileSync(rig.path(c.tenThousandBuoys, 'big')).equals(Buffer.alloc(3_000_000, 'tide'))).toBe(true)
    expect(readdirSync(rig.path(c.tenThousandBuoys))).toEqual(['big'])
  })

  it('keeps holes', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'sparse', '')
    const { truncateSync } = await import('node:fs')
    truncateSync(rig.path(c.oddNames, 'sparse'), 50_000_000)
    const maya = await rig.as(people.maya)
    await run(rig, maya, { DATA: [item('/sparse', '/sparse')], verify_checksum: true })
    const { size, blocks } = statSync(rig.path(c.tenThousandBuoys, 'sparse'))
    expect(size).toBe(50_000_000)
    expect(blocks * 512).toBeLessThan(2_000_000)
  })

  it('ends at once with what no second try can mend', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'tree/a', 'A')
    const maya = await rig.as(people.maya)
    const task = await run(rig, maya, { DATA: [item('/tree', '/x', { recursive: false })] })
    expect(task).toMatchObject({ status: 'FAILED', fatal_error: { code: 'IS_A_DIRECTORY' }, faults: 1 })
    const nested = await run(rig, maya, { destination_endpoint: c.oddNames, DATA: [item('/tree', '/tree/inside')] })
    expect(nested).toMatchObject({ status: 'FAILED', fatal_error: { code: 'INVALID_PATH_NAME' } })
  })

  it('skips source errors when told to, and lists them', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'a', 'A')
    const maya = await rig.as(people.maya)
    const task = await run(rig, maya, { DATA: [item('/a', '/a'), item('/none', '/none')], skip_source_errors: true })
    expect(task).toMatchObject({ status: 'SUCCEEDED', subtasks_skipped_errors: 1, faults: 0 })
    const { data } = await maya.get(`/v0.10/task/${String(task['task_id'])}/skipped_errors`)
    expect(data).toMatchObject([{ error_code: 'FILE_NOT_FOUND', source_path: '/none', destination_path: '/none' }])
  })

  it('REL-60 tries again until a missing source appears', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const id = await maya.transfer({ ...ends, DATA: [item('/later', '/later')] })
    await expect.poll(async () => (await maya.get(`/v0.10/task/${id}`)).body['nice_status']).toBe('FILE_NOT_FOUND')
    await rig.write(c.oddNames, 'later', 'now')
    expect((await rig.ended(id, maya))['status']).toBe('SUCCEEDED')
    expect(await codes(maya, id)).toContain('FILE_NOT_FOUND')
  })
})

describe('submission', () => {
  it('REL-16 creates one task for a repeated document, and refuses another under its id', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'a', 'A')
    const maya = await rig.as(people.maya)
    const submission_id = (await maya.get('/v0.10/submission_id')).body['value']
    const document = { submission_id, ...ends, DATA: [item('/a', '/a')] }
    const first = await maya.send('POST', '/v0.10/transfer', document)
    expect([first.status, first.body['code'], first.body['resource']]).toEqual([202, 'Accepted', '/transfer'])
    const again = await maya.send('POST', '/v0.10/transfer', document)
    expect([again.body['code'], again.body['task_id']]).toEqual(['Duplicate', first.body['task_id']])
    const other = await maya.send('POST', '/v0.10/transfer', { ...document, DATA: [item('/b', '/b')] })
    expect([other.status, other.body['code']]).toEqual([409, 'Conflict'])
    expect((await maya.get('/v0.10/task_list')).body['total']).toBe(1)
  })

  it('refuses a transfer of nothing, and one without consent', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    await expect(maya.transfer({ ...ends, DATA: [] })).rejects.toThrow('ClientError.BadRequest.NoTransferItems')
    const missing = maya.transfer({ ...ends, source_endpoint: c.tidalSurveyArchive, DATA: [item('/a', '/a')] })
    await expect(missing).rejects.toThrow('ConsentRequired')
  })
})

describe('a deletion', () => {
  it('SEC-96 removes a tree, and of links only the links', async () => {
    const rig = createTransferRig()
    await rig.write(c.oddNames, 'old/deep/a', 'A')
    await rig.write(c.oddNames, 'kept/b', 'B')
    symlinkSync('../kept', rig.path(c.oddNames, 'old', 'link'))
    const maya = await rig.as(people.maya)
    const id = await maya.delete({
      endpoint: c.oddNames,
      recursive: true,
      DATA: [{ DATA_TYPE: 'delete_item', path: '/old/' }],
    })
    const task = await rig.ended(id, maya)
    expect(task).toMatchObject({
      type: 'DELETE',
      status: 'SUCCEEDED',
      subtasks_total: 1,
      files: 2,
      destination_endpoint_id: null,
    })
    expect(readdirSync(rig.path(c.oddNames))).toEqual(['kept'])
    expect(await rig.read(c.oddNames, 'kept/b')).toBe('B')
  })

  it('reads patterns in the last component only when told to, and fails for what is missing', async () => {
    const rig = createTransferRig()
    for (const name of ['a.tmp', 'b.tmp', 'c.txt']) await rig.write(c.oddNames, name, 'x')
    const maya = await rig.as(people.maya)
    const remove = async (more: Json): Promise<Json> =>
      rig.ended(await maya.delete({ endpoint: c.oddNames, DATA: [{ path: '/*.tmp' }], ...more }), maya)
    expect(await remove({})).toMatchObject({ status: 'FAILED', fatal_error: { code: 'FILE_NOT_FOUND' } })
    expect(await remove({ interpret_globs: true })).toMatchObject({ status: 'SUCCEEDED', files: 2 })
    expect(readdirSync(rig.path(c.oddNames))).toEqual(['c.txt'])
    expect(await remove({ interpret_globs: true, ignore_missing: true })).toMatchObject({ status: 'SUCCEEDED' })
  })
})

describe('the folders that a task’s items are in', () => {
  it.each([
    [['/a/one', '/a/two'], '/a/'],
    [['/a/deep/', '/a/one'], '/a/'],
    [['/a/deep/'], '/a/deep/'],
    [['/~/a', '/b'], '/'],
    [['/x/a', '/x/aa/b'], '/x/'],
  ])('of %j are kept when that is asked for', async (sources, base) => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const DATA = sources.map((source) => item(source, `/in${source}`))
    const task = await maya.transfer({ ...ends, DATA, store_base_path_info: true })
    expect((await maya.get(`/v0.10/task/${task}`)).body).toMatchObject({
      source_base_path: base,
      destination_base_path: base === '/' ? '/in/' : `/in${base}`,
      source_local_user: null,
    })
    const other = await maya.transfer({ ...ends, DATA })
    expect((await maya.get(`/v0.10/task/${other}`)).body).toMatchObject({
      source_base_path: null,
      destination_base_path: null,
    })
  })
})
