import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, namesOn, openAllowing, plant, previewsOn, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import { linksOf } from './support/visitor.ts'

const hostile = [
  '<script>alert(1)',
  '"><img src=x onerror=alert(1)>',
  'new\nline',
  '50%2F50.txt',
  "a'b&c;d",
  'Zoë',
  'x..%2f',
  '--',
]
const {
  hospitalImaging: hospital,
  oddNames,
  samsLaptop,
  tidalSurveyArchive: archive,
  tidalSurveyPublic: survey,
  tideCrewWorkspace: crew,
} = collections

describe('the files of a collection', () => {
  let setting: Setting
  beforeAll(async () => {
    setting = await startSetting()
    plant(setting, archive, {
      'README.md': '# Tides',
      '.hidden': 'x',
      'stations/alder.csv': 'a',
      'stations/b.csv': 'longer',
    })
    plant(setting, oddNames, Object.fromEntries(hostile.map((name) => [name, name])))
    plant(setting, crew, { 'results/extremes.csv': 'x' })
    plant(setting, hospital, { 'study-001/report.txt': 'nothing found' })
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('lead a stranger to log in, through the consent for a mapped collection, and to the same folder', async () => {
    const visitor = setting.visitor()
    const address = `/collections/${archive}/files?sort=size&order=desc&path=%2Fstations%2F`
    await visitor.open(address)
    await visitor.press('Maya Okafor')
    await visitor.press('Allow')
    expect(visitor.page.url.pathname).toBe('/p/consent')
    await visitor.press('Allow')
    expect(visitor.page.url.pathname + visitor.page.url.search).toBe(address)
    expect(namesOn(visitor)).toEqual(['b.csv', 'alder.csv'])
    const seen = visitor.seen.length
    await visitor.open(`/collections/${archive}/files`)
    expect(visitor.seen.length).toBe(seen + 1)
  })

  it('show names as they are written, and each link leads to its own file', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    await maya.open(`/collections/${oddNames}/files`)
    expect(new Set(namesOn(maya))).toEqual(new Set(hostile))
    expect(maya.page.body).not.toMatch(/<script>|<img src=x/)
    const previews = previewsOn(maya)
    expect(new Set(previews.map(({ pathname }) => pathname))).toEqual(new Set([`/collections/${oddNames}/preview`]))
    const paths = previews.map(({ searchParams }) => searchParams.get('path'))
    expect(new Set(paths)).toEqual(new Set(hostile.map((name) => `/${name}`)))
  })

  it('hide names with a dot until they are asked for, and keep that in every link', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, `/collections/${archive}/files`)
    expect(namesOn(maya)).toEqual(['stations', 'README.md'])
    await maya.follow('Show hidden')
    expect(namesOn(maya)).toEqual(['stations', '.hidden', 'README.md'])
    await maya.follow('Folder stations')
    expect(maya.page.url.searchParams.get('hidden')).toBe('1')
    expect(namesOn(maya)).toEqual(['alder.csv', 'b.csv'])
    await maya.follow('↑ Up')
    expect(namesOn(maya)).toContain('.hidden')
  })

  it('are filtered by the address, whatever the words hold', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, `/collections/${archive}/files?filter=read`)
    expect(namesOn(maya)).toEqual(['README.md'])
    for (const filter of ['a,b', 'x:y', '=~!', '/', '<b>']) {
      const query = new URLSearchParams({ filter })
      expect([filter, (await maya.open(`/collections/${archive}/files?${query}`)).status]).toEqual([filter, 200])
      expect(maya.page.text).toContain(`No name here holds “${filter}”`)
    }
  })

  it('stand beside those of another collection, and each link changes its own side only', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, `/collections/${archive}/files?path=%2Fstations%2F`)
    await maya.follow('Open a second pane')
    await maya.follow('Tide Crew Workspace')
    await maya.follow('Folder results')
    const { searchParams } = maya.page.url
    expect(Object.fromEntries(searchParams)).toEqual({ other: crew, path: '/stations/', otherPath: '/results/' })
    expect(namesOn(maya)).toEqual(['alder.csv', 'b.csv', 'extremes.csv'])
    expect(maya.page.body).toContain(`name="destination" value="${crew}"`)
    expect(previewsOn(maya).map(({ pathname, searchParams }) => pathname + searchParams.get('path'))).toEqual([
      `/collections/${archive}/preview/stations/alder.csv`,
      `/collections/${archive}/preview/stations/b.csv`,
      `/collections/${crew}/preview/results/extremes.csv`,
    ])
    await maya.follow('Close the second pane')
    expect(namesOn(maya)).toEqual(['alder.csv', 'b.csv'])
  })

  it('stay where they are on the right while another collection is chosen on the left', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, `/collections/${archive}/files?path=%2Fstations%2F`)
    await maya.follow('Another collection')
    expect(maya.page.url.pathname).toBe('/collections')
    const beside = { other: crew, otherSort: 'size', otherPath: '/results/' }
    await openAllowing(maya, `/collections/${archive}/files?${new URLSearchParams({ path: '/stations/', ...beside })}`)
    const [left = ''] = linksOf(maya.page.body)
      .filter(({ name }) => name === 'Another collection')
      .map(({ href }) => href)
    await maya.open(left)
    expect([maya.page.status, maya.page.text.includes('Choose a collection')]).toEqual([200, true])
    expect(namesOn(maya)).toEqual(['extremes.csv'])
    const search = /<form class="search-line"[\s\S]*?<\/form>/.exec(maya.page.body)?.[0] ?? ''
    expect(search).toContain('name="leftFind"')
    const fields = [...search.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    const query = new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value]))
    query.set('leftFind', 'Tidal Survey')
    await maya.open(`/collections/${archive}/files?${query}`)
    expect(maya.page.body).toContain('value="Tidal Survey"')
    expect(namesOn(maya)).toEqual(['extremes.csv'])
    const chosen = linksOf(maya.page.body).find(({ href }) => href.startsWith(`/collections/${survey}/files`))
    await maya.open(chosen?.href ?? '')
    expect(maya.page.url.pathname).toBe(`/collections/${survey}/files`)
    expect(Object.fromEntries(maya.page.url.searchParams)).toEqual(beside)
  })

  it('are left as they were by whoever wants no other collection after all', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    const fields = { other: crew, path: '/stations/', otherPath: '/results/' }
    await openAllowing(maya, `/collections/${archive}/files?${new URLSearchParams({ ...fields, left: 'choose' })}`)
    await maya.follow('Leave it as it was')
    expect(Object.fromEntries(maya.page.url.searchParams)).toEqual(fields)
    expect(namesOn(maya)).toEqual(['alder.csv', 'b.csv', 'extremes.csv'])
  })

  it('name their stylesheets before the page does, all of them and in the same order', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    const { body, headers } = await maya.open(`/collections/${oddNames}/files`)
    const named = [...body.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href = '']) => href)
    expect(named.map((href) => href.replace(/\?.*/, ''))).toEqual(['/assets/portal.css', '/assets/files.css'])
    expect(headers.get('link')).toBe(named.map((href) => `<${href}>; rel=preload; as=style`).join(', '))
  })

  it('are listed with the rights of whoever asks, and of nobody else', async () => {
    const zoe = await visitAs(setting, 'Zoë <b>Núñez</b>')
    await openAllowing(zoe, `/collections/${crew}/files?path=%2Fresults%2F`)
    expect(namesOn(zoe)).toEqual(['extremes.csv'])
    const sam = await visitAs(setting, 'Sam')
    await openAllowing(sam, `/collections/${crew}/files?path=%2Fresults%2F`)
    expect(sam.page.status).toBe(403)
    expect(sam.page.text).toContain('You may not do this here')
    expect(sam.page.body).not.toContain('extremes')
  })

  it('of a high-assurance collection lead its people through a login, and tell others why not', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    await maya.open(`/collections/${hospital}/files?path=%2Fstudy-001%2F`)
    expect(maya.page.status).toBe(403)
    expect(maya.page.text).toContain('requires a login with an identity of hospital.example')
    const ingrid = await visitAs(setting, 'Ingrid Solheim')
    setting.emulator.world.timeShift.age('authentications', 120_000)
    await ingrid.open(`/collections/${hospital}/files?path=%2Fstudy-001%2F`)
    expect(ingrid.page.url.origin).toBe(setting.emulator.origin)
    await ingrid.press('Ingrid Solheim')
    expect(ingrid.page.url.searchParams.get('path')).toBe('/study-001/')
    expect(namesOn(ingrid)).toEqual(['report.txt'])
  })

  it.each([
    ['a computer that is off', `/collections/${samsLaptop}/files`, 502, 'This collection is not connected'],
    ['a folder that is gone', `/collections/${archive}/files?path=%2Fgone%2F`, 404, 'There is no such folder'],
    ['a file', `/collections/${archive}/files?path=%2FREADME.md%2F`, 409, 'This is a file, not a folder'],
    [
      'a collection nobody knows',
      '/collections/00000000-0000-4000-8000-000000000000/files',
      404,
      'There is no such collection',
    ],
    ['what is no id', '/collections/__proto__/files', 404, 'There is no such page'],
  ])('say what to do about %s', async (_, address, status, words) => {
    const name = address.includes(samsLaptop) ? 'Sam' : 'Maya Okafor'
    const visitor = await visitAs(setting, name)
    await openAllowing(visitor, address)
    expect([visitor.page.status, visitor.page.text.includes(words)]).toEqual([status, true])
    expect(visitor.page.text.split(words)).toHaveLength(2)
    expect(linksOf(visitor.page.body).length).toBeGreaterThan(3)
  })
})

