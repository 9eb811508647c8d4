import { describe, expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { callerFor, callerWith, createServices, listIn, objectIn, scopes, type Caller, type Json } from './support.ts'

const { groups, people } = demo

const namesOf = (items: readonly Json[]): unknown[] => items.map(({ name }) => name)

const membersOf = async (caller: Caller, group: string): Promise<Json> => {
  const { body } = await caller('GET', `/v2/groups/${group}?include=memberships`)
  return Object.fromEntries(
    listIn(body['memberships']).map((one) => [
      String(one['username']),
      `${String(one['role'])} ${String(one['status'])}`,
    ]),
  )
}

const newGroup = async (caller: Caller, more: Json = {}): Promise<string> => {
  const { status, body } = await caller('POST', '/v2/groups', { name: 'Divers', ...more })
  expect(status).toBe(201)
  return String(body['id'])
}

const act = (caller: Caller, group: string, [action, identity, more = {}]: Act): ReturnType<Caller> =>
  caller('POST', `/v2/groups/${group}`, { [action]: [{ identity_id: identity, ...more }] })

type Act = readonly [action: string, identity: string, more?: Json]

const refusalOf = (body: Json, action: string): unknown => listIn(objectIn(body['errors'])[action])[0]?.['code']

describe('the groups of the demo world', () => {
  it('lists those of a person, with her memberships', async () => {
    const maya = await callerFor(createServices(), people.maya, scopes.viewGroups)
    const { status, items } = await maya('GET', '/v2/groups/my_groups')
    expect(status).toBe(200)
    expect(namesOf(items)).toEqual(['Tide Crew', 'Portal Users'])
    expect(items[0]).toMatchObject({
      id: groups.tideCrew,
      group_type: 'regular',
      enforce_session: false,
      session_limit: 28_800,
      session_timeouts: {},
      parent_id: null,
      subscription_id: null,
      my_memberships: [
        { identity_id: people.maya, username: 'maya.okafor@harbour.example', role: 'admin', status: 'active' },
      ],
      policies: { group_visibility: 'authenticated', join_requests: true },
    })
  })

  it('lists by status: Sam’s request to the Tide Crew waits', async () => {
    const sam = await callerFor(createServices(), people.sam, scopes.groups)
    expect((await sam('GET', '/v2/groups/my_groups')).items).toEqual([])
    const { items } = await sam('GET', '/v2/groups/my_groups?statuses=pending,invited')
    expect(items).toMatchObject([{ name: 'Tide Crew', my_memberships: [{ status: 'pending' }] }])
    expect((await sam('GET', '/v2/groups/my_groups?statuses=bored')).status).toBe(422)
  })

  it('counts memberships by status for those who manage a group', async () => {
    const emulator = createServices()
    const [maya, zoe] = [
      await callerFor(emulator, people.maya, scopes.groups),
      await callerFor(emulator, people.zoe, scopes.groups),
    ]
    const { body } = await maya('GET', '/v2/groups/statuses')
    expect(body[groups.tideCrew]).toEqual({
      active: 2,
      invited: 0,
      pending: 1,
      rejected: 0,
      removed: 0,
      left: 0,
      declined: 0,
    })
    expect((await zoe('GET', '/v2/groups/statuses')).body).toEqual({})
  })

  it('tells everybody which group stands for a subscription', async () => {
    const sam = await callerFor(createServices(), people.sam, scopes.groups)
    const { body } = await sam('GET', `/v2/subscription_info/${groups.subscription}`)
    expect(body).toEqual({
      group_id: groups.harbourSubscription,
      subscription_id: groups.subscription,
      subscription_info: { is_high_assurance: true, is_baa: false, connectors: {} },
    })
    expect((await sam('GET', `/v2/subscription_info/${groups.tideCrew}`)).status).toBe(404)
  })
})

describe('who may do what', () => {
  const include = '?include=memberships'
  type Row = readonly [method: string, path: string, body: unknown, maya: number, zoe: number, sam: number]
  const portal = `/v2/groups/${groups.portalUsers}`
  const crew = `/v2/groups/${groups.tideCrew}`
  const mayaId = { identity_id: people.ingrid }
  const rows: readonly Row[] = [
    ['GET', crew, undefined, 200, 200, 200],
    ['GET', portal, undefined, 200, 403, 403],
    ['GET', crew + include, undefined, 200, 200, 403],
    ['GET', `${crew}/policies`, undefined, 200, 200, 200],
    ['GET', `${portal}/policies`, undefined, 200, 403, 403],
    ['GET', `${crew}/children`, undefined, 200, 200, 200],
    ['GET', `${crew}/membership_fields`, undefined, 200, 200, 200],
    ['PUT', `${crew}/policies`, { join_requests: true }, 200, 403, 403],
    ['PUT', crew, { name: 'Tide Crew' }, 200, 403, 403],
    ['POST', crew, { add: [mayaId] }, 200, 403, 403],
    ['POST', crew, { invite: [mayaId] }, 200, 403, 403],
    ['POST', crew, { remove: [mayaId] }, 200, 403, 403],
    ['POST', crew, { approve: [mayaId] }, 200, 403, 403],
    ['POST', crew, { reject: [mayaId] }, 200, 403, 403],
    ['POST', crew, { change_role: [{ ...mayaId, role: 'member' }] }, 200, 403, 403],
    ['POST', portal, { request_join: [mayaId] }, 200, 403, 403],
    ['POST', '/v2/groups', { name: 'Below', parent_id: groups.tideCrew }, 201, 403, 403],
    [
      'PUT',
      `${crew}/subscription_admin_verified`,
      { subscription_admin_verified_id: groups.subscription },
      403,
      403,
      403,
    ],
    ['DELETE', portal, undefined, 200, 403, 403],
  ]

  it.each(rows)('%s %s %j answers Maya %i, Zoë %i, Sam %i', async (method, path, body, ...expected) => {
    const statuses = []
    for (const person of [people.maya, people.zoe, people.sam]) {
      const caller = await callerFor(createServices(), person, scopes.groups)
      statuses.push((await caller(method, path, body)).status)
    }
    expect(statuses).toEqual(expected)
  })

  it('wants a token of Groups with the scope of the call', async () => {
    const emulator = createServices()
    const nobody = await callerWith(emulator)('GET', '/v2/groups/my_groups')
    expect([nobody.status, nobody.body['code']]).toEqual([401, 'AUTHENTICATION_ERROR'])
    const foreign = await (await callerFor(emulator, people.maya, scopes.transfer))('GET', '/v2/groups/my_groups')
    expect([foreign.status, foreign.body['code']]).toEqual([401, 'INVALID_TOKEN'])
    const viewer = await callerFor(emulator, people.maya, scopes.viewGroups)
    const refused = await viewer('POST', '/v2/groups', { name: 'Divers' })
    expect(refused).toMatchObject({ status: 403, body: { provided_scopes: [scopes.viewGroups] } })
    expect((await viewer('GET', `/v2/groups/${groups.tideCrew}`)).status).toBe(200)
  })

  it('lets a manager look after members, but not give or take stronger roles', async () => {
    const emulator = createServices()
    const [maya, zoe] = [
      await callerFor(emulator, people.maya, scopes.groups),
      await callerFor(emulator, people.zoe, scopes.groups),
    ]
    await act(maya, groups.tideCrew, ['change_role', people.zoe, { role: 'manager' }])
    expect((await act(zoe, groups.tideCrew, ['approve', people.sam])).body).toMatchObject({
      approve: [{ status: 'active' }],
    })
    const refusals = [
      await act(zoe, groups.tideCrew, ['add', people.ingrid, { role: 'admin' }]),
      await act(zoe, groups.tideCrew, ['remove', people.maya]),
      await act(zoe, groups.tideCrew, ['change_role', people.sam, { role: 'manager' }]),
    ]
    expect(refusals.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(refusals.map(({ body }, i) => refusalOf(body, ['add', 'remove', 'change_role'][i] ?? ''))).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
      'FORBIDDEN',
    ])
  })
})

