import { describe, expect, it } from 'vitest'
import { demo, type Emulator } from '../../src/index.ts'
import { callerFor, callerWith, createServices, listIn, scopes, type Caller, type Json } from './support.ts'

const { groups, people } = demo
const harbour = demo.searchIndexes.harbourData
const path = `/v1/index/${harbour}`

const subjects = (body: Json): unknown[] => listIn(body['gmeta']).map(({ subject }) => subject)

const nobody = (emulator: Emulator = createServices()): Caller => callerWith(emulator)
const as = (person: string, emulator: Emulator = createServices()): Promise<Caller> =>
  callerFor(emulator, person, scopes.search)

describe('an index of one’s own', () => {
  const entry = (subject: string, more: Json = {}): Json => ({
    subject,
    visible_to: ['public'],
    content: { a: 1 },
    ...more,
  })

  const makeIndex = async (caller: Caller): Promise<string> => {
    const { status, body } = await caller('POST', '/v1/index', { display_name: 'Mine', description: 'A trial' })
    expect([status, body['is_trial'], body['status']]).toEqual([200, true, 'open'])
    return `/v1/index/${String(body['id'])}`
  }

  const done = async (caller: Caller, method: string, at: string, body?: unknown): Promise<Json> => {
    const answer = await caller(method, at, body)
    expect(answer).toMatchObject({ status: 200, body: { acknowledged: true } })
    return (await caller('GET', `/v1/task/${String(answer.body['task_id'])}`)).body
  }

  it('takes entries and deletes them by tasks', async () => {
    const maya = await as(people.maya)
    const mine = await makeIndex(maya)
    const list = {
      ingest_type: 'GMetaList',
      ingest_data: { gmeta: [entry('one'), entry('one', { id: 'more' }), entry('two')] },
    }
    expect(await done(maya, 'POST', `${mine}/ingest`, list)).toMatchObject({
      state: 'SUCCESS',
      task_type: 'INGEST',
      message: '3 entries changed',
    })
    await done(maya, 'POST', `${mine}/ingest`, { ingest_type: 'GMetaEntry', ingest_data: entry('three') })
    await done(maya, 'PUT', `${mine}/entry`, entry('three', { content: { a: 2 } }))
    await done(maya, 'POST', `${mine}/entry`, entry('four'))
    expect((await maya('GET', mine)).body).toMatchObject({ num_entries: 5, num_subjects: 4, permissions: ['owner'] })
    await done(maya, 'DELETE', `${mine}/entry?subject=one`)
    expect((await maya('GET', `${mine}/subject?subject=one`)).body).toMatchObject({ entries: [{ entry_id: 'more' }] })
    await done(maya, 'DELETE', `${mine}/subject?subject=one`)
    const filters = [{ type: 'match_any', field_name: 'a', values: [2] }]
    expect(await done(maya, 'POST', `${mine}/delete_by_query`, { filters })).toMatchObject({
      message: '1 entries changed',
    })
    await done(maya, 'POST', `${mine}/batch_delete_by_subject`, { subjects: ['two', 'nonesuch'] })
    expect(subjects((await maya('GET', `${mine}/search?q=*`)).body)).toEqual(['four'])
    const tasks = (await maya('GET', mine.replace('index', 'task_list'))).body
    expect(listIn(tasks['tasks'])).toHaveLength(8)
  })

  it('waits with its tasks for as long as the pace says, also over a restart', async () => {
    let now = Date.UTC(2026, 2, 4)
    const clock = { now: () => now, sleep: () => Promise.resolve() }
    const maya = await as(people.maya, createServices({ clock, behaviour: { pace: 'demo' } }))
    const mine = await makeIndex(maya)
    const { body } = await maya('POST', `${mine}/ingest`, { ingest_type: 'GMetaEntry', ingest_data: entry('one') })
    const task = `/v1/task/${String(body['task_id'])}`
    expect((await maya('GET', task)).body).toMatchObject({ state: 'PENDING', completion_date: null })
    expect((await maya('GET', mine)).body['num_entries']).toBe(0)
    now += 1_000
    expect((await maya('GET', mine)).body['num_entries']).toBe(1)
    expect((await maya('GET', task)).body).toMatchObject({ state: 'SUCCESS', completion_date: '2026-03-04 00:00:01' })
  })

  it('shows entries to those they name, and tells which sets somebody is in', async () => {
    const emulator = createServices()
    const maya = await as(people.maya, emulator)
    const mine = await makeIndex(maya)
    const urn = (id: string): string => `urn:globus:auth:identity:${id}`
    const gmeta = [
      entry('public'),
      entry('everybody', { visible_to: ['all_authenticated_users'] }),
      entry('sam', { visible_to: [urn(people.sam)] }),
      entry('crew', { visible_to: [`urn:globus:groups:id:${groups.tideCrew}`] }),
      entry('orcid', { visible_to: [urn(people.mayaOrcid)] }),
      entry('team', {
        visible_to: ['public'],
        principal_sets: { authors: [urn(people.zoe)], readers: [urn(people.sam)] },
      }),
    ]
    await done(maya, 'POST', `${mine}/ingest`, { ingest_type: 'GMetaList', ingest_data: { gmeta } })
    const seen = async (caller: Caller, more = ''): Promise<unknown[]> =>
      subjects((await caller('GET', `${mine}/search?q=*${more}`)).body)
    const [zoe, sam] = [await as(people.zoe, emulator), await as(people.sam, emulator)]
    expect(await seen(nobody(emulator))).toEqual(['public', 'team'])
    expect(await seen(zoe)).toEqual(['public', 'everybody', 'crew', 'team'])
    expect(await seen(sam)).toEqual(['public', 'everybody', 'sam', 'team'])
    expect(await seen(maya)).toEqual(['public', 'everybody', 'crew', 'orcid', 'team'])
    expect(await seen(maya, '&bypass_visible_to=true')).toHaveLength(6)
    expect((await sam('GET', `${mine}/search?q=*&bypass_visible_to=true`)).status).toBe(403)
    expect(await seen(zoe, '&filter_principal_sets=authors,owners')).toEqual(['team'])
    expect(await seen(zoe, '&filter_principal_sets=readers')).toEqual([])
    const { body } = await sam('GET', `${mine}/subject?subject=team`)
    expect(listIn(body['entries'])[0]?.['matched_principal_sets']).toEqual(['readers'])
  })

  it('is renamed, marked for deletion and reopened', async () => {
    const maya = await as(people.maya)
    const mine = await makeIndex(maya)
    expect((await maya('PATCH', mine, { display_name: 'Ours' })).body).toMatchObject({
      display_name: 'Ours',
      description: 'A trial',
    })
    expect((await maya('POST', `${mine}/reopen`)).body).toMatchObject({ code: 'Conflict.IncompatibleIndexStatus' })
    expect((await maya('DELETE', mine)).body).toMatchObject({ acknowledged: true })
    expect((await maya('GET', `${mine}/search?q=*`)).status).toBe(409)
    expect((await maya('DELETE', mine)).status).toBe(409)
    expect((await maya('GET', mine)).body['status']).toBe('delete_pending')
    expect((await maya('POST', `${mine}/reopen`)).status).toBe(200)
    expect((await maya('GET', `${mine}/search?q=*`)).status).toBe(200)
  })

  it('can be owned three times without a subscription', async () => {
    const maya = await as(people.maya)
    for (let i = 0; i < 3; i += 1) await makeIndex(maya)
    const { status, body } = await maya('POST', '/v1/index', { display_name: 'Fourth', description: '' })
    expect([status, body['code']]).toEqual([409, 'Conflict.LimitExceeded'])
  })

  it('keeps its last owner', async () => {
    const maya = await as(people.maya)
    const mine = await makeIndex(maya)
    const [owner] = listIn((await maya('GET', `${mine}/role_list`)).body['role_list'])
    expect((await maya('DELETE', `${mine}/role/${String(owner?.['id'])}`)).status).toBe(409)
    const role = { role_name: 'owner', principal: `urn:globus:auth:identity:${people.zoe}` }
    expect((await maya('POST', `${mine}/role`, role)).body).toMatchObject({ ...role, principal_type: 'identity' })
    expect((await maya('POST', `${mine}/role`, role)).status).toBe(409)
    expect((await maya('DELETE', `${mine}/role/${String(owner?.['id'])}`)).body).toMatchObject({ success: true })
    expect((await maya('GET', `${mine}/role_list`)).status).toBe(403)
  })
})

