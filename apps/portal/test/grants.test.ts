import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAllowing, plant, visitAs } from './support/files.ts'
import { startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const { clients, collections, groups, people } = demo
const { tideCrewWorkspace: workspace } = collections
const yaml = `
site: { name: Harbour Data, contact: data@harbour.example }
admins: { identities: [maya.okafor@harbour.example] }
datasets:
  - id: results
    title: Results for reviewers
    collection: ${workspace}
    path: /results/
    access:
      require: { group: ${groups.portalUsers} }
      grant: read
  - id: named
    title: For Sam by name
    collection: ${workspace}
    path: /named/
    access: { require: { identities: [sam@globusid.org] }, grant: read }
  - id: domain
    title: For the hospital
    collection: ${workspace}
    path: /hospital/
    access: { require: { domain: hospital.example }, grant: read }
  - id: not-granted
    title: Nobody is given this
    collection: ${workspace}
    path: /drafts/
    access: { require: { group: ${groups.portalUsers} } }
  - id: not-managed
    title: The portal manages nothing here
    collection: ${collections.oddNames}
    contact: odd@harbour.example
    access: { require: { group: ${groups.portalUsers} }, grant: read }
  - id: mapped
    title: No guest collection
    collection: ${collections.tidalSurveyArchive}
    access: { require: { group: ${groups.portalUsers} }, grant: read }
`

let setting: Setting
let sam: Visitor

beforeAll(async () => {
  setting = await startSetting({ yaml })
  plant(setting, workspace, {
    'results/extremes.csv': 'a,b\n',
    'results/deep/x.csv': 'a\n',
    'drafts/secret.csv': 'x',
    'named/y.csv': 'x',
    'hospital/z.csv': 'x',
  })
  sam = await visitAs(setting, 'Sam')
})
afterAll(() => setting[Symbol.asyncDispose]())

const csrfOf = ({ page }: Visitor): string => /name="csrf_token" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
/** The token of a page that shows no form to this person. */
const csrfFrom = async (who: Visitor): Promise<string> => {
  await who.open('/account')
  return csrfOf(who)
}
const ask = async (who: Visitor, id: string, csrf?: string) => {
  const csrf_token = csrf ?? (await csrfFrom(who))
  return who.submit(`/data/${id}/access`, { csrf_token })
}
const setMember = (identity: string, status: 'active' | 'left') => {
  const one = { group: groups.portalUsers, identity, role: 'member', status } as const
  setting.emulator.world.memberships.put({
    ...one,
    statusReason: null,
    inviteEmailAddress: null,
    invitedAt: null,
    updatedAt: Date.now(),
  })
}
const rulesOf = (collection: string, principal: string) =>
  setting.emulator.world.accessRules.list(collection, Date.now()).filter((rule) => rule.principal === principal)
const acts = (): Record<string, unknown>[] =>
  setting.log.map((line): Record<string, unknown> => JSON.parse(line)).filter(({ event }) => event === 'act')

describe('getting access to a dataset', () => {
  it('is not there for who does not meet what it asks for, and leaves a line when they try', async () => {
    expect((await sam.open('/data/results')).status).toBe(403)
    const refused = await ask(sam, 'results')
    expect([refused.status, refused.text.includes('Membership in one') || refused.text.includes('Membership')]).toEqual(
      [403, true],
    )
    expect(rulesOf(workspace, people.sam)).toEqual([])
    expect(acts()).toMatchObject([
      {
        act: 'grant_access',
        as: 'portal',
        outcome: 'refused',
        reason: 'lacks_group',
        subject: people.sam,
        username: 'sam@globusid.org',
        collection: workspace,
        path: '/results/',
      },
    ])
  })

  it('gives a member a permission to read the folder, and nothing else', async () => {
    setMember(people.sam, 'active')
    await openAllowing(sam, '/data/results')
    expect(sam.page.text).toContain('press “Get access” above')
    expect(sam.page.text).not.toContain('extremes.csv')
    await sam.press('Get access')
    expect([sam.page.url.pathname, sam.page.text.includes('You have access now.')]).toEqual(['/data/results', true])
    expect(sam.page.text).toContain('extremes.csv')
    expect(sam.page.text).not.toContain('Get access')
    expect(sam.page.text).toContain('Copy to my collection')
    const [rule] = rulesOf(workspace, people.sam)
    expect(rule).toMatchObject({ path: '/results/', permissions: 'r', principalType: 'identity' })
    expect(acts().at(-1)).toMatchObject({ outcome: 'done', rule: rule?.id, path: '/results/' })
    await openAllowing(sam, `/collections/${workspace}/files?path=%2Fdrafts%2F`)
    expect(sam.page.text).not.toContain('secret.csv')
  })

  it('makes one permission of several clicks', async () => {
    const csrf_token = await csrfFrom(sam)
    for (const { id } of rulesOf(workspace, people.sam)) setting.emulator.world.accessRules.remove(workspace, id)
    const pressed = await Promise.all(
      [1, 2, 3].map(() =>
        sam.send('/data/results/access', {
          method: 'POST',
          headers: { origin: 'http://localhost:8888', 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ csrf_token }).toString(),
        }),
      ),
    )
    expect(pressed.map(({ status }) => status)).toEqual([303, 303, 303])
    expect(rulesOf(workspace, people.sam)).toHaveLength(1)
    const outcomes = acts()
      .slice(-3)
      .map(({ outcome }) => outcome)
    expect(['done', 'there_already'].map((one) => outcomes.filter((outcome) => outcome === one).length)).toEqual([1, 2])
    expect(
      new Set(
        acts()
          .slice(-3)
          .map(({ rule }) => rule),
      ).size,
    ).toBe(1)
    expect((await ask(sam, 'results')).text).toContain('You had this permission already.')
  })

  it('looks at the membership when it is asked, not at what was known a moment ago', async () => {
    expect((await sam.open('/data/results')).status).toBe(200)
    const csrf = await csrfFrom(sam)
    for (const { id } of rulesOf(workspace, people.sam)) setting.emulator.world.accessRules.remove(workspace, id)
    setMember(people.sam, 'left')
    expect((await ask(sam, 'results', csrf)).status).toBe(403)
    expect(rulesOf(workspace, people.sam)).toEqual([])
    setMember(people.sam, 'active')
  })

  it('goes by names and domains too, for each person alone', async () => {
    expect((await ask(sam, 'named')).text).toContain('You have access now.')
    expect((await ask(sam, 'domain')).status).toBe(403)
    const ingrid = await visitAs(setting, 'Ingrid Solheim')
    expect((await ask(ingrid, 'named')).status).toBe(403)
    expect((await ask(ingrid, 'domain')).text).toContain('You have access now.')
    expect(rulesOf(workspace, people.ingrid)).toMatchObject([{ path: '/hospital/', permissions: 'r' }])
  })

  it('is never there for a dataset without the setting', async () => {
    await openAllowing(sam, '/data/not-granted')
    expect([sam.page.status, sam.page.text.includes('Get access')]).toEqual([200, false])
    expect((await ask(sam, 'not-granted')).status).toBe(404)
    expect(acts().at(-1)).toMatchObject({ outcome: 'refused', reason: 'not_offered', path: '/drafts/' })
    expect(rulesOf(workspace, people.sam).map(({ path }) => path)).not.toContain('/drafts/')
    for (const id of ['nothing', '__proto__']) expect((await ask(sam, id)).status).toBe(404)
  })

  it('does nothing for a form that is not ours, and asks strangers to log in', async () => {
    const before = acts().length
    for (const csrf of ['', 'x']) expect((await ask(sam, 'domain', csrf)).status).toBe(403)
    const stranger = setting.visitor()
    await stranger.open('/data')
    expect((await ask(stranger, 'results', 'x')).status).toBe(401)
    expect((await sam.open('/data/results/access')).status).toBe(404)
    expect(acts()).toHaveLength(before)
  })

  it.each([
    ['not-managed', 'odd@harbour.example'],
    ['mapped', 'data@harbour.example'],
  ])('says whom to ask where Globus does not let the portal do it: %s', async (id, contact) => {
    const page = await ask(sam, id)
    expect([page.status, page.text.includes('The portal could not give you access')]).toEqual([502, true])
    expect(page.text).toContain(contact)
    expect(acts().at(-1)).toMatchObject({ outcome: 'refused', act: 'grant_access' })
    const line = setting.log.findLast((one) => one.includes('grant_refused')) ?? ''
    expect(line).toContain(`Make ${clients.portal}@clients.auth.globus.org an access manager of the collection`)
    expect(page.body).not.toContain('clients.auth.globus.org')
  })

  it('says when the collection has as many permissions as there can be', async () => {
    const { accessRules } = setting.emulator.world
    const full = Array.from({ length: 1000 }, (_, index) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      collection: workspace,
      principalType: 'identity' as const,
      principal: `00000000-0000-4000-9000-${String(index).padStart(12, '0')}`,
      path: '/',
      permissions: 'r' as const,
      createdAt: Date.now(),
      expiresAt: null,
    }))
    for (const rule of full) accessRules.add(rule)
    for (const { id, path } of rulesOf(workspace, people.sam))
      if (path === '/results/') accessRules.remove(workspace, id)
    expect((await ask(sam, 'results')).status).toBe(502)
    expect(acts().at(-1)).toMatchObject({ outcome: 'refused', reason: 'full' })
    expect(setting.log.findLast((one) => one.includes('grant_refused'))).toContain(
      'as many permissions as Globus allows',
    )
    for (const { id } of full) accessRules.remove(workspace, id)
  })

  it('is not certain when Globus is down, and says so', async () => {
    const csrf = await csrfFrom(sam)
    setting.emulator.faults.add({ endpoint: 'access-rules', fault: { kind: 'answer', status: 500 }, times: 1 })
    expect((await ask(sam, 'results', csrf)).text).toContain('Globus did not answer')
    expect(acts().at(-1)).toMatchObject({ outcome: 'failed' })
    expect((await ask(sam, 'results')).text).toContain('You have access now.')
  })

  it('is listed for admins, and no line of it holds a token', async () => {
    const maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, '/admin')
    expect(maya.page.text).toContain('sam@globusid.org Permission to read, as the portal: done /results/')
    expect(maya.page.text).toContain('as the portal: refused lacks_group')
    expect(setting.log.some((line) => [...setting.tokens].some((token) => line.includes(token)))).toBe(false)
    for (const { request } of acts())
      expect(setting.log.filter((line) => line.includes(String(request))).length).toBeGreaterThan(1)
  })
})