describe('memberships', () => {
  it('go from an invitation to leaving, and from a request to a rejection', async () => {
    const emulator = createServices()
    const [maya, sam] = [
      await callerFor(emulator, people.maya, scopes.groups),
      await callerFor(emulator, people.sam, scopes.groups),
    ]
    const group = await newGroup(maya, { policies: { join_requests: true, group_visibility: 'authenticated' } })
    const steps: [Caller, string, string, string][] = [
      [sam, 'accept', 'NO_MEMBERSHIP', ''],
      [maya, 'invite', '', 'invited'],
      [sam, 'decline', '', 'declined'],
      [sam, 'request_join', '', 'pending'],
      [sam, 'request_join', 'ALREADY_PENDING', ''],
      [maya, 'reject', '', 'rejected'],
      [maya, 'invite', '', 'invited'],
      [sam, 'accept', '', 'active'],
      [maya, 'add', 'ALREADY_ACTIVE', ''],
      [sam, 'leave', '', 'left'],
      [sam, 'join', 'JOIN_NOT_ALLOWED', ''],
      [maya, 'add', '', 'active'],
      [maya, 'remove', '', 'removed'],
      [maya, 'remove', 'INCOMPATIBLE_STATUS', ''],
    ]
    for (const [caller, action, code, status] of steps) {
      const { body, ...answer } = await act(caller, group, [action, people.sam])
      expect(answer.status).toBe(200)
      const outcome = refusalOf(body, action) ?? listIn(body[action])[0]?.['status']
      expect([action, outcome]).toEqual([action, code === '' ? status : code])
    }
  })

  it('keep the last admin, whatever is tried', async () => {
    const maya = await callerFor(createServices(), people.maya, scopes.groups)
    const group = await newGroup(maya)
    const codes = []
    for (const [action, more] of [
      ['leave', {}],
      ['remove', {}],
      ['change_role', { role: 'member' }],
    ] as const) {
      codes.push(refusalOf((await act(maya, group, [action, people.maya, more])).body, action))
    }
    expect(codes).toEqual(['LAST_ADMIN', 'LAST_ADMIN', 'LAST_ADMIN'])
  })

  it('change several at once; what one is refused does not stop the others', async () => {
    const maya = await callerFor(createServices(), people.maya, scopes.groups)
    const { status, body } = await maya('POST', `/v2/groups/${groups.tideCrew}`, {
      add: [
        { identity_id: people.zoe, role: 'member' },
        { identity_id: people.ingrid, role: 'manager' },
      ],
      approve: [{ identity_id: people.sam }],
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      add: [{ identity_id: people.ingrid, role: 'manager' }],
      approve: [{ identity_id: people.sam, status: 'active' }],
      errors: { add: [{ identity_id: people.zoe, code: 'ALREADY_ACTIVE' }] },
    })
    expect(await membersOf(maya, groups.tideCrew)).toMatchObject({
      'ingrid.solheim@hospital.example': 'manager active',
      'sam@globusid.org': 'member active',
    })
  })

  it('refuse an identity that two actions name, and identities of others in one’s own actions', async () => {
    const maya = await callerFor(createServices(), people.maya, scopes.groups)
    const twice = await maya('POST', `/v2/groups/${groups.tideCrew}`, {
      approve: [{ identity_id: people.sam }],
      reject: [{ identity_id: people.sam }],
    })
    expect(twice).toMatchObject({ status: 400, body: { ambiguous_identities: [people.sam] } })
    const { body } = await act(maya, groups.tideCrew, ['leave', people.zoe])
    expect(refusalOf(body, 'leave')).toBe('IDENTITY_NOT_YOURS')
  })

  it('respect who does not want to be added, and what a group asks for', async () => {
    const emulator = createServices()
    const [maya, sam] = [
      await callerFor(emulator, people.maya, scopes.groups),
      await callerFor(emulator, people.sam, scopes.groups),
    ]
    const policies = { join_requests: true, group_visibility: 'authenticated', signup_fields: ['institution'] }
    const group = await newGroup(maya, { policies })
    expect((await sam('GET', '/v2/preferences')).body).toEqual({ [people.sam]: { allow_add: null } })
    expect((await sam('PUT', '/v2/preferences', { allow_add: false })).body).toEqual({
      [people.sam]: { allow_add: false },
    })
    expect(refusalOf((await act(maya, group, ['add', people.sam])).body, 'add')).toBe('ADD_NOT_ALLOWED')
    expect(refusalOf((await act(sam, group, ['request_join', people.sam])).body, 'request_join')).toBe(
      'MISSING_SIGNUP_FIELDS',
    )
    await sam('PUT', `/v2/groups/${group}/membership_fields`, { [people.sam]: { institution: 'None' } })
    expect((await act(sam, group, ['request_join', people.sam])).body).toMatchObject({
      request_join: [{ status: 'pending', membership_fields: { institution: 'None' } }],
    })
    const foreign = await sam('PUT', '/v2/preferences', { [people.maya]: { allow_add: false } })
    expect(foreign.status).toBe(403)
  })

  it('tell which actions are open to which identity', async () => {
    const emulator = createServices()
    const of = async (person: string): Promise<Json> => {
      const caller = await callerFor(emulator, person, scopes.groups)
      const { body } = await caller('GET', `/v2/groups/${groups.tideCrew}?include=allowed_actions,child_ids`)
      return objectIn(body['allowed_actions'])
    }
    expect(await of(people.maya)).toMatchObject({ add: [people.maya], change_role: [people.maya], leave: [] })
    expect(await of(people.zoe)).toMatchObject({ add: [], leave: [people.zoe], request_join: [] })
    expect(await of(people.ingrid)).toMatchObject({ request_join: [people.ingrid], accept: [], leave: [] })
  })
})

