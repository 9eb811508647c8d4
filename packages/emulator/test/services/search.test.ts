import { describe, expect, it } from 'vitest'
import { demo, type Emulator } from '../../src/index.ts'
import { callerFor, callerWith, createServices, listIn, objectIn, scopes, type Caller, type Json } from './support.ts'

const { groups, people } = demo
const harbour = demo.searchIndexes.harbourData
const path = `/v1/index/${harbour}`

const subjects = (body: Json): unknown[] => listIn(body['gmeta']).map(({ subject }) => subject)
const contentOf = (hit: Json | undefined): Json => objectIn(listIn(hit?.['entries'])[0]?.['content'])
const contents = (body: Json): Json[] => listIn(body['gmeta']).map(contentOf)

const post = async (caller: Caller, document: Json): Promise<Json> => {
  const { status, body } = await caller('POST', `${path}/search`, document)
  expect([status, body['message']]).toEqual([200, undefined])
  return body
}

const facetsOf = (body: Json): Json[] => listIn(body['facet_results'])
const buckets = (facet: Json | undefined): unknown[] =>
  listIn(facet?.['buckets']).map(({ value, count }) => [value, count])

const nobody = (emulator: Emulator = createServices()): Caller => callerWith(emulator)
const as = (person: string, emulator: Emulator = createServices()): Promise<Caller> =>
  callerFor(emulator, person, scopes.search)

describe('the index of the demo world', () => {
  it('holds 240 records, of which 12 are for the Tide Crew', async () => {
    const emulator = createServices()
    const total = async (caller: Caller): Promise<unknown> => (await caller('GET', `${path}/search?q=*`)).body['total']
    expect(await total(nobody(emulator))).toBe(228)
    expect(await total(await as(people.sam, emulator))).toBe(228)
    expect(await total(await as(people.zoe, emulator))).toBe(240)
    const { body } = await nobody(emulator)('GET', path)
    expect(body).toMatchObject({ display_name: 'Harbour Data', num_entries: 240, is_trial: false, permissions: [] })
  })

  it('follows membership at once', async () => {
    const emulator = createServices()
    const zoe = await as(people.zoe, emulator)
    const maya = await callerFor(emulator, people.maya, scopes.groups)
    await maya('POST', `/v2/groups/${groups.tideCrew}`, { remove: [{ identity_id: people.zoe }] })
    expect((await zoe('GET', `${path}/search?q=preliminary`)).body['total']).toBe(0)
  })

  it('has the facets year, station and instrument', async () => {
    const facets = ['year', 'station', 'instrument'].map((name) => ({
      name,
      field_name: name,
      type: 'terms',
      size: 20,
    }))
    const body = await post(await as(people.maya), { q: '*', facets, limit: 0 })
    expect(facetsOf(body).map((facet) => [facet['name'], listIn(facet['buckets']).length])).toEqual([
      ['year', 5],
      ['station', 12],
      ['instrument', 4],
    ])
    expect(buckets(facetsOf(body)[0])).toContainEqual(['2025', 48])
    expect(buckets(facetsOf(body)[1])).toContainEqual(['Bell Buoy', 20])
  })
})