describe('who may do what with an index', () => {
  type Row = readonly [method: string, path: string, body: unknown, statuses: readonly number[]]
  const principal = `urn:globus:auth:identity:${people.ingrid}`
  const one = { ingest_type: 'GMetaEntry', ingest_data: { subject: 's', visible_to: ['public'], content: {} } }
  // Its owner Maya, Zoë as a writer, Sam, and nobody.
  const rows: readonly Row[] = [
    ['GET', path, undefined, [200, 200, 200, 200]],
    ['GET', `${path}/search?q=*`, undefined, [200, 200, 200, 200]],
    ['POST', `${path}/scroll`, { q: '*' }, [200, 200, 200, 200]],
    ['GET', '/v1/index_list', undefined, [200, 200, 200, 401]],
    ['POST', '/v1/index', { display_name: 'x', description: '' }, [200, 200, 200, 401]],
    ['POST', `${path}/search`, { q: '*', bypass_visible_to: true }, [200, 403, 403, 403]],
    ['POST', `${path}/ingest`, one, [200, 200, 403, 401]],
    ['POST', `${path}/delete_by_query`, { q: 'nonesuch' }, [200, 200, 403, 401]],
    ['POST', `${path}/batch_delete_by_subject`, { subjects: [] }, [200, 200, 403, 401]],
    ['DELETE', `${path}/subject?subject=s`, undefined, [200, 200, 403, 401]],
    ['GET', `/v1/task_list/${harbour}`, undefined, [200, 200, 403, 401]],
    ['PATCH', path, { description: 'x' }, [200, 403, 403, 401]],
    ['GET', `${path}/role_list`, undefined, [200, 403, 403, 401]],
    ['POST', `${path}/role`, { role_name: 'writer', principal }, [200, 403, 403, 401]],
    ['DELETE', path, undefined, [200, 403, 403, 401]],
    ['GET', '/v1/index/00000000-0000-4000-8000-000000000000/search?q=*', undefined, [404, 404, 404, 404]],
  ]
  it.each(rows)('%s %s %j answers %j', async (method, at, body, statuses) => {
    const found = []
    for (const person of [people.maya, people.zoe, people.sam, undefined]) {
      const emulator = createServices()
      const writer = {
        id: 'r',
        index: harbour,
        role: 'writer',
        principal: `urn:globus:auth:identity:${people.zoe}`,
        createdAt: 0,
      } as const
      emulator.world.searchIndexes.addRole(writer)
      const caller = person === undefined ? nobody(emulator) : await as(person, emulator)
      found.push((await caller(method, at, body)).status)
    }
    expect(found).toEqual(statuses)
  })

  it('takes narrow scopes for what they are for', async () => {
    const emulator = createServices()
    const [searcher, ingester] = [
      await callerFor(emulator, people.maya, scopes.searchOnly),
      await callerFor(emulator, people.maya, scopes.ingestOnly),
    ]
    expect((await searcher('GET', `${path}/search?q=preliminary`)).body['total']).toBe(12)
    expect((await searcher('POST', `${path}/ingest`, one)).status).toBe(403)
    expect((await ingester('POST', `${path}/ingest`, one)).status).toBe(200)
    expect((await ingester('GET', `${path}/role_list`)).status).toBe(403)
    expect((await (await callerFor(emulator, people.maya, scopes.groups))('GET', `${path}/search?q=*`)).status).toBe(
      401,
    )
  })

  it('lists the indexes on which somebody has one of the roles', async () => {
    const maya = await as(people.maya)
    expect(listIn((await maya('GET', '/v1/index_list')).body['index_list'])).toMatchObject([
      { id: harbour, permissions: ['owner'] },
    ])
    expect((await maya('GET', '/v1/index_list?filter_roles=writer,admin')).body['index_list']).toEqual([])
    expect((await maya('GET', '/v1/index_list?filter_roles=king')).status).toBe(400)
  })
})