describe('a group', () => {
  it('is made, changed and deleted by its admin', async () => {
    const maya = await callerFor(createServices(), people.maya, scopes.groups)
    const group = await newGroup(maya, { description: 'Under water' })
    const path = `/v2/groups/${group}`
    expect((await maya('PUT', path, { name: 'Deep Divers', description: null })).body).toMatchObject({
      name: 'Deep Divers',
      description: null,
    })
    expect((await maya('PUT', path, { subscription_admin_verified_id: groups.subscription })).status).toBe(403)
    expect((await maya('DELETE', path)).body).toMatchObject({ id: group, name: 'Deep Divers' })
    expect((await maya('GET', path)).status).toBe(404)
  })

  it('has subgroups, which the admins of the group above look after', async () => {
    const emulator = createServices()
    const [maya, zoe] = [
      await callerFor(emulator, people.maya, scopes.groups),
      await callerFor(emulator, people.zoe, scopes.groups),
    ]
    const child = await newGroup(maya, { parent_id: groups.tideCrew })
    await act(maya, child, ['add', people.zoe, { role: 'admin' }])
    expect((await act(zoe, child, ['remove', people.maya])).body).toMatchObject({ remove: [{ status: 'removed' }] })
    expect((await act(maya, child, ['join', people.maya])).body).toMatchObject({ join: [{ status: 'active' }] })
    expect((await maya('GET', `/v2/groups/${groups.tideCrew}/children`)).body).toMatchObject({
      children: [{ id: child }],
    })
    expect((await maya('GET', `/v2/groups/${groups.tideCrew}?include=child_ids`)).body['child_ids']).toEqual([child])
    expect((await maya('DELETE', `/v2/groups/${groups.tideCrew}`)).status).toBe(400)
  })

  it('is covered by a subscription when an admin of that says so', async () => {
    const emulator = createServices()
    const [maya, ingrid] = [
      await callerFor(emulator, people.maya, scopes.groups),
      await callerFor(emulator, people.ingrid, scopes.groups),
    ]
    const path = `/v2/groups/${groups.tideCrew}/subscription_admin_verified`
    const wanted = { subscription_admin_verified_id: groups.subscription }
    expect((await ingrid('PUT', path, wanted)).body).toEqual({ group_id: groups.tideCrew, ...wanted })
    const taken = { subscription_admin_verified_id: null }
    expect((await maya('PUT', `/v2/groups/${groups.tideCrew}`, taken)).body).toMatchObject(taken)
  })
})

