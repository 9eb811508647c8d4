import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, folderOf, namesOn, openAllowing, plant, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import { linksOf, type Visitor } from './support/visitor.ts'

const { hospitalImaging, mayasLaptop, microscope3, quotaCorner, tidalSurveyArchive: archive } = collections
const { people } = demo

let setting: Setting
let maya: Visitor
let sam: Visitor

beforeAll(async () => {
  setting = await startSetting()
  plant(setting, archive, { 'results/tides.csv': 'a,b\n', 'results/deep & <b>/x.txt': 'x', 'drafts/secret.txt': 's' })
  plant(setting, mayasLaptop, { 'notes/todo.txt': 'x' })
  plant(setting, microscope3, { 'run-17/frame.png': 'x' })
  plant(setting, quotaCorner, { 'small/x.txt': 'x' })
  plant(setting, hospitalImaging, { 'study-001/report.txt': 'x' })
  maya = await visitAs(setting, 'Maya Okafor')
  sam = await visitAs(setting, 'Sam')
})
afterAll(() => setting[Symbol.asyncDispose]())

const formOf = (id: string, path: string): string => `/collections/${id}/share?${new URLSearchParams({ path })}`
const csrfOf = ({ page }: Visitor): string => /name="csrf_token" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
/** The token of a page that shows no form to this person. */
const csrfFrom = async (who: Visitor): Promise<string> => {
  await who.open('/account')
  return csrfOf(who)
}
const guestsOf = (id: string) => setting.emulator.world.collections.all().filter(({ host }) => host?.id === id)
const acts = () =>
  setting.log.map((line): Record<string, unknown> => JSON.parse(line)).filter(({ event }) => event === 'act')

/** Opens the form and sends it with these fields. */
async function share(who: Visitor, id: string, fields: Record<string, string>, path = '/results/'): Promise<void> {
  await openAllowing(who, formOf(id, path))
  await send(who, id, { csrf_token: csrfOf(who), path: encodeURIComponent(path), ...fields })
}

const send = (who: Visitor, id: string, fields: Record<string, string>) =>
  who.submit(`/collections/${id}/share`, fields)

