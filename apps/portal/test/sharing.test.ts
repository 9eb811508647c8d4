import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, openAllowing, plant, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const { tideCrewWorkspace: shared, tidalSurveyArchive: mapped } = collections
const page = `/collections/${shared}/sharing`

let setting: Setting
let maya: Visitor
let sam: Visitor

beforeAll(async () => {
  setting = await startSetting()
  plant(setting, shared, { 'results/tides.csv': 'a,b\n1,2\n', 'drafts/secret.txt': 'not yet' })
  maya = await visitAs(setting, 'Maya Okafor')
  sam = await visitAs(setting, 'Sam')
})
afterAll(() => setting[Symbol.asyncDispose]())

/** Sends the form of the page with these fields. */
async function share(fields: Record<string, string>): Promise<void> {
  await openAllowing(maya, page)
  const csrf = /name="csrf_token" value="([^"]+)"/.exec(maya.page.body)?.[1] ?? ''
  const usual = { csrf_token: csrf, folder: '/results/', username: '', group: '', permissions: 'r' }
  await maya.submit(page, { ...usual, ...fields })
}

const samSees = async (path: string): Promise<string> => {
  await openAllowing(sam, `/collections/${shared}/files?path=${encodeURIComponent(path)}`)
  return sam.page.text
}

describe('sharing', () => {
  it('shows who may use a collection, by name, and leads there from its files', async () => {
    await openAllowing(maya, `/collections/${shared}/files`)
    await maya.follow('Share')
    for (let asked = 0; asked < 3 && maya.page.url.pathname === '/p/consent'; asked += 1) await maya.press('Allow')
    expect(maya.page.text).toContain('Who may use Tide Crew Workspace')
    expect(maya.page.text).toContain('Tide Crew / read')
  })

  it('lets somebody in by their username, to one folder, and out again', async () => {
    expect(await samSees('/results/')).not.toContain('tides.csv')
    await share({ username: 'sam@globusid.org' })
    expect(maya.page.text).toContain('It is shared.')
    expect(maya.page.text).toContain('Sam (sam@globusid.org) /results/ read')
    expect(await samSees('/results/')).toContain('tides.csv')
    expect(await samSees('/drafts/')).not.toContain('secret.txt')

    await maya.open(page)
    await maya.press('Remove Sam (sam@globusid.org) from /results/')
    expect(maya.page.text).toContain('The permission is gone.')
    expect(await samSees('/results/')).not.toContain('tides.csv')
  })

  it('lets Globus write an e-mail where that is asked for', async () => {
    await share({ username: 'zoe.nunez@harbour.example', notify: '1' })
    expect(maya.page.text).toContain('zoe.nunez@harbour.example')
    const outbox = await fetch(`${setting.emulator.origin}/outbox.json`)
    expect(JSON.stringify(await outbox.json())).toContain('zoe.nunez@harbour.example')
  })

  it.each([
    ['nobody', { username: '', group: '' }, 'Name a person or choose a group'],
    [
      'somebody whom Globus does not know',
      { username: 'nobody@nowhere.example' },
      'knows nobody by the username nobody@nowhere.example',
    ],
    ['two people at once', { username: 'sam@globusid.org,zoe.nunez@harbour.example' }, 'knows nobody by the username'],
    ['a folder without slashes', { username: 'sam@globusid.org', folder: 'results' }, 'begins and ends with a slash'],
  ])('refuses %s, and keeps what was written', async (_, fields, words) => {
    await share(fields)
    expect([maya.page.status, maya.page.text.includes(words)]).toEqual([400, true])
    expect(maya.page.body).toContain(`value="${fields.username}"`)
  })

  it('says that a permission for the folder is there already', async () => {
    await share({ username: 'ingrid.solheim@hospital.example' })
    await share({ username: 'ingrid.solheim@hospital.example', permissions: 'rw' })
    expect([maya.page.status, maya.page.text.includes('already')]).toEqual([400, true])
  })

  it('is for those who manage the collection: others are told so, and can change nothing', async () => {
    await openAllowing(sam, page)
    expect(sam.page.status).toBe(403)
    const csrf = /name="csrf-token" content="([^"]+)"|name="csrf_token" value="([^"]+)"/
    await sam.open('/account')
    const token = csrf.exec(sam.page.body)?.slice(1).find(Boolean) ?? ''
    await sam.submit(page, { csrf_token: token, folder: '/', username: 'sam@globusid.org', permissions: 'rw' })
    expect(sam.page.status).toBe(403)
    expect(await samSees('/drafts/')).not.toContain('secret.txt')
  })

  it.each(['1234', 'a'.repeat(64), '00000000-0000-0000-0000-00000000000g'])(
    'says that a permission is gone which nobody has: %j',
    async (unknown) => {
      await openAllowing(maya, page)
      const csrf = /name="csrf_token" value="([^"]+)"/.exec(maya.page.body)?.[1] ?? ''
      await maya.submit(`${page}/remove`, { csrf_token: csrf, rule: unknown })
      expect([maya.page.status, maya.page.url.href]).toEqual([200, expect.stringContaining('done=gone')])
    },
  )

  it.each(['', '..', '../access_list', 'a'.repeat(65), '%2e%2e'])(
    'takes nothing for a permission or a group that is none: %j',
    async (odd) => {
      await openAllowing(maya, page)
      const csrf = /name="csrf_token" value="([^"]+)"/.exec(maya.page.body)?.[1] ?? ''
      await maya.submit(`${page}/remove`, { csrf_token: csrf, rule: odd })
      expect([maya.page.status, maya.page.text.includes('not_found')]).toEqual([404, true])
      await share({ group: odd })
      expect(maya.page.status).toBe(400)
    },
  )

  it('is not offered where permissions are not kept', async () => {
    await openAllowing(maya, `/collections/${mapped}/files`)
    expect(maya.page.body).not.toContain('/sharing')
  })
})

describe('groups', () => {
  it('are listed with the role that one has, and show their members to those who may see them', async () => {
    await openAllowing(maya, '/groups')
    expect(maya.page.text).toContain('Tide Crew')
    await maya.follow('Tide Crew')
    expect(maya.page.text).toMatch(/Members .*maya\.okafor@harbour\.example/)
    expect(maya.page.text).toContain('zoe.nunez@harbour.example')
  })

  it('say what to do where there is none', async () => {
    await openAllowing(sam, '/groups')
    expect(sam.page.text).toContain('You are in no group yet')
  })
})