describe('a high-assurance group', () => {
  const strict = { is_high_assurance: true, authentication_assurance_timeout: 600 }

  it('wants a recent login of the member, and says what login would do', async () => {
    const emulator = createServices()
    const maya = await callerFor(emulator, people.maya, scopes.groups)
    const path = `/v2/groups/${groups.portalUsers}`
    expect((await maya('PUT', `${path}/policies`, strict)).body).toMatchObject(strict)
    const fresh = (await maya('GET', path)).body
    expect(fresh).toMatchObject({ enforce_session: true, session_limit: 600 })
    expect(Object.keys(objectIn(fresh['session_timeouts']))).toEqual([people.maya])
    emulator.world.timeShift.age('authentications', 601_000)
    const { status, body } = await maya('GET', path)
    expect(status).toBe(403)
    expect(body).toMatchObject({
      code: 'SESSION_REQUIRED',
      authorization_parameters: { session_required_identities: [people.maya], prompt: 'login' },
    })
    expect((await maya('GET', '/v2/groups/my_groups')).status).toBe(200)
    emulator.behaviour.groupSessionStatus = 401
    expect((await maya('GET', path)).status).toBe(401)
  })
})

describe('access to data', () => {
  it('follows membership at once', async () => {
    const emulator = createServices()
    const maya = await callerFor(emulator, people.maya, scopes.groups)
    const zoe = await callerFor(emulator, people.zoe, scopes.transfer)
    const workspace = demo.collections.tideCrewWorkspace
    const sees = async (): Promise<readonly [number, boolean]> => {
      const { status } = await zoe('GET', `/v0.10/endpoint/${workspace}`)
      const { body } = await zoe('GET', '/v0.10/endpoint_search?filter_scope=shared-with-me')
      return [status, listIn(body['DATA']).some(({ id }) => id === workspace)]
    }
    expect(await sees()).toEqual([200, true])
    await act(maya, groups.tideCrew, ['remove', people.zoe])
    expect(await sees()).toEqual([403, false])
    await act(maya, groups.tideCrew, ['add', people.zoe])
    expect(await sees()).toEqual([200, true])
    await maya('DELETE', `/v2/groups/${groups.tideCrew}`)
    expect(await sees()).toEqual([403, false])
  })
})
