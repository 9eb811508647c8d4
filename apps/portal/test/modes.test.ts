import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, openAllowing, visitAs } from './support/files.ts'
import { origin, startSetting, type Setting } from './support/setting.ts'
import { linksOf, type Visitor } from './support/visitor.ts'

const { tideCrewWorkspace: crew } = collections

describe.each(['datasets', 'browser', 'both'])('a portal of the mode %s', (mode) => {
  let setting: Setting
  let maya: Visitor

  beforeAll(async () => {
    setting = await startSetting({
      yaml: `mode: ${mode}\ndatasets: [{ id: crew, title: Crew, collection: ${crew} }]\n`,
    })
    maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, `/collections/${crew}/files`)
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it.each([
    ['home', '/', 200],
    ['a folder', `/collections/${crew}/files`, 200],
    ['two folders', `/collections/${crew}/files?other=${crew}`, 200],
    ['a collection that is none', '/collections/00000000-0000-4000-8000-000000000000/files', 404],
    ['a folder that is none', `/collections/${crew}/files?path=%2Fnowhere%2F`, 404],
    ['no transfers', '/transfers', 200],
    ['who may use a collection', `/collections/${crew}/sharing`, 200],
    ['the account', '/account', 200],
  ])('leads nowhere that is not there: %s', async (_, path, status) => {
    const { body, status: answered, url } = await openAllowing(maya, path).then(() => maya.page)
    expect(answered).toBe(status)
    const links = linksOf(body).map(({ href }) => new URL(href, url))
    const own = links.filter((link) => link.origin === origin && !['/logout', url.pathname].includes(link.pathname))
    expect(own.length).toBeGreaterThan(3)
    const lost: string[] = []
    for (const { href, pathname } of own) if ((await maya.open(href)).status === 404) lost.push(pathname)
    expect(lost).toEqual([])
  })
})