describe('a folder with many files', () => {
  let setting: Setting
  const count = 2500
  beforeAll(async () => {
    setting = await startSetting()
    const name = (index: number): string => `many/file-${String(index).padStart(4, '0')}.txt`
    plant(setting, archive, Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), ''])))
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('comes in pages where no script runs', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, `/collections/${archive}/files?path=%2Fmany%2F`)
    // One character beyond ASCII would make all of the page twice as large in memory.
    expect(maya.page.body).not.toMatch(/[^\s -~]/)
    const seen: string[] = []
    for (let page = 1; page <= 3; page += 1) {
      expect(maya.page.text).toContain(`Page ${page} of 3`)
      seen.push(...namesOn(maya))
      if (page < 3) await maya.follow('Next')
    }
    expect(new Set(seen).size).toBe(count)
    expect(seen).toEqual(seen.toSorted())
  })

  it('comes whole to a script, to its own person only', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, `/collections/${archive}/files?path=%2Fmany%2F`)
    const address = `/collections/${archive}/entries?path=%2Fmany%2F`
    const { body, headers } = await maya.send(address, {
      headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' },
    })
    // As handlers/files/entries.ts writes it.
    const { entries } = JSON.parse(body) as { entries: [string, number, number, number][] }
    expect(entries).toHaveLength(count)
    expect(entries[0]?.slice(0, 3)).toEqual(['file-0000.txt', 1, 0])
    expect(headers.get('cache-control')).toBe('private, no-store')
    const stranger = await setting.portal.app.request(address, { headers: { accept: 'application/json' } })
    expect(stranger.status).toBe(401)
  })
})
