import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, startSetting, type Setting } from './support/setting.ts'
import { attribute, linksOf, type Visitor } from './support/visitor.ts'

const yaml = `
search:
  index: ${demo.searchIndexes.harbourData}
  title: Harbour Data
  facets: [{ field: year, title: Year }, { field: station, title: Station }]
  fields: [{ field: station, title: Station }, { field: location.lat, title: Latitude }]
`

/** What the results are, by their headings. */
const headings = (visitor: Visitor): string[] =>
  [...visitor.page.body.matchAll(/<h3>\s*<a [^>]*>([^<]*)<\/a>/g)].map(([, text = '']) => text)

/** Values and counts of one facet, chosen ones with a mark. */
function facet(visitor: Visitor, field: string): Record<string, string> {
  const labels = [...visitor.page.body.matchAll(/<label>([\s\S]*?)<\/label>/g)].map(([, label = '']) => label)
  const own = labels.filter((label) => attribute(label, 'name') === `in.${field}`)
  return Object.fromEntries(
    own.map((label) => {
      const count = />(\d+)<\/span>\s*$/.exec(label.trim())?.[1] ?? ''
      return [attribute(label, 'value') ?? '', label.includes('checked') ? `${count}*` : count]
    }),
  )
}

describe('the search', () => {
  let setting: Setting
  beforeAll(async () => void (setting = await startSetting({ yaml })))
  afterAll(() => setting[Symbol.asyncDispose]())

  const arrive = async (name: string): Promise<Visitor> => {
    const visitor = setting.visitor()
    await logIn(visitor, name)
    return visitor
  }

  it('shows everybody what is public, and more to those who may see more', async () => {
    const nobody = setting.visitor()
    expect((await nobody.open('/search')).text).toContain('228 records, shown: 1 to 20')
    expect((await (await arrive('Sam')).open('/search')).text).toContain('228 records')
    expect((await (await arrive('Zoë <b>Núñez</b>')).open('/search')).text).toContain('240 records')
  })

  it('keeps words, facets and page in the address, and counts each facet by what the others leave', async () => {
    const visitor = setting.visitor()
    await visitor.open('/search?q=tide&in.year=2024&in.year=2023&in.station=Bell+Buoy')
    expect(visitor.page.text).toContain('8 records')
    expect(headings(visitor)).toHaveLength(8)
    expect(headings(visitor).every((text) => /^Tides at Bell Buoy, quarter \d of 202[34]$/.test(text))).toBe(true)
    expect(facet(visitor, 'year')).toEqual({ '2021': '4', '2022': '4', '2023': '4*', '2024': '4*', '2025': '3' })
    expect(facet(visitor, 'station')).toMatchObject({ 'Bell Buoy': '8*', 'Old Quay': '8' })
    await visitor.open(linksOf(visitor.page.body).find(({ name }) => name.startsWith('Year: 2023'))?.href ?? '')
    expect([...visitor.page.url.searchParams]).toEqual([
      ['q', 'tide'],
      ['in.station', 'Bell Buoy'],
      ['in.year', '2024'],
    ])
    expect(visitor.page.text).toContain('4 records')
    await visitor.follow('Remove all')
    expect(visitor.page.url.search).toBe('?q=tide')
  })

  it('pages through everything once, and says where one is', async () => {
    const visitor = setting.visitor()
    const found: string[] = []
    await visitor.open('/search')
    for (;;) {
      found.push(...headings(visitor))
      if (!linksOf(visitor.page.body).some(({ name }) => name === 'Next')) break
      await visitor.follow('Next')
    }
    expect(visitor.page.text).toContain('Page 12 of 12')
    expect(visitor.page.text).toContain('228 records, shown: 221 to 228')
    expect(new Set(found).size).toBe(228)
  })

  it('helps where nothing is found, and where an address is nonsense', async () => {
    const visitor = setting.visitor()
    await visitor.open('/search?q=%3Cscript%3E')
    expect(visitor.page.text).toContain('Nothing matches “<script>”.')
    expect(visitor.page.body).not.toContain('<script>')
    expect(visitor.page.text).toContain('Some records are shown only to people who are logged in.')
    expect(visitor.page.body).not.toContain('<fieldset')
    await visitor.follow('Log in and search again')
    await visitor.press('Zoë <b>Núñez</b>')
    if (visitor.page.url.pathname === '/p/consent') await visitor.press('Allow')
    expect(visitor.page.url.search).toBe('?q=%3Cscript%3E')
    for (const query of ['page=-1', 'page=1e9', 'page=x', 'in.__proto__=1', 'in.year=', `q=${'a'.repeat(5000)}`])
      expect([query.slice(0, 20), (await visitor.open(`/search?${query}`)).status]).toEqual([query.slice(0, 20), 200])
  })

  it('shows a record on a page of its own, and says nothing of those that one may not see', async () => {
    const zoe = await arrive('Zoë <b>Núñez</b>')
    await zoe.open('/search?q=preliminary&in.station=Old+Quay')
    await zoe.follow('Tides at Old Quay, quarter 4 of 2025')
    expect(zoe.page.text).toContain('Latitude: 54.03')
    expect(zoe.page.text).toContain('keywords: tide, sea level, preliminary')
    const files = linksOf(zoe.page.body).find(({ name }) => name === 'Open in Files')?.href
    expect(files).toMatch(
      new RegExp(`^/collections/${demo.collections.tideCrewWorkspace}/files\\?path=%2Fdrafts%2Fstations%2F04%2F`),
    )
    const address = zoe.page.url.pathname + zoe.page.url.search
    for (const visitor of [setting.visitor(), await arrive('Sam')]) {
      const hidden = await visitor.open(address)
      expect([hidden.status, hidden.text.includes('Old Quay')]).toEqual([404, false])
    }
    for (const query of ['', '?subject=', '?subject=nothing'])
      expect((await zoe.open(`/search/record${query}`)).status).toBe(404)
  })

  it('says so when the service does not answer', async () => {
    const visitor = setting.visitor()
    setting.emulator.faults.add({ endpoint: 'search', fault: { kind: 'answer', status: 400 }, times: 1 })
    const refused = await visitor.open('/search?q=x')
    expect([refused.status, refused.text.includes('This search was not understood')]).toEqual([400, true])
  })
})

it('a portal without a search has no page for it, nor has one for files only', async () => {
  await using without = await startSetting()
  expect((await without.visitor().open('/search')).status).toBe(404)
  await using files = await startSetting({ yaml: `mode: browser\n${yaml}` })
  for (const path of ['/search', '/data']) expect((await files.visitor().open(path)).status).toBe(404)
})