describe('a search', () => {
  it('answers in the shape of Search, ten results at a time', async () => {
    const { body } = await nobody()('GET', `${path}/search?q=northmole`)
    expect(body).toMatchObject({ '@datatype': 'GSearchResult', count: 10, offset: 0, total: 19, has_next_page: true })
    expect(listIn(body['gmeta'])[0]).toMatchObject({
      '@datatype': 'GMetaResult',
      '@version': '2019-08-27',
      entries: [{ entry_id: null, matched_principal_sets: [], content: { station: 'Northmole' } }],
    })
    const old = await nobody()('GET', `${path}/search?q=northmole&limit=1&result_format_version=2017-09-01`)
    expect(listIn(old.body['gmeta'])[0]).toMatchObject({
      '@version': '2017-09-01',
      content: [{ station: 'Northmole' }],
    })
  })

  it('pages to the end without a gap or a repetition', async () => {
    const caller = nobody()
    const seen: unknown[] = []
    for (let more = true; more;) {
      const { body } = await caller('GET', `${path}/search?q=*&limit=50&offset=${seen.length}`)
      seen.push(...subjects(body))
      more = body['has_next_page'] === true
    }
    expect(new Set(seen).size).toBe(228)
    expect(seen).toHaveLength(228)
  })

  const simple: [q: string, total: number][] = [
    ['*', 228],
    ['NORTHMOLE', 19],
    ['northmole southmole', 38],
    ['+northmole +2021', 4],
    ['northmole -2021', 15],
    ['"old quay"', 19],
    ['"quay old"', 0],
    ['north*', 19],
    ['nonesuch', 0],
    ['"', 0],
    ['(((', 0],
  ]
  it.each(simple)('for %j finds %i', async (q, total) => {
    expect(await post(nobody(), { q })).toMatchObject({ total })
  })

  const advanced: [q: string, total: number][] = [
    ['station:northmole', 19],
    ['station:"Old Quay" AND year:2021', 4],
    ['station:northmole OR station:"Bell Buoy"', 38],
    ['station:(northmole OR "Bell Buoy") AND NOT year:2021', 30],
    ['year:[2021 TO 2022]', 96],
    ['year:{2021 TO 2023}', 48],
    ['year:>=2024', 84],
    ['-station:northmole', 209],
    ['station:n?rthm*', 19],
    ['location.lat:[54 TO 54.005]', 19],
    ['_exists_:nonesuch', 0],
    ['title:tides^2', 228],
  ]
  it.each(advanced)('with advanced syntax for %j finds %i', async (q, total) => {
    expect(await post(nobody(), { q, advanced: true })).toMatchObject({ total })
  })

  it.each(['station:', '(a', 'a)', '"a', 'AND', 'a AND', '/reg.*/', '[1 TO 2]', '('.repeat(100)])(
    'refuses %j as advanced syntax, and takes it as a simple query',
    async (q) => {
      const caller = nobody()
      expect((await caller('POST', `${path}/search`, { q, advanced: true })).status).toBe(400)
      expect((await caller('POST', `${path}/search`, { q })).status).toBe(200)
    },
  )

  const filters: [filter: Json, total: number][] = [
    [{ type: 'match_any', field_name: 'station', values: ['Northmole', 'Bell Buoy'] }, 38],
    [{ type: 'match_all', field_name: 'keywords', values: ['tide', 'released'] }, 228],
    [{ type: 'match_all', field_name: 'keywords', values: ['tide', 'preliminary'] }, 0],
    [{ type: 'match_any', field_name: 'year', values: ['2021', 2022] }, 96],
    [{ type: 'range', field_name: 'year', values: [{ from: 2021, to: 2022 }] }, 96],
    [{ type: 'range', field_name: 'year', values: [{ from: '*', to: 2021 }, { gt: 2024 }] }, 84],
    [{ type: 'range', field_name: 'date', values: [{ from: '2021-04-01', to: '2021-12-31' }] }, 36],
    [{ type: 'range', field_name: 'date', values: [{ from: '2021', to: '2021' }] }, 48],
    [{ type: 'range', field_name: 'date', values: [{ gte: '2021-01-01 00:00:00', lt: '2022-01-01 00:00:00' }] }, 48],
    [{ type: 'exists', field_name: 'location.lat' }, 228],
    [{ type: 'exists', field_name: 'location\\.lat' }, 0],
    [{ type: 'like', field_name: 'station', value: '*mole' }, 38],
    [{ type: 'not', filter: { type: 'match_any', field_name: 'station', values: ['Northmole'] } }, 209],
    [
      {
        type: 'or',
        filters: [
          { type: 'match_any', field_name: 'year', values: [2021] },
          { type: 'match_any', field_name: 'year', values: [2022] },
        ],
      },
      96,
    ],
    [
      {
        type: 'and',
        filters: [
          { type: 'match_any', field_name: 'year', values: [2021] },
          { type: 'match_any', field_name: 'year', values: [2022] },
        ],
      },
      0,
    ],
    [
      {
        type: 'geo_bounding_box',
        field_name: 'location',
        top_left: { lat: 54.005, lon: 7 },
        bottom_right: { lat: 53, lon: 9 },
      },
      19,
    ],
    [{ type: 'match_any', field_name: 'files.path', values: ['/stations/01/'] }, 19],
  ]
  it.each(filters)('with the filter %j finds %i', async (filter, total) => {
    expect(await post(nobody(), { filters: [filter] })).toMatchObject({ total })
  })

  it('counts facets before filters that come after them, in both versions of queries', async () => {
    const filter = { type: 'match_any', field_name: 'station', values: ['Northmole'] }
    const query = { q: '*', facets: [{ field_name: 'station', type: 'terms', size: 20 }], limit: 0 }
    const count = async (document: Json): Promise<unknown> =>
      buckets(facetsOf(await post(nobody(), { ...query, ...document }))[0]).length
    expect(await count({ filters: [filter] })).toBe(12)
    expect(await count({ filters: [{ ...filter, post_filter: false }] })).toBe(1)
    expect(await count({ filters: [{ ...filter, type: 'match_all' }] })).toBe(1)
    expect(await count({ '@version': 'query#1.0.0', filters: [filter] })).toBe(1)
    expect(await count({ '@version': 'query#1.0.0', post_facet_filters: [filter] })).toBe(12)
  })

  it('measures, and makes histograms of dates and numbers', async () => {
    const body = await post(nobody(), {
      q: '+northmole +2021',
      facets: [
        { name: 'sum', field_name: 'samples', type: 'sum' },
        { name: 'avg', field_name: 'samples', type: 'avg' },
        { name: 'months', field_name: 'date', type: 'date_histogram', date_interval: 'month' },
        { name: 'quarters', field_name: 'date', type: 'date_histogram', date_interval: 'quarter' },
        {
          name: 'samples',
          field_name: 'samples',
          type: 'numeric_histogram',
          size: 2,
          histogram_range: { low: 360, high: 366 },
        },
        { name: 'stations', field_name: 'station', type: 'distinct_count' },
      ],
    })
    const samples = contents(body).map((content) => Number(content['samples']))
    const sum = samples.reduce((total, one) => total + one, 0)
    expect(facetsOf(body).slice(0, 2)).toMatchObject([{ value: sum }, { value: sum / 4 }])
    const months = ['2021-01', '2021-04', '2021-07', '2021-10'].map((month) => [month, 1])
    expect([buckets(facetsOf(body)[2]), buckets(facetsOf(body)[3])]).toEqual([months, months])
    expect(buckets(facetsOf(body)[4])[0]).toEqual([{ from: 360, to: 363 }, samples.filter((one) => one < 363).length])
    expect(facetsOf(body)[5]).toMatchObject({ approximate_value: 1 })
  })

  it('sorts by fields, and without any puts the best answers first', async () => {
    const sort = [
      { field_name: 'year', order: 'asc' },
      { field_name: 'date', order: 'desc' },
    ]
    const sorted = contents(await post(nobody(), { q: 'northmole', sort, limit: 5 }))
    expect(sorted.map(({ date }) => date)).toEqual([
      '2021-10-01',
      '2021-07-01',
      '2021-04-01',
      '2021-01-01',
      '2022-10-01',
    ])
    const best = contents(await post(nobody(), { q: 'northmole acoustic', limit: 100 }))
    const isBoth = best.map(({ station, instrument }) => station === 'Northmole' && instrument === 'acoustic gauge')
    expect(isBoth.indexOf(false)).toBe(isBoth.filter(Boolean).length)
    const boosts = [{ field_name: 'instrument', factor: 100 }]
    expect(contents(await post(nobody(), { q: 'northmole acoustic', boosts, limit: 1 }))[0]).toMatchObject({
      instrument: 'acoustic gauge',
    })
  })

  it.each([
    [{}, 'q is required'],
    [{ q: 'a', limit: 10_001 }, 'limit'],
    [{ q: 'a', offset: -1 }, 'offset'],
    [{ q: 'a', filters: [{ type: 'near', field_name: 'a' }] }, 'filters.0'],
    [
      {
        q: 'a',
        facets: [
          { type: 'terms', field_name: 'a' },
          { type: 'terms', field_name: 'a' },
        ],
      },
      'names of their own',
    ],
  ])('refuses %j', async (document, message) => {
    const { status, body } = await nobody()('POST', `${path}/search`, document)
    expect([status, body['code']]).toEqual([400, 'BadRequest.ValidationError'])
    expect(body['message']).toContain(message)
    expect(body).toMatchObject({ '@datatype': 'GError', status: 400 })
    expect(body['request_id']).toMatch(/^\w{32}$/)
  })

  it('says what it does not imitate', async () => {
    const filters = [{ type: 'geo_shape', field_name: 'a', shape: {} }]
    const { status, body } = await nobody()('POST', `${path}/search`, { filters })
    expect([status, body['message']]).toEqual([501, 'The local emulator does not imitate filters of type geo_shape'])
  })
})

