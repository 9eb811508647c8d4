import { describe, expect, it, onTestFinished } from 'vitest'
import { demo, startEmulator } from '../../src/index.ts'
import { createTransferRig, item, logIn, personWith, type Json, type Person, type TransferRig } from './support.ts'

const { collections: c, people } = demo
const ends = { source_endpoint: c.oddNames, destination_endpoint: c.tenThousandBuoys }

async function offlineTask(rig: TransferRig, by: Person, more: Json = {}): Promise<string> {
  await rig.write(c.oddNames, 'file', 'content')
  rig.emulator.world.collections.change(c.tenThousandBuoys, { online: false })
  return by.transfer({ ...ends, DATA: [item('/file', '/file')], ...more })
}

const show = async (by: Person, id: string): Promise<Json> => (await by.get(`/v0.10/task/${id}`)).body

function online(rig: TransferRig): void {
  rig.emulator.world.collections.change(c.tenThousandBuoys, { online: true })
  rig.emulator.transfer.engine.wake()
}

describe('a task', () => {
  it('waits for a server that is away, and goes on when it is back', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const id = await offlineTask(rig, maya)
    await expect
      .poll(async () => show(maya, id))
      .toMatchObject({
        status: 'ACTIVE',
        is_ok: false,
        nice_status: 'CONNECT_FAILED',
        faults: expect.toSatisfy((faults: number) => faults > 0),
      })
    online(rig)
    expect(await rig.ended(id, maya)).toMatchObject({ status: 'SUCCEEDED', nice_status: null })
  })

  it('REL-64 is paused, shows it, and goes on', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const id = await offlineTask(rig, maya)
    expect(rig.emulator.transfer.engine.pause(id, true)).toBe(true)
    online(rig)
    expect(await show(maya, id)).toMatchObject({ status: 'ACTIVE', is_paused: true, nice_status: 'PAUSED' })
    rig.emulator.transfer.engine.pause(id, false)
    expect(await rig.ended(id, maya)).toMatchObject({ status: 'SUCCEEDED', is_paused: false })
    const codes = (await maya.get(`/v0.10/task/${id}/event_list`, { limit: '50' })).data.map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining(['PAUSED', 'UNPAUSED', 'SUCCEEDED']))
  })

  it('becomes INACTIVE with its consent, and goes on after a new one', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya, [c.campusClusterScratch])
    await rig.write(c.oddNames, 'file', 'content')
    rig.emulator.world.collections.change(c.oddNames, { online: false })
    const id = await maya.transfer({
      ...ends,
      destination_endpoint: c.campusClusterScratch,
      DATA: [item('/file', '/file')],
    })
    rig.emulator.world.consents.rescind({ identity: people.maya })
    rig.emulator.world.collections.change(c.oddNames, { online: true })
    rig.emulator.transfer.engine.wake()
    await expect.poll(async () => show(maya, id)).toMatchObject({ status: 'INACTIVE', nice_status_expires_in: 0 })
    const again = await rig.as(people.maya, [c.campusClusterScratch])
    await again.get('/v0.10/task_list')
    expect(await rig.ended(id, again)).toMatchObject({ status: 'SUCCEEDED' })
  })

  it('REL-64 is cancelled at once, and says so', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const id = await offlineTask(rig, maya)
    const { body } = await maya.send('POST', `/v0.10/task/${id}/cancel`)
    expect(body).toMatchObject({
      DATA_TYPE: 'result',
      code: 'Canceled',
      message: 'The task has been cancelled successfully.',
    })
    expect(await show(maya, id)).toMatchObject({
      status: 'FAILED',
      subtasks_canceled: 1,
      is_ok: null,
      fatal_error: null,
    })
    expect((await maya.send('POST', `/v0.10/task/${id}/cancel`)).body['code']).toBe('TaskComplete')
    const { data } = await maya.get(`/v0.10/task/${id}/event_list`)
    expect(data[0]).toMatchObject({ code: 'CANCELED', is_error: true, details: 'Canceled by the task owner' })
  })

  it('REL-64 fails at its deadline', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const id = await offlineTask(rig, maya)
    rig.emulator.world.tasks.age(2 * 86_400_000)
    rig.emulator.transfer.engine.wake()
    expect(await rig.ended(id, maya)).toMatchObject({
      status: 'FAILED',
      subtasks_expired: 1,
      fatal_error: { code: 'EXPIRED' },
    })
  })

  it('REL-63 waits for another one that writes to the same place', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const first = await offlineTask(rig, maya)
    const second = await maya.transfer({ ...ends, DATA: [item('/file', '/file')] })
    expect(await show(maya, second)).toMatchObject({ status: 'ACTIVE', is_ok: true, nice_status: 'Queued' })
    online(rig)
    await rig.ended(first, maya)
    expect((await rig.ended(second, maya))['status']).toBe('SUCCEEDED')
  })

  it('runs beside two others, and the fourth waits', async () => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    const ids = [await offlineTask(rig, maya)]
    for (const name of ['b', 'c', 'd']) ids.push(await maya.transfer({ ...ends, DATA: [item('/file', `/${name}`)] }))
    const states = await Promise.all(ids.map(async (id) => (await show(maya, id))['nice_status']))
    expect(states.filter((state) => state === 'Queued')).toHaveLength(1)
    online(rig)
    for (const id of ids) expect((await rig.ended(id, maya))['status']).toBe('SUCCEEDED')
  })

  it.each([
    ['a full storage', { full: true }, 'NO_SPACE_LEFT'],
    ['a read-only storage', { readOnly: true }, 'PERMISSION_DENIED'],
    ['a quota', { quotaBytes: 3 }, 'QUOTA_EXCEEDED'],
  ])('meets %s, and recovers', async (_, change, code) => {
    const rig = createTransferRig()
    const maya = await rig.as(people.maya)
    await rig.write(c.oddNames, 'file', 'content')
    rig.emulator.world.collections.change(c.tenThousandBuoys, change)
    const id = await maya.transfer({ ...ends, DATA: [item('/file', '/file')] })
    await expect.poll(async () => (await show(maya, id))['nice_status']).toBe(code)
    rig.emulator.world.collections.change(c.tenThousandBuoys, { full: false, readOnly: false, quotaBytes: null })
    expect((await rig.ended(id, maya))['status']).toBe('SUCCEEDED')
  })
})

