import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, enable, plant, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import type { Seen, Visitor } from './support/visitor.ts'

const { tidalSurveyArchive: archive } = collections
const million = 1_000_000

const nested = (depth: number, inside: string): string => `${'['.repeat(depth)}${inside}${']'.repeat(depth)}`

/** Each of these once kept the portal busy for longer than a minute, or took all of its memory. */
const files: Readonly<Record<string, string>> = {
  'wide.csv': `${','.repeat(million / 2)}\n${'a\n'.repeat(million / 4)}`,
  'columns.csv': `${'name,'.repeat(300)}\n${`${'1,'.repeat(300)}\n`.repeat(5)}`,
  'digits.csv': `depth\n${`${'1'.repeat(60_000)}x\n`.repeat(15)}`,
  'quotes.csv': `a,b\n${'"'.repeat(million)}`,
  'deep.json': nested(1000, `1${',1'.repeat(400_000)}`),
  'deeper.json': nested(500_000, ''),
  'members.json': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  'stars.md': '*a'.repeat(50_000),
  'quotes.md': '>'.repeat(100_000),
  'lists.md': '1. '.repeat(33_000),
  'names.md': '[a]: <'.repeat(16_000),
  'line.txt': 'a'.repeat(million),
  'text.html': '<script>alert(1)</script>'.repeat(40_000),
  'broken.txt': '\ud800 and \ufffd '.repeat(50_000),
}

describe('a file that was made to keep the portal busy', () => {
  let setting: Setting
  let maya: Visitor
  beforeAll(async () => {
    setting = await startSetting()
    plant(setting, archive, files)
    maya = await visitAs(setting, 'Maya Okafor')
    await enable(maya, archive)
  })
  afterAll(() => setting[Symbol.asyncDispose]())
  const preview = (name: string): Promise<Seen> =>
    maya.open(`/collections/${archive}/preview?${new URLSearchParams({ path: `/${name}` })}`)

  it.each(Object.keys(files))(
    'SEC-103 SEC-109 is shown in a moment, and as a page of bounded size: %s',
    async (name) => {
      const page = await preview(name)
      expect(page.status).toBe(200)
      expect(page.body.length).toBeLessThan(9 * million)
      expect(page.body).not.toContain('<script>alert')
    },
  )

  it('SEC-109 of Markdown that no reader could follow is shown as it was written', async () => {
    expect((await preview('stars.md')).body).toContain('<pre class="prose">*a*a*a')
  })

  it('of a table with more columns than a page holds shows the first of them', async () => {
    const { body } = await preview('columns.csv')
    expect([body.match(/<th scope="col">/g)?.length, body.match(/<td>/g)?.length]).toEqual([200, 1000])
  })

  it('of JSON that would be mostly blanks is shown as it was written', async () => {
    expect((await preview('deep.json')).text).toContain(`${'['.repeat(1000)}1,1,1`)
  })
})

describe('a record that was made to keep the portal busy', () => {
  const search = `search: { index: ${demo.searchIndexes.harbourData}, title: Data, facets: [{ field: year, title: Year }], fields: [{ field: list, title: List }] }`
  const record = (content: string): string => `{"subject":"s","entries":[{"content":${content}}]}`

  it.each([
    ['deep lists', `{"title":${nested(100_000, '1')},"list":${nested(100_000, '1')}}`],
    ['long lists in depth', `{"title":"t","list":${nested(1500, `1${',1'.repeat(100_000)}`)}}`],
    [
      'members of a million names',
      `{"title":"t",${Array.from({ length: 20_000 }, (_, n) => `"n${n}":${n}`).join(',')}}`,
    ],
  ])('SEC-109 does not take the page of results or its own with it: %s', async (_, content) => {
    await using setting = await startSetting({ yaml: search })
    const visitor = setting.visitor()
    const body = `{"gmeta":[${record(content)},${record('{"title":"An honest record"}')}],"total":2,"facet_results":[{"name":"year","buckets":[{"value":null},{"count":"<b>"},7]}]}`
    const headers = { 'content-type': 'application/json' }
    setting.emulator.faults.add({ endpoint: 'search', fault: { kind: 'answer', status: 200, body, headers }, times: 1 })
    const results = await visitor.open('/search')
    expect([results.status, results.text.includes('2 records')]).toEqual([200, true])
    setting.emulator.faults.clear()
    const own = { kind: 'answer', status: 200, body: record(content), headers } as const
    setting.emulator.faults.add({ endpoint: 'search', fault: own, times: 1 })
    const page = await visitor.open('/search/record?subject=s')
    expect(page.status).toBe(200)
    expect(page.body.length).toBeLessThan(9 * million)
  })
})
