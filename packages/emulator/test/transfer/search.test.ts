import { expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { createTransferRig } from './support.ts'

const { collections: c, people } = demo

type Case = readonly [who: keyof typeof people, query: Record<string, string>, expected: readonly string[]]

const cases: readonly Case[] = [
  ['maya', { filter_fulltext: 'tide' }, ['tidalSurveyArchive', 'tidalSurveyPublic', 'tideCrewWorkspace']],
  ['sam', { filter_fulltext: 'tide' }, ['tidalSurveyArchive', 'tidalSurveyPublic']],
  ['zoe', { filter_fulltext: 'crew tide' }, ['tideCrewWorkspace']],
  ['sam', { filter_fulltext: 'crew tide' }, []],
  ['sam', { filter_fulltext: 'TUTORIAL!' }, ['tutorial1', 'tutorial2']],
  ['maya', { filter_fulltext: 'imag' }, ['hospitalImaging']],
  ['maya', { filter_scope: 'my-gcp-endpoints' }, ['mayasLaptop']],
  ['sam', { filter_scope: 'my-endpoints' }, ['samsLaptop']],
  ['ingrid', { filter_scope: 'administered-by-me' }, ['hospitalServer', 'hospitalImaging']],
  ['zoe', { filter_scope: 'shared-with-me' }, ['tideCrewWorkspace']],
  ['sam', { filter_scope: 'shared-with-me' }, []],
  ['sam', { filter_scope: 'shared-by-me' }, []],
  ['sam', { filter_scope: 'in-use' }, []],
  ['sam', { filter_scope: 'recently-used' }, []],
  ['maya', { filter_owner_id: people.ingrid }, ['hospitalServer', 'hospitalImaging']],
  ['maya', { filter_scope: 'my-endpoints', filter_non_functional: '1' }, ['harbourServer']],
  ['ingrid', { filter_scope: 'my-endpoints', filter_entity_type: 'GCSv5_mapped_collection' }, ['hospitalImaging']],
]

it.each(cases)('%s searches %j and finds %j', async (who, query, expected) => {
  const rig = createTransferRig()
  const person = await rig.as(people[who])
  const { status, data } = await person.get('/v0.10/endpoint_search', query)
  const ids: Readonly<Record<string, string | readonly string[]>> = c
  expect(status).toBe(200)
  expect(new Set(data.map(({ id }) => id))).toEqual(new Set(expected.map((name) => ids[name])))
})

it.each([
  [{}, 'filter_fulltext is required'],
  [{ filter_scope: 'everything' }, 'Invalid filter_scope'],
  [{ filter_scope: 'my-endpoints', filter_owner_id: people.maya }, 'cannot be used'],
  [{ filter_fulltext: 'a', filter_non_functional: '0', filter_entity_type: 'GCSv5_endpoint' }, 'cannot be used'],
  [{ filter_fulltext: 'a', filter_entity_type: 'GCSv6' }, 'Invalid filter_entity_type'],
  [{ filter_fulltext: 'a', limit: 'many' }, 'limit must be a number'],
])('refuses %j', async (query, message) => {
  const rig = createTransferRig()
  const maya = await rig.as(people.maya)
  const { status, body } = await maya.get('/v0.10/endpoint_search', query)
  expect([status, body['code']]).toEqual([400, 'BadRequest'])
  expect(body['message']).toContain(message)
})

it('pages through many collections without a gap or a repetition', async () => {
  const rig = createTransferRig()
  const maya = await rig.as(people.maya)
  const seen: unknown[] = []
  for (let offset = 0, more = true; more;) {
    const { body, data } = await maya.get('/v0.10/endpoint_search', {
      filter_scope: 'my-endpoints',
      limit: '70',
      offset: String(offset),
    })
    seen.push(...data.map(({ id }) => id))
    offset += data.length
    more = body['has_next_page'] === true
  }
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen).toEqual(expect.arrayContaining(Array.from(c.small)))
})

it('remembers what a person used, newest first', async () => {
  const rig = createTransferRig()
  const maya = await rig.as(people.maya)
  await maya.transfer({
    source_endpoint: c.oddNames,
    destination_endpoint: c.tenThousandBuoys,
    DATA: [{ DATA_TYPE: 'transfer_item', source_path: '/none', destination_path: '/none' }],
  })
  const find = async (scope: string): Promise<unknown[]> =>
    (await maya.get('/v0.10/endpoint_search', { filter_scope: scope })).data.map(({ id }) => id)
  expect(await find('recently-used')).toEqual([c.oddNames, c.tenThousandBuoys])
  expect(new Set(await find('in-use'))).toEqual(new Set([c.oddNames, c.tenThousandBuoys]))
})
