import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, visitAs } from './support/files.ts'
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
