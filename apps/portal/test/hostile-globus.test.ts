import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, openAllowing, plant, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import { attribute, type Visitor } from './support/visitor.ts'

const markup = `"><img src=x onerror=alert(1)></script><script>alert(1)</script>' onmouseover='alert(1)`
const { tideCrewWorkspace: crew, tidalSurveyPublic: survey } = collections
const yaml = `
admins: { identities: [${demo.people.maya}] }
search: { index: ${demo.searchIndexes.harbourData}, title: Data, facets: [{ field: year, title: Year }], fields: [{ field: station, title: Station }] }
datasets: [{ id: tides, title: Tides, collection: ${survey} }]
`
/** Keys that Globus chooses, and that say what a document is. */
const structural =
  /^(DATA_TYPE|id|type|status|task_id|code|role|entity_type|principal_type|permissions|has_next_page|marker|next_marker|@datatype|@version|https_server|value|name_of_type)$/

type Change = (value: unknown, key: string) => unknown

/** The document with each value that is no object or list changed. */
function changed(value: unknown, change: Change, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => changed(one, change, key))
  if (typeof value !== 'object' || value === null) return change(value, key)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, changed(one, change, name)]))
}

const changes: Readonly<Record<string, Change>> = {
  'markup in every text': (value, key) => (typeof value === 'string' && !structural.test(key) ? markup : value),
  'half a character in every text': (value, key) =>
    typeof value === 'string' && !structural.test(key) ? 'a\ud800b' : value,
  'an address that runs in every text': (value, key) =>
    typeof value === 'string' && !structural.test(key) ? 'javascript:alert(1)' : value,
  'markup for every number': (value) => (typeof value === 'number' ? markup : value),
  'numbers without bounds': (value) => (typeof value === 'number' ? 1e308 : value),
  'negative numbers': (value) => (typeof value === 'number' ? -5 : value),
  'nothing for every text': (value, key) => (typeof value === 'string' && !structural.test(key) ? '' : value),
  'a very long line in every text': (value, key) =>
    typeof value === 'string' && !structural.test(key) ? 'x'.repeat(5000) : value,
}

describe.each(Object.keys(changes))('a Globus that says %s', (name) => {
  let setting: Setting
  let maya: Visitor
  let pages: string[]
  let isOn = false
  const change = changes[name] ?? ((value: unknown) => value)
  beforeAll(async () => {
    const tamper = (document: unknown, { pathname }: URL): unknown =>
      isOn && !/^\/v2\/oauth2|^\/\.well-known|^\/jwk|\/p\//.test(pathname) ? changed(document, change) : document
    setting = await startSetting({ yaml, tamper })
    plant(setting, crew, { 'a.txt': 'a' })
    maya = await visitAs(setting, 'Maya Okafor')
    for (const path of [`/collections/${crew}/files`, `/collections/${survey}/sharing`, '/groups', '/search'])
      await openAllowing(maya, path)
    await maya.open(
      `/transfers/new?${new URLSearchParams({ source: crew, source_path: '/', name: 'a.txt', destination: crew })}`,
    )
    await maya.press('Start copying')
    const task = maya.page.url.pathname
    pages = [
      '/',
      '/account',
      '/admin',
      '/data',
      '/data/tides',
      '/search',
      '/search?q=tide',
      '/collections',
      '/collections?scope=all&q=a',
      '/collections?scope=bookmarks',
      `/collections/${crew}/files`,
      `/collections/${crew}/files?other=${survey}`,
      `/collections/${crew}/files?other=choose`,
      `/collections/${crew}/entries?path=/`,
      `/collections/${survey}/sharing`,
      '/groups',
      `/groups/${demo.groups.tideCrew}`,
      '/transfers',
      task,
      `/transfers/updates?task=${task.split('/')[2]}`,
      `/transfers/new?${new URLSearchParams({ source: crew, source_path: '/', name: 'a.txt' })}`,
    ]
    isOn = true
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('SEC-60 SEC-15 puts no markup of its own into any page, and takes none of them away', async () => {
    for (const path of pages) {
      const { body, headers, status } = await maya.send(path)
      expect([path, status < 500 || [502, 503].includes(status)]).toEqual([path, true])
      if (headers.get('content-type')?.startsWith('text/html') !== true) continue
      expect([path, /<img src=x|<script>alert|\son\w+='alert/.exec(body)]).toEqual([path, null])
      const addresses = [...body.matchAll(/<(?:a|form|button|link|img|meta)\b[^>]*>/g)].flatMap(([tag]) =>
        ['href', 'src', 'action', 'formaction'].flatMap((one) => attribute(tag, one) ?? []),
      )
      expect([path, addresses.filter((one) => /^(javascript|data|vbscript):/i.test(one))]).toEqual([path, []])
    }
  })
})
