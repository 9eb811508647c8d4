import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, openAllowing, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import { linksOf, type Visitor } from './support/visitor.ts'

describe('the list of collections', () => {
  let setting: Setting
  let maya: Visitor
  const found = (): string[] =>
    linksOf(maya.page.body).flatMap(({ href, name }) => (href.endsWith('/files') ? [name] : []))
  beforeAll(async () => {
    setting = await startSetting()
    maya = await visitAs(setting, 'Maya Okafor')
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('has every collection that the person owns, in pages, each once', async () => {
    await maya.open('/collections')
    const [, total] = /(\d+) collections/.exec(maya.page.text) ?? []
    const seen = found()
    while (linksOf(maya.page.body).some(({ name }) => name === 'Next')) {
      await maya.follow('Next')
      seen.push(...found())
    }
    expect(seen).toHaveLength(Number(total))
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter((name) => name.startsWith('Small Collection'))).toHaveLength(150)
    expect(seen).not.toContain('Harbour Data Server')
  })

  it('finds by words, keeps them in every list, and says what kind each is', async () => {
    await maya.open('/collections?q=tide')
    expect(maya.page.text).toContain('3 collections')
    expect(new Set(found())).toEqual(
      new Set(['Tidal Survey Archive', 'Tidal Survey, Public Release', 'Tide Crew Workspace']),
    )
    expect(maya.page.text).toMatch(/Tide Crew Workspace Guest .*Tidal Survey Archive Mapped/)
    await maya.follow('Mine')
    expect(maya.page.url.searchParams.get('q')).toBe('tide')
    await maya.open('/collections?scope=all&q=hospital')
    expect(maya.page.text).toContain('Hospital Imaging Mapped High assurance')
  })

  it('shows words as words, and what to do where nothing is found', async () => {
    const words = '<b>"zz"</b>'
    await maya.open(`/collections?${new URLSearchParams({ scope: 'all', q: words })}`)
    expect(maya.page.text).toContain(`Nothing matches “${words}”`)
    expect(maya.page.body).not.toContain('<b>"zz')
    await maya.open('/collections?scope=all')
    expect(maya.page.text).toContain('Type a word to search all collections')
    for (const scope of ['recent', 'shared-with-me', 'shared-by-me', 'administered', 'bookmarks', '__proto__']) {
      await maya.open(`/collections?scope=${scope}`)
      expect([scope, maya.page.status]).toEqual([scope, 200])
    }
  })

  it('says that a computer is off, to its owner', async () => {
    const sam = await visitAs(setting, 'Sam')
    await sam.open('/collections')
    expect(sam.page.text).toContain("Sam's Laptop Personal Offline")
    expect(linksOf(sam.page.body)).toContainEqual({
      name: "Sam's Laptop",
      href: `/collections/${collections.samsLaptop}/files`,
    })
  })

  it('is for people who are logged in', async () => {
    const stranger = setting.visitor()
    await stranger.open('/collections?q=tide')
    await stranger.press('Sam')
    expect(stranger.page.url.search).toBe('?q=tide')
  })
})

describe('the numbers of the lists of collections', () => {
  let setting: Setting
  let maya: Visitor
  const searches = (): number => setting.emulator.requestCounts.get('/v0.10/endpoint_search') ?? 0
  const counts = async (query = ''): Promise<unknown> =>
    JSON.parse((await maya.send(`/collections/counts?${new URLSearchParams({ q: query })}`)).body)
  const tabs = (): Record<string, string> =>
    Object.fromEntries(
      [...maya.page.body.matchAll(/data-count="([^"]+)"\s*>([^<]*)</g)].map(([, tab = '', number = '']) => [
        tab,
        number,
      ]),
    )
  beforeAll(async () => {
    setting = await startSetting()
    maya = await visitAs(setting, 'Maya Okafor')
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('are what each list holds; of more than a page Globus does not tell how many', async () => {
    const all = await counts()
    expect(all).toMatchObject({ mine: '100+', bookmarks: '0' })
    expect(all).not.toHaveProperty('all')
    for (const [tab, number] of Object.entries(Object(all))) {
      if (number === '100+' || tab === 'bookmarks') continue
      await maya.open(`/collections?scope=${tab}`)
      expect([tab, maya.page.text]).toEqual([
        tab,
        expect.stringMatching(new RegExp(`\\b${String(number)} collections?\\b`)),
      ])
    }
    expect(await counts('tide')).toMatchObject({ all: '3' })
  })

  it('cost a few requests once in a minute, none before the page is there, and never those of others', async () => {
    const zoe = await visitAs(setting, 'Zoë <b>Núñez</b>')
    const before = searches()
    await zoe.open('/collections?scope=recent')
    expect(searches() - before).toBe(1)
    const { body } = await zoe.send('/collections/counts')
    // Five lists: without words nothing is looked for in all of Globus.
    expect(searches() - before).toBe(6)
    await zoe.send('/collections/counts')
    expect(searches() - before).toBe(6)
    expect(JSON.parse(body)).not.toEqual(await counts())
  })

  it('stand in the page when they are known; that of the open list is always its own', async () => {
    const ida = await visitAs(setting, 'Maya Okafor')
    await ida.open('/collections')
    maya = ida
    expect(tabs()).toMatchObject({ recent: '', bookmarks: '', all: '' })
    expect(Number(tabs()['mine'])).toBeGreaterThan(100)
    await counts()
    await maya.open('/collections?scope=recent')
    expect(tabs()).toMatchObject({ mine: '100+', bookmarks: '0', all: '' })
  })

  it('follow a bookmark at once', async () => {
    await openAllowing(maya, `/collections/${collections.tideCrewWorkspace}/files`)
    await maya.press('Bookmark')
    expect(await counts()).toMatchObject({ bookmarks: '1' })
    await maya.open('/collections?scope=bookmarks')
    await maya.press('Remove the bookmark Tide Crew Workspace')
    expect(tabs()).toMatchObject({ bookmarks: '0', mine: '' })
  })

  it('leave out a list that cannot be counted, and are for people who are logged in', async () => {
    setting.emulator.faults.add({ endpoint: 'bookmarks', fault: { kind: 'answer', status: 500 }, times: 'always' })
    const all = await counts('harbour')
    setting.emulator.faults.clear()
    expect(all).not.toHaveProperty('bookmarks')
    expect(all).toHaveProperty('mine')
    expect((await setting.visitor().send('/collections/counts')).status).toBe(303)
  })
})
