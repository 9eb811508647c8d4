import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { demo } from '@pierhead/emulator'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderWithin, publicFileUrl } from '../src/data/dataset-path.ts'
import { summaryOf } from '../src/views/data/summary.ts'
import { logIn, startSetting, type Setting } from './support/setting.ts'
import { linksOf, type Visitor } from './support/visitor.ts'

const { collections, groups } = demo
const yaml = `
site: { name: Harbour Data, contact: data@harbour.example }
datasets:
  - id: open
    title: Tides <for> all
    text: "**Levels** of [twelve](https://harbour.example) gauges."
    collection: ${collections.tidalSurveyPublic}
    path: /release
    licence: { name: CC0 1.0, href: https://creativecommons.org/publicdomain/zero/1.0/ }
    citation: Okafor (2026)
    keywords: [tide, sea level]
  - { id: archive, title: The archive, collection: ${collections.tidalSurveyArchive} }
  - { id: workspace, title: Private, collection: ${collections.tideCrewWorkspace} }
  - { id: laptop, title: On a laptop, collection: ${collections.samsLaptop} }
  - id: crew
    title: For the crew
    collection: ${collections.tideCrewWorkspace}
    contact: maya.okafor@harbour.example
    access: { require: { group: ${groups.tideCrew} } }
`

function plant({ emulator }: Setting, collection: string, path: string, content: string): void {
  const root = emulator.info().collections.find((one) => one.id === collection)?.root ?? ''
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}

