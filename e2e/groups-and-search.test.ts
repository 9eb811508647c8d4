import { demo, type RunningEmulator } from '@pierhead/emulator'
import type { LoginSession } from 'pierhead'
import { isAuthorizationRequirementsError, isGlobusServiceError } from 'pierhead'
import { groupsClient, scopes, searchClient, type GroupsClient, type SearchClient } from 'pierhead/globus'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { startGlobus } from './support/emulator.ts'

const { groups, people } = demo
const index = demo.searchIndexes.harbourData

let globus: RunningEmulator
let app: App

beforeAll(async () => {
  globus = await startGlobus()
  const asked = [scopes.openid, scopes.profile, scopes.email, scopes.groups.all, scopes.search.all]
  app = await startApp(globus, { login: { scopes: asked } })
})

afterAll(async () => {
  await app.close()
  await globus.close()
})

beforeEach(() => {
  for (const name of ['AUTH', 'GROUPS', 'SEARCH']) vi.stubEnv(`GLOBUS_SDK_SERVICE_URL_${name}`, globus.origin)
})

/** The session of somebody who has just logged in, as a handler of the app would have it. */
async function sessionOf(name: string): Promise<LoginSession> {
  const visitor = await logIn(new Visitor(), `${app.origin}/login`, name)
  const cookie = await visitor.cookies(app.origin)
  const header = (wanted: string): string | undefined => (wanted === 'cookie' ? cookie : undefined)
  const { session } = await app.login.open({ method: 'GET', target: '/', header })
  if (!session) throw new Error('Nobody is logged in.')
  return session
}

const groupsOf = async (name: string): Promise<GroupsClient> => groupsClient(await sessionOf(name))
const searchOf = async (name: string): Promise<SearchClient> => searchClient(await sessionOf(name))

const thrownBy = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error)

describe('Groups, for somebody who has logged in', () => {
  it('lists groups, and looks after one', async () => {
    const [maya, sam] = [await groupsOf('Maya Okafor'), await groupsOf('Sam')]
    const mine = await maya.groups.getMyGroups({}).collect()
    expect(mine.items.map(({ name }) => name)).toEqual(['Tide Crew', 'Portal Users'])
    const payload = { name: 'Divers', policies: { join_requests: true, group_visibility: 'authenticated' as const } }
    const { id } = await maya.groups.create({ ...payload, description: null, parent_id: null })
    await sam.membership.act(id, { request_join: [{ identity_id: people.sam }] })
    const approved = await maya.membership.act(id, { approve: [{ identity_id: people.sam }] })
    expect(approved.approve).toMatchObject([{ identity_id: people.sam, status: 'active' }])
    expect(await maya.policies.get(id)).toMatchObject({ group_visibility: 'authenticated' })
    expect(await maya.groups.get(id, { include: ['memberships'] })).toMatchObject({ memberships: [{}, {}] })
    await maya.groups.remove(id)
    expect(await thrownBy(maya.groups.get(id, {}))).toMatchObject({ status: 404, serviceCode: 'GROUP_NOT_FOUND' })
  })

  it('turns a demand for a recent login into an authorization requirement', async () => {
    const maya = await groupsOf('Maya Okafor')
    const { portalUsers } = groups
    await maya.policies.update(portalUsers, { is_high_assurance: true, authentication_assurance_timeout: 600 })
    globus.world.timeShift.age('authentications', 601_000)
    const error = await thrownBy(maya.groups.get(portalUsers, {}))
    expect(isAuthorizationRequirementsError(error)).toBe(true)
    expect(error).toMatchObject({ service: 'groups', status: 403, serviceCode: 'SESSION_REQUIRED' })
    const again = await groupsOf('Maya Okafor')
    globus.behaviour.groupSessionStatus = 401
    globus.world.timeShift.age('authentications', 601_000)
    expect(isAuthorizationRequirementsError(await thrownBy(again.groups.get(portalUsers, {})))).toBe(true)
    globus.behaviour.groupSessionStatus = 403
  })
})

describe('Search, with a session and without', () => {
  it('finds what the person may see, to the last page', async () => {
    const [zoe, sam, nobody] = [await searchOf('Zoë <b>Núñez</b>'), await searchOf('Sam'), searchClient()]
    const all = await Promise.all([zoe, sam, nobody].map((one) => one.query.get(index, { q: '*' }).collect()))
    expect(all.map(({ items }) => items.length)).toEqual([240, 228, 228])
    const posted = await zoe.query.post(index, { q: 'preliminary' }).collect()
    expect(new Set(posted.items.map(({ subject }) => subject)).size).toBe(12)
    const subject = posted.items[0]?.subject ?? ''
    expect(await zoe.subject.get(index, { subject })).toMatchObject({ subject })
    const hidden = await thrownBy(sam.subject.get(index, { subject }))
    expect(isGlobusServiceError(hidden)).toBe(true)
    expect(hidden).toMatchObject({ status: 404, serviceCode: 'NotFound.Generic' })
  })

  it('makes an index, fills it and deletes it', async () => {
    const maya = await searchOf('Maya Okafor')
    const { id } = await maya.index.create({ display_name: 'Trial', description: 'of the kit' })
    const entry = { subject: 'one', visible_to: ['public'], content: { a: 1 } }
    await maya.index.ingest(id, { ingest_type: 'GMetaEntry', ingest_data: entry })
    expect(await maya.entry.get(id, { subject: 'one' })).toMatchObject({ entries: [{ content: { a: 1 } }] })
    const { items } = await maya.index.getAll().collect()
    expect(items.map((one) => one.id)).toEqual([index, id])
    expect(await maya.index.remove(id)).toMatchObject({ acknowledged: true })
    expect(await maya.index.reopen(id)).toMatchObject({ acknowledged: true })
    expect((await maya.index.roles.getAll(id).collect()).items).toMatchObject([{ role_name: 'owner' }])
  })
})