describe('subjects and entries', () => {
  it('are shown to those who may see them', async () => {
    const emulator = createServices()
    const [maya, sam] = [await as(people.maya, emulator), await as(people.sam, emulator)]
    const hidden = String(subjects((await maya('GET', `${path}/search?q=preliminary&limit=1`)).body)[0])
    const query = new URLSearchParams({ subject: hidden }).toString()
    expect((await maya('GET', `${path}/subject?${query}`)).body).toMatchObject({
      subject: hidden,
      entries: [{ entry_id: null }],
    })
    for (const kind of ['subject', 'entry']) {
      expect((await sam('GET', `${path}/${kind}?${query}`)).status).toBe(404)
      expect((await nobody(emulator)('GET', `${path}/${kind}?${query}`)).status).toBe(404)
      expect((await sam('GET', `${path}/${kind}?${query}&bypass_visible_to=true`)).status).toBe(403)
      expect((await maya('GET', `${path}/${kind}?${query}&bypass_visible_to=true`)).status).toBe(200)
    }
    expect((await maya('GET', `${path}/subject`)).status).toBe(400)
  })

  it('can be scrolled through to the end', async () => {
    const caller = nobody()
    const seen: unknown[] = []
    let marker: unknown = undefined
    do {
      const { body } = await caller('POST', `${path}/scroll`, {
        q: '*',
        limit: 100,
        ...(marker === undefined ? {} : { marker }),
      })
      seen.push(...subjects(body))
      marker = body['marker']
    } while (marker !== null)
    expect([seen.length, new Set(seen).size]).toEqual([228, 228])
    expect((await caller('POST', `${path}/scroll`, { q: '*', marker: 'x' })).status).toBe(400)
  })
})