describe('sharing a folder', () => {
  it('begins in the files, asks for the right to it once, and ends where somebody can be let in', async () => {
    await openAllowing(maya, `/collections/${archive}/files?path=%2Fresults%2F`)
    await maya.follow('Share this folder')
    expect(maya.page.url.pathname).toBe('/p/consent')
    expect(maya.page.text).toContain('Manage collections on Harbour Data Server')
    for (let asked = 0; asked < 3 && maya.page.url.pathname === '/p/consent'; asked += 1) await maya.press('Allow')
    expect(maya.page.text).toContain('Share /results/')
    expect(maya.page.body).toContain('value="results"')
    await maya.press('Make the guest collection')
    expect(maya.page.url.pathname).toMatch(/^\/collections\/[0-9a-f-]{36}\/sharing$/)
    expect(maya.page.text).toContain('The guest collection is made. Now say who may use it.')
    expect(maya.page.text).toContain('Who may use results')

    const made = maya.page.url.pathname.split('/')[2] ?? ''
    expect(setting.emulator.world.collections.find(made)).toMatchObject({
      displayName: 'results',
      owner: people.maya,
      public: false,
      host: { id: archive, path: '/results/' },
    })
    await maya.submit(`/collections/${made}/sharing`, {
      csrf_token: csrfOf(maya),
      folder: '/',
      username: 'sam@globusid.org',
      permissions: 'r',
    })
    await openAllowing(sam, `/collections/${made}/files`)
    expect(namesOn(sam)).toEqual(['deep & <b>', 'tides.csv'])
  })

  it('leaves a line that says who did what, and holds no token', () => {
    const [line] = acts()
    expect(line).toMatchObject({
      level: 'info',
      act: 'share_folder',
      as: 'person',
      outcome: 'done',
      subject: people.maya,
      username: 'maya.okafor@harbour.example',
      collection: archive,
      path: '/results/',
      made: guestsOf(archive).at(-1)?.id,
    })
    expect(setting.log.some((one) => [...setting.tokens].some((token) => one.includes(token)))).toBe(false)
    const request = setting.log.find((one) => one.includes(String(line?.['request'])) && one.includes('"request"'))
    expect(request).toBeDefined()
  })

  it('takes what was written: a description, keywords, being listed, and any name of a folder', async () => {
    const path = '/results/deep & <b>/'
    const fields = {
      collection_name: 'Deep <i>',
      description: 'Line 1\r\nLine 2',
      keywords: 'tide, , a&b',
      listed: '1',
    }
    await share(maya, archive, fields, path)
    expect([maya.page.status, maya.page.text.includes('Who may use Deep <i>')]).toEqual([200, true])
    expect(guestsOf(archive).at(-1)).toMatchObject({
      displayName: 'Deep <i>',
      description: 'Line 1\nLine 2',
      keywords: 'tide, a&b',
      public: true,
      host: { path },
    })
  })

  it('makes one collection of two clicks at the same time, and of a form that is sent again later', async () => {
    await openAllowing(maya, formOf(archive, '/drafts/'))
    const fields = { csrf_token: csrfOf(maya), path: '%2Fdrafts%2F', collection_name: 'Twice' }
    const before = guestsOf(archive).length
    const pressed = await Promise.all([1, 2, 3].map(() => post(archive, fields)))
    expect(new Set(pressed.map(({ headers }) => headers.get('location'))).size).toBe(1)
    expect(guestsOf(archive)).toHaveLength(before + 1)
    // As after a restart of the portal, which has forgotten the first.
    const other = await visitAs(setting, 'Maya Okafor')
    await share(other, archive, { collection_name: 'Twice' }, '/drafts/')
    expect(other.page.text).toContain('it is not made twice')
    expect(guestsOf(archive)).toHaveLength(before + 1)
    expect(acts().slice(-2)).toMatchObject([{ outcome: 'done' }, { outcome: 'there_already' }])
  })

  const post = (id: string, fields: Record<string, string>) =>
    maya.send(`/collections/${id}/share`, {
      method: 'POST',
      headers: { origin: maya.page.url.origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    })

  it.each([
    ['no name', { collection_name: ' ' }, '1 to 128 characters'],
    ['a name that is too long', { collection_name: 'x'.repeat(129) }, '1 to 128 characters'],
    ['a name of two lines', { collection_name: 'a\nb' }, 'on one line'],
    ['too long a description', { collection_name: 'a', description: 'x'.repeat(4001) }, '4,000 characters'],
    ['too many keywords', { collection_name: 'a', keywords: 'x'.repeat(1001) }, '1,000 characters'],
    ['somebody else’s account', { collection_name: 'a', account: people.sam }, 'one of your accounts'],
    ['a name that one has used for another folder', { collection_name: 'Twice' }, 'called “Twice” here'],
  ])('refuses %s, and keeps what was written', async (_, fields, words) => {
    const before = guestsOf(archive).length
    await share(maya, archive, { description: 'Kept <b>', listed: '1', ...fields })
    expect([maya.page.status, maya.page.text.includes(words)]).toEqual([400, true])
    expect(maya.page.body).toMatch(/name="listed"\s+value="1"\s+checked/)
    const description = 'description' in fields ? fields.description : 'Kept &lt;b&gt;'
    expect(maya.page.body).toContain(`${description}</textarea>`)
    expect(guestsOf(archive)).toHaveLength(before)
  })

  it('leads from a name that is taken to the collection that has it', () =>
    expect(linksOf(maya.page.body).find(({ name }) => name === 'Open the one that exists')?.href).toMatch(/\/sharing$/))

  it('says what to do where it cannot be', async () => {
    await openAllowing(maya, formOf(microscope3, '/run-17/'))
    expect([maya.page.status, maya.page.text.includes('This storage allows no guest collections')]).toEqual([403, true])
    await openAllowing(maya, formOf(collections.tidalSurveyPublic, '/'))
    expect([maya.page.status, maya.page.text.includes('cannot be shared this way')]).toEqual([409, true])
    await openAllowing(sam, formOf(archive, '/results/'))
    expect([sam.page.status, sam.page.text.includes('You have no account on this storage')]).toEqual([403, true])
    expect(linksOf(sam.page.body)).toContainEqual({
      name: 'Back to the folder',
      href: `/collections/${archive}/files?path=%2Fresults%2F`,
    })
    for (const id of ['__proto__', '00000000-0000-4000-8000-000000000000'])
      expect((await maya.open(formOf(id, '/'))).status).toBe(404)
  })

  it('says so when the folder went away while the form was open', async () => {
    plant(setting, archive, { 'gone/x.txt': 'x' })
    await openAllowing(maya, formOf(archive, '/gone/'))
    rmSync(join(folderOf(setting, archive), 'gone'), { recursive: true })
    await maya.press('Make the guest collection')
    expect([maya.page.status, maya.page.text.includes('There is no such folder')]).toEqual([404, true])
    expect(acts().at(-1)).toMatchObject({ outcome: 'failed', reason: 'not_found', path: '/gone/' })
  })

  it('says so while the server of the storage does not answer, and makes nothing', async () => {
    await openAllowing(maya, formOf(archive, '/results/'))
    const before = guestsOf(archive).length
    setting.emulator.faults.add({ endpoint: 'gcs-manager', fault: { kind: 'answer', status: 500 }, times: 'always' })
    await maya.press('Make the guest collection')
    setting.emulator.faults.clear()
    expect(maya.page.status).toBe(502)
    expect(linksOf(maya.page.body).some(({ name }) => name === 'Back to the folder')).toBe(true)
    expect(guestsOf(archive)).toHaveLength(before)
  })

  it('does nothing for a form that is not ours', async () => {
    await openAllowing(maya, formOf(archive, '/results/'))
    const before = guestsOf(archive).length
    const fields = { path: '%2Fresults%2F', collection_name: 'Forged' }
    expect((await send(maya, archive, fields)).status).toBe(403)
    expect((await send(maya, archive, { ...fields, csrf_token: 'x' })).status).toBe(403)
    const stranger = setting.visitor()
    await stranger.open('/data')
    await send(stranger, archive, { ...fields, csrf_token: csrfOf(maya) })
    expect(stranger.page.status).toBe(401)
    expect(guestsOf(archive)).toHaveLength(before)
  })

  it('leads through a consent that was withdrawn, and keeps the form', async () => {
    await openAllowing(maya, formOf(archive, '/results/'))
    const { consents } = setting.emulator.world
    for (const { id } of consents.ofScope(`https://auth.globus.org/scopes/${archive}/data_access`)) consents.remove(id)
    const fields = { csrf_token: csrfOf(maya), path: '%2Fresults%2F', collection_name: 'Kept & sent' }
    await send(maya, archive, { ...fields, description: 'Still here' })
    expect(maya.page.url.pathname).toBe('/p/consent')
    await maya.press('Allow')
    expect(maya.page.text).toContain('Go on where you were?')
    expect(maya.page.text).toMatch(/Name: Kept & sent .*Description: Still here/)
    await maya.press('Go on')
    expect(maya.page.text).toContain('Who may use Kept & sent')
    expect(guestsOf(archive).at(-1)).toMatchObject({ displayName: 'Kept & sent', description: 'Still here' })
  })

  it('asks for the consent of each collection of a server when its form is opened, and once in a session', async () => {
    const who = await visitAs(setting, 'Maya Okafor')
    const { consents } = setting.emulator.world
    const scope = `https://auth.globus.org/scopes/${quotaCorner}/data_access`
    await openAllowing(who, formOf(archive, '/results/'))
    for (const { id } of consents.ofScope(scope)) consents.remove(id)
    await who.open(formOf(quotaCorner, '/small/'))
    expect(who.page.url.pathname).toBe('/p/consent')
    expect(who.page.text).toContain('Quota Corner')
    await who.press('Allow')
    expect(who.page.text).toContain('Share /small/')
    const ways = (): number => who.seen.filter(({ url }) => url.pathname === '/v2/oauth2/authorize').length
    const before = ways()
    for (const [id, path] of [
      [archive, '/results/'],
      [quotaCorner, '/small/'],
      [archive, '/drafts/'],
    ] as const)
      expect((await who.open(formOf(id, path))).text).toContain(`Share ${path}`)
    expect(ways()).toBe(before)
    await who.open(formOf(quotaCorner, '/small/'))
    await who.press('Make the guest collection')
    expect(who.page.text).toContain('Who may use small')
    expect(ways()).toBe(before)
  })

  it('asks for no consent where nothing can be shared', async () => {
    const who = await visitAs(setting, 'Maya Okafor')
    await openAllowing(who, formOf(archive, '/results/'))
    await who.open(formOf(microscope3, '/run-17/'))
    expect([who.page.status, who.page.text.includes('This storage allows no guest collections')]).toEqual([403, true])
  })

  it('of protected data wants a fresh login of that organization, and keeps the form', async () => {
    const ingrid = await visitAs(setting, 'Ingrid Solheim')
    await openAllowing(ingrid, formOf(hospitalImaging, '/study-001/'))
    expect(ingrid.page.text).toContain('Share /study-001/')
    setting.emulator.world.timeShift.age('authentications', 120_000)
    const fields = { csrf_token: csrfOf(ingrid), path: '%2Fstudy-001%2F', collection_name: 'Study 1' }
    await send(ingrid, hospitalImaging, fields)
    expect(ingrid.page.url.origin).toBe(setting.emulator.origin)
    await ingrid.press('Ingrid Solheim')
    expect(ingrid.page.text).toContain('Go on where you were?')
    await ingrid.press('Go on')
    expect(guestsOf(hospitalImaging)).toMatchObject([
      { displayName: 'Study 1', highAssurance: true, owner: people.ingrid },
    ])

    await openAllowing(maya, formOf(hospitalImaging, '/study-001/'))
    expect(maya.page.status).toBe(403)
  })

  it('works for the own computer, by Transfer, and is not offered for that of others', async () => {
    await openAllowing(maya, `/collections/${mayasLaptop}/files?path=%2Fnotes%2F`)
    await maya.follow('Share this folder')
    for (let asked = 0; asked < 3 && maya.page.url.pathname === '/p/consent'; asked += 1) await maya.press('Allow')
    await maya.press('Make the guest collection')
    expect(maya.page.text).toContain('Who may use notes')
    expect(guestsOf(mayasLaptop)).toMatchObject([
      { displayName: 'notes', entityType: 'GCP_guest_collection', host: { path: '/notes/' } },
    ])
    const again = await visitAs(setting, 'Maya Okafor')
    await share(again, mayasLaptop, { collection_name: 'notes' }, '/notes/')
    expect([again.page.text.includes('not made twice'), guestsOf(mayasLaptop).length]).toEqual([true, 1])
    const zoe = await visitAs(setting, 'Zoë <b>Núñez</b>')
    await openAllowing(zoe, formOf(mayasLaptop, '/notes/'))
    expect([403, 404, 409]).toContain(zoe.page.status)
  })

  it('ends when its owner says so twice, and leaves the files', async () => {
    const made = guestsOf(archive).findLast(({ displayName }) => displayName === 'results')?.id ?? ''
    await openAllowing(sam, `/collections/${made}/sharing/end`)
    expect([sam.page.status, sam.page.text.includes('You cannot take this collection away')]).toEqual([403, true])
    await sam.submit(`/collections/${made}/sharing/end`, { csrf_token: await csrfFrom(sam) })
    expect(sam.page.status).toBe(403)
    await openAllowing(maya, `/collections/${made}/sharing`)
    await maya.follow('Take this collection away…')
    expect(maya.page.text).toContain('Stop sharing results?')
    expect(guestsOf(archive).some(({ id }) => id === made)).toBe(true)
    setting.emulator.faults.add({ endpoint: 'gcs-manager', fault: { kind: 'answer', status: 403 }, times: 'always' })
    await maya.press('Take it away')
    setting.emulator.faults.clear()
    expect([maya.page.status, guestsOf(archive).some(({ id }) => id === made)]).toEqual([403, true])
    await maya.open(`/collections/${made}/sharing/end`)
    expect(acts().at(-1)).toMatchObject({ act: 'end_sharing', outcome: 'refused', collection: made })
    await maya.press('Take it away')
    // The consent to look into the archive was withdrawn above.
    if (maya.page.url.pathname === '/p/consent') await maya.press('Allow')
    expect(maya.page.url.href).toContain(`/collections/${archive}/files?path=%2Fresults%2F`)
    expect(maya.page.text).toContain('The guest collection is gone. The files are still here.')
    expect(namesOn(maya)).toEqual(['deep & <b>', 'tides.csv'])
    expect(guestsOf(archive).some(({ id }) => id === made)).toBe(false)
    expect(acts().at(-1)).toMatchObject({ act: 'end_sharing', as: 'person', outcome: 'done', collection: made })
    expect((await maya.open(`/collections/${made}/sharing/end`)).status).toBe(404)

    const laptop = guestsOf(mayasLaptop)[0]?.id ?? ''
    await openAllowing(maya, `/collections/${laptop}/sharing/end`)
    await maya.press('Take it away')
    expect(guestsOf(mayasLaptop)).toEqual([])
  })

  it('touches nothing in the folder', () =>
    expect(readdirSync(join(folderOf(setting, archive), 'results')).toSorted()).toEqual(['deep & <b>', 'tides.csv']))
})
