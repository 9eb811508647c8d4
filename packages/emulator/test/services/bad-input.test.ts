import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEmulator, demo, type Emulator } from '../../src/index.ts'
import { callerFor, scopes } from './support.ts'

vi.setConfig({ testTimeout: 300_000 })

const { groups, people } = demo
const index = demo.searchIndexes.harbourData
const RUNS = { numRuns: 500 }
const lines: string[] = []

let emulator: Emulator
let tokens: Record<'groups' | 'search' | 'none', string>

beforeAll(async () => {
  emulator = createEmulator({ log: (line) => lines.push(line) })
  const tokenFor = async (scope: string): Promise<string> =>
    (await emulator.issueTokens({ client: demo.clients.portal, identity: people.maya, scopes: scope })).access_token
  tokens = { groups: await tokenFor(scopes.groups), search: await tokenFor(scopes.search), none: 'nonsense' }
})

afterAll(() => emulator.close())

const known = fc.constantFrom(groups.tideCrew, groups.portalUsers, people.maya, people.sam, index, 'station', '2021')

const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '\0',
    '../..',
    "' OR 1=1 --",
    '<script>',
    '%00',
    'x'.repeat(5000),
    '__proto__',
    'constructor',
    '*',
  ),
  fc.constantFrom('"', '(a', 'a:b:c', 'a AND', '[1 TO', '\\', '*a*a*a*a*a*a*a*a*b', '-', '+', 'NaN', '1e999'),
  known,
)

const keyNames = [
  'name description parent_id policies group_visibility signup_fields add invite identity_id role allow_add q',
  'advanced filters facets sort type field_name values from to size ingest_type ingest_data',
  'gmeta subject visible_to content principal role_name subjects marker limit offset filter histogram_range',
  'date_interval @version boosts principal_sets',
]

const keys = fc.constantFrom(...keyNames.flatMap((line) => line.split(' ')))

const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    fc.oneof(nasty, fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('document'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(keys, nasty), tie('document'), { maxKeys: 5 }),
  ),
}))

/** A query that is nearly right. */
const query = fc.record(
  {
    q: nasty,
    advanced: fc.boolean(),
    limit: fc.oneof(fc.integer({ min: 0, max: 20 }), document),
    filters: fc.array(
      fc.record({
        type: fc.constantFrom('match_all', 'match_any', 'range', 'exists', 'like', 'not', 'and', 'geo_bounding_box'),
        field_name: nasty,
        values: fc.array(fc.oneof(nasty, document), { maxLength: 3 }),
        value: nasty,
        filter: fc.constant({ type: 'exists', field_name: 'a' }),
        filters: fc.constant([]),
      }),
      { maxLength: 3 },
    ),
    facets: fc.array(
      fc.record({
        type: fc.constantFrom('terms', 'sum', 'avg', 'date_histogram', 'numeric_histogram', 'distinct_count'),
        field_name: nasty,
        size: fc.oneof(fc.integer(), document),
        date_interval: fc.constantFrom('year', 'week', 'quarter'),
        histogram_range: fc.oneof(document, fc.record({ low: fc.double(), high: fc.double() })),
      }),
      { maxLength: 3 },
    ),
    sort: fc.array(fc.record({ field_name: nasty, order: fc.constantFrom('asc', 'desc', 'up') }), { maxLength: 2 }),
  },
  { requiredKeys: [] },
)

/** Memberships that are nearly right. */
const actions = fc.dictionary(
  fc.constantFrom(
    'add',
    'invite',
    'approve',
    'reject',
    'remove',
    'change_role',
    'join',
    'leave',
    'accept',
    'decline',
    'request_join',
  ),
  fc.array(
    fc.record({
      identity_id: fc.oneof(known, fc.uuid(), nasty),
      role: fc.constantFrom('member', 'admin', 'king', null),
    }),
    { maxLength: 3 },
  ),
)

const segment = fc.oneof(known, known, nasty).map((text) => encodeURIComponent(text.toWellFormed()))
const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE')

interface Sent {
  readonly method: string
  readonly path: string
  readonly token: string
  readonly body: BodyInit
}

/** Sends it and gives the status; every answer must be JSON. */
async function send({ method: verb, path, token, body }: Sent): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  const init = verb === 'GET' ? { headers } : { method: verb, headers, body }
  const response = await emulator.fetch(new Request(emulator.origin + path, init))
  const answer: unknown = await response.json()
  expect(answer === null).toBe(false)
  return response.status
}