it('obeys the control API', async () => {
  const emulator = await startEmulator({ port: 0, hosts: ['127.0.0.1'], control: true })
  onTestFinished(() => emulator.close())
  const { url, token } = emulator.info().control ?? { url: '', token: '' }
  const control = async (method: string, path: string, body: object): Promise<Json> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) })
    const document: Json = JSON.parse(await answer.text())
    return document
  }
  const maya = personWith(await logIn(emulator, people.maya, []), emulator)
  expect(await control('PATCH', '/collections', { collection: c.oddNames, online: false })).toEqual({ changed: true })
  const task = await maya.transfer({ ...ends, DATA: [item('/none', '/none')] })
  expect(await control('POST', '/tasks/pause', { task, paused: true })).toEqual({ changed: true })
  expect(await show(maya, task)).toMatchObject({ is_paused: true })
  await control('POST', '/collections/pause', { collection: c.oddNames, message: 'Maintenance', operations: ['ls'] })
  const paused = await maya.get(`/v0.10/operation/endpoint/${c.oddNames}/ls`)
  expect([paused.status, paused.body['code']]).toEqual([409, 'OperationPaused'])
  expect((await maya.get(`/v0.10/endpoint/${c.oddNames}/my_effective_pause_rule_list`)).data).toMatchObject([
    { message: 'Maintenance', pause_ls: true, pause_rename: false },
  ])
  expect(await control('POST', '/collections/resume', { collection: c.oddNames })).toEqual({ removed: 1 })
  expect(await control('POST', '/tasks/inactivate', { task })).toEqual({ changed: true })
  expect(await control('POST', '/tasks/fail', { task, code: 'TIMEOUT' })).toEqual({ changed: true })
  expect(await show(maya, task)).toMatchObject({ status: 'FAILED', fatal_error: { code: 'TIMEOUT' } })
  await control('PATCH', '/behaviour', { pace: 'real' })
  const answers = await Promise.all(Array.from({ length: 210 }, () => maya.get('/v0.10/submission_id')))
  const refused = answers.find(({ status }) => status === 429)
  expect(refused?.body['code']).toBe('TooManyRequests')
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
})
