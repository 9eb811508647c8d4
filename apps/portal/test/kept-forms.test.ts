import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, openAllowing, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const { tideCrewWorkspace: crew, tidalSurveyPublic: survey } = collections
const identity = { authorization_parameters: { session_required_identities: [demo.people.maya] } }
const body = JSON.stringify({ code: 'AuthorizationRequired', message: 'Log in again', ...identity })
const refusal = { kind: 'answer', status: 403, body, headers: { 'content-type': 'application/json' } } as const

describe('a form that a login interrupted', () => {
  let setting: Setting
  let maya: Visitor
  beforeAll(async () => {
    setting = await startSetting()
    maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, `/collections/${survey}/sharing`)
    await openAllowing(maya, `/collections/${crew}/files`)
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  /** Comes back from the login to the page that asks whether to go on. */
  async function comeBack(): Promise<void> {
    if (maya.page.url.pathname === '/p/login') await maya.press('Maya Okafor')
    if (maya.page.url.pathname === '/p/consent') await maya.press('Allow')
  }
  const csrf = (): string => /name="csrf_token" value="([^"]+)"/.exec(maya.page.body)?.[1] ?? ''

  it('says whom it would let in, where, and to do what, before it is sent', async () => {
    await maya.open(`/collections/${survey}/sharing`)
    const fields = { folder: '/stations/', username: 'sam@globusid.org', group: '', permissions: 'rw', notify: '1' }
    setting.emulator.faults.next('access-rules', refusal)
    await maya.submit(`/collections/${survey}/sharing`, { csrf_token: csrf(), ...fields })
    await comeBack()
    expect(maya.page.text).toContain('What: Let somebody use a folder Folder: /stations/')
    expect(maya.page.text).toContain('Person: sam@globusid.org May: read and write notify: 1')
  })

  it('says that it would delete, and what', async () => {
    await maya.open(`/collections/${crew}/files`)
    const form = { csrf_token: csrf(), path: '%2F', name: encodeURIComponent('<b>odd name') }
    const submission = { submission_id: '3b0f7a52-6a0e-4c5e-9d56-0a4b1c2d3e4f' }
    setting.emulator.faults.next('submit-delete', refusal)
    await maya.submit(`/collections/${crew}/files/delete?side=left`, { ...form, ...submission })
    await comeBack()
    expect(maya.page.text).toContain('What: Delete, with everything inside Folder: / Name: <b>odd name')
    expect(maya.page.text).not.toContain('3b0f7a52')
  })

  it('is shown to nobody but its sender', async () => {
    const address = maya.seen.findLast(({ url }) => url.searchParams.has('resume'))?.url.href ?? ''
    expect(address).toContain('/login?resume=')
    const sam = await visitAs(setting, 'Sam')
    for (const visitor of [sam, setting.visitor()]) {
      const { text } = await visitor.open(address)
      expect(text).not.toContain('odd')
    }
  })
})