const groupsPath = fc
  .tuple(
    segment,
    fc.constantFrom('', '', '/policies', '/membership_fields', '/children', '/subscription_admin_verified'),
  )
  .map(([id, rest]) => `/v2/groups/${id}${rest}`)

const pathOfGroups = fc.oneof(
  groupsPath,
  fc.constantFrom('/v2/groups', '/v2/preferences', '/v2/groups/my_groups', '/v2/groups/statuses'),
  segment.map((id) => `/v2/subscription_info/${id}`),
)

const pathOfSearch = fc.oneof(
  fc
    .tuple(
      fc.oneof(fc.constant(index), segment),
      fc.constantFrom('', '/search', '/scroll', '/subject', '/entry', '/ingest'),
    )
    .map(([id, rest]) => `/v1/index/${id}${rest}`),
  fc
    .tuple(
      segment,
      fc.constantFrom('/delete_by_query', '/batch_delete_by_subject', '/role', '/role_list', '/reopen', '/role/x'),
    )
    .map(([id, rest]) => `/v1/index/${id}${rest}`),
  fc.constantFrom('/v1/index', '/v1/index_list'),
  segment.map((id) => `/v1/task/${id}`),
  segment.map((id) => `/v1/task_list/${id}`),
)

const parameters = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'statuses',
        'include',
        'q',
        'limit',
        'offset',
        'subject',
        'advanced',
        'filter_roles',
        'entry_id',
        'bypass_visible_to',
      ),
      nasty,
    ),
    { maxLength: 3 },
  )
  .map((pairs) => `?${new URLSearchParams(pairs).toString()}`)

/** 501 is for what does not exist, such as a PATCH of a group. */
const isAnswer = (status: number): boolean => status < 500 || status === 501

const families = [
  ['Groups', pathOfGroups, fc.oneof(document, actions, actions), 'groups'],
  ['Search', pathOfSearch, fc.oneof(document, query, query), 'search'],
] as const

for (const [name, path, body, token] of families) {
  test(`${name} answers documents and queries of any shape with JSON`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(method, path, parameters, fc.constantFrom(token, token, token, 'none' as const)),
        body,
        async ([verb, at, given, kind], sent) => {
          const status = await send({ method: verb, path: at + given, token: tokens[kind], body: JSON.stringify(sent) })
          expect(isAnswer(status)).toBe(true)
        },
      ),
      RUNS,
    )
  })

  test(`${name} answers bodies of any bytes with JSON`, async () => {
    const at = name === 'Groups' ? '/v2/groups' : `/v1/index/${index}/ingest`
    const expected = name === 'Groups' ? 422 : 400
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const sent = { method: 'POST', path: at, token: tokens[token], body: Buffer.from(bytes) }
        expect(await send(sent)).toBe(expected)
      }),
      RUNS,
    )
  })
}

test('queries of any shape to Harbour Data are answered or refused', async () => {
  const path = `/v1/index/${index}/search`
  await fc.assert(
    fc.asyncProperty(query, async (sent) => {
      // Earlier cases may have marked the index for deletion.
      emulator.world.searchIndexes.put({ ...requireIndex(), status: 'open' })
      const status = await send({ method: 'POST', path, token: tokens.search, body: JSON.stringify(sent) })
      expect([200, 400]).toContain(status)
    }),
    RUNS,
  )
})

const requireIndex = (): NonNullable<ReturnType<Emulator['world']['searchIndexes']['find']>> => {
  const found = emulator.world.searchIndexes.find(index)
  if (found === undefined) throw new Error('The index is gone')
  return found
}

test('a document that is too deep or too large is refused', async () => {
  const maya = await callerFor(emulator, people.maya, scopes.search)
  const deep = {
    filters: [
      Array.from({ length: 200 }).reduce<object>((filter) => ({ type: 'not', filter }), {
        type: 'exists',
        field_name: 'a',
      }),
    ],
  }
  expect((await maya('POST', `/v1/index/${index}/search`, deep)).status).toBe(400)
  const large = {
    ingest_type: 'GMetaEntry',
    ingest_data: { subject: 'a', visible_to: ['public'], content: { a: 'x'.repeat(10_500_000) } },
  }
  expect((await maya('POST', `/v1/index/${index}/ingest`, large)).status).toBe(400)
})

test('none of this was a defect', () => {
  expect(lines.length).toBeGreaterThan(2000)
  expect(lines.filter((line) => line.includes('defect'))).toEqual([])
})