describe('published datasets', () => {
  let setting: Setting
  beforeAll(async () => {
    setting = await startSetting({ yaml })
    plant(
      setting,
      collections.tidalSurveyPublic,
      'release/README.md',
      '# Hello\n\nSee [tables](stations/) <script>x</script>',
    )
    plant(setting, collections.tidalSurveyPublic, 'release/stations/a b.csv', 'time,level\n1,2\n')
    plant(setting, collections.tidalSurveyPublic, 'release/LICENCE.txt', 'CC0')
    plant(setting, collections.tidalSurveyPublic, 'private.txt', 'beside the dataset')
    plant(setting, collections.tidalSurveyArchive, 'README.md', 'Of the archive')
    plant(setting, collections.tideCrewWorkspace, 'README.md', 'Unreleased')
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  const arrive = async (name: string): Promise<Visitor> => {
    const visitor = setting.visitor()
    await logIn(visitor, name)
    return visitor
  }

  it('are listed for everybody, and say which are not for everybody', async () => {
    const page = await setting.visitor().open('/data')
    expect(page.text).toContain('5 datasets')
    expect(page.text).toContain('Tides <for> all Levels of twelve gauges. CC0 1.0')
    expect(page.text).toContain('For the crew Restricted')
    expect(linksOf(page.body).map(({ href }) => href)).toEqual(
      expect.arrayContaining(['/data/open', '/data/archive', '/data/crew']),
    )
  })

  it('have a page with what they are and their README, also before a login; files are for people', async () => {
    const page = await setting.visitor().open('/data/open')
    expect(page.status).toBe(200)
    for (const text of ['CC0 1.0', 'Tidal Survey, Public Release', 'tide, sea level', 'Okafor (2026)', 'Hello'])
      expect(page.text).toContain(text)
    expect(page.text).toContain('<script>x</script>')
    expect(page.body).not.toContain('<script>x')
    expect(page.text).toContain('Log in to see the files')
    expect(page.text).not.toContain('LICENCE.txt')
    expect(linksOf(page.body)).toContainEqual({ name: 'tables', href: '/data/open?folder=stations%2F#files' })
  })

  it('list files with the rights of the person, and offer downloads from the server that is open to all', async () => {
    const sam = await arrive('Sam')
    await sam.open('/data/open')
    expect(sam.page.text).toContain('1 folder and 2 files, 54 B in this folder')
    await sam.follow('stations/')
    expect(sam.page.url.search).toBe('?folder=stations%2F')
    const { href = '' } = linksOf(sam.page.body).find(({ name }) => name === 'Download a b.csv') ?? {}
    const file = await fetch(href)
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(await file.text()).toBe('time,level\n1,2\n')
    await sam.follow('Top')
    expect(sam.page.text).toContain('LICENCE.txt')
  })

  it.each(['..', '../', 'a/../..', '/', '%2e%2e', 'a//b', 'a%00b', './'])(
    'SEC-65 have no folder %s: an address leads nowhere else',
    async (folder) => {
      const maya = await arrive('Maya Okafor')
      const page = await maya.open(`/data/open?folder=${folder}`)
      expect([page.status, page.text.includes('private.txt')]).toEqual([404, false])
    },
  )

  it('lead through the consent of a collection that needs one, and back to its files', async () => {
    const maya = await arrive('Maya Okafor')
    await maya.open('/data/archive')
    expect(maya.page.status).toBe(200)
    await maya.follow('Allow and list the files')
    expect(maya.page.url.pathname).toBe('/p/consent')
    await maya.press('Allow')
    expect(maya.page.url.pathname).toBe('/data/archive')
    expect(maya.page.text).toContain('README.md')
    expect(maya.page.text).not.toContain('Of the archive')
    await maya.follow('Allow reading files')
    if (maya.page.url.pathname === '/p/consent') await maya.press('Allow')
    expect(maya.page.text).toContain('Of the archive')
    expect(linksOf(maya.page.body).find(({ name }) => name === 'Download README.md')?.href).toBe(
      `/collections/${collections.tidalSurveyArchive}/content?path=%2FREADME.md`,
    )
  })

  it('say why files are not listed', async () => {
    const [sam, zoe] = [await arrive('Sam'), await arrive('Zoë <b>Núñez</b>')]
    expect((await sam.open('/data/laptop')).text).toContain('The files cannot be listed at the moment')
    expect((await zoe.open('/data/open?folder=nowhere')).text).toContain('There is no such folder in this dataset')
  })

  it('open to the members of their group, and tell others whom to ask; the dataset’s own contact first', async () => {
    const zoe = await arrive('Zoë <b>Núñez</b>')
    expect((await zoe.open('/data/crew')).status).toBe(200)
    const sam = await arrive('Sam')
    for (const path of ['/data/crew', '/data/crew/allow?for=reading', '/data/crew/allow']) {
      const refused = await sam.open(path)
      expect([path, refused.status]).toEqual([path, 403])
      expect(refused.text).toContain('Membership in the Globus group Tide Crew.')
      expect(refused.text).toContain('maya.okafor@harbour.example')
      expect(refused.text).not.toContain('For the crew')
    }
    expect((await setting.visitor().open('/data/crew')).url.pathname).toBe('/p/login')
  })

  it('are never listed for visitors, and described only where their collection is public', async () => {
    const listings = () => [...setting.emulator.requestCounts].filter(([path]) => path.endsWith('/ls')).toString()
    const before = listings()
    expect((await setting.visitor().open('/data/archive')).text).toContain('Tidal Survey Archive')
    expect((await setting.visitor().open('/data/workspace')).text).not.toContain('Tide Crew Workspace')
    expect(listings()).toBe(before)
  })

  it('have no page that nobody published', async () => {
    for (const path of ['/data/nothing', '/data/__proto__', '/data/open/x'])
      expect([path, (await setting.visitor().open(path)).status]).toEqual([path, 404])
  })
})

it('a folder within a dataset never leaves it, whatever is asked for', () => {
  const pieces = fc.array(fc.constantFrom('..', '.', '/', 'a', '\\', '%2e', '\0', '\u202e', '~'), { maxLength: 8 })
  fc.assert(
    fc.property(pieces, (parts) => {
      const folder = folderWithin(parts.join(''))
      if (folder === undefined || folder === '') return
      const { pathname } = new URL(`https://x.example/release/${folder.split('/').map(encodeURIComponent).join('/')}`)
      expect(pathname.startsWith('/release/')).toBe(true)
      expect(folder).toMatch(/[^/]\/$/)
    }),
  )
})

it('the address of a public file holds the path as it is, and nothing else of the server', () => {
  const server = 'https://g-1.data.example'
  expect(publicFileUrl(server, '/a b/50%#?.csv')).toBe('https://g-1.data.example/a%20b/50%25%23%3F.csv?download')
  expect(publicFileUrl(server, '//evil.example/x')).toBe('https://g-1.data.example//evil.example/x?download')
  for (const none of [null, '', 'ftp://x', 'javascript:alert(1)']) expect(publicFileUrl(none, '/x')).toBeUndefined()
})

it.each([
  ['**Levels** of [twelve](https://a.example) `gauges`.\n\nMore.', 'Levels of twelve gauges.'],
  ['word '.repeat(60), `${'word '.repeat(44).trim()}…`],
  ['', ''],
])('the summary of a text is its first paragraph, without marks: %j', (text, summary) =>
  expect(summaryOf(text)).toBe(summary),
)
