import { describe, expect, it } from 'vitest'
import { isGroupRequiredError, isGlobusServiceError, type GroupOptions } from '../../src/index.ts'
import { scopes } from '../../src/globus.ts'
import { startService, type Service } from '../globus/service.ts'
import type { App } from '../support/adapters.ts'
import { adapters } from '../support/adapters.ts'
import { ada, ben } from '../support/provider.ts'
import { createRig, logIn, loginOptions, start, type Rig, type RigOptions } from '../support/rig.ts'

const crew = '0f9b7c52-6c9a-4b6c-9f57-0b1c0b1f3a77'
const linked = '11111111-aaaa-4bbb-8ccc-00000000000f'
type Role = 'member' | 'manager' | 'admin'

/** What Groups knows: memberships by identity, of one group. */
interface World {
  readonly service: Service
  members: { identity: string; role: Role; status?: string }[]
  document: Record<string, unknown>
  down: number | undefined
}

/** Groups for one test; `whose` names the identities of whoever asks, linked ones included. */
async function startGroups(whose = [ada.sub, linked]): Promise<World> {
  const service = await startService((request) => {
    if (world.down !== undefined) return { status: world.down, body: { code: 'DOWN', detail: 'out' } }
    const mine = world.members
      .filter(({ identity }) => whose.includes(identity))
      .map(({ identity, role, status = 'active' }) => ({
        group_id: crew,
        identity_id: identity,
        username: `${identity.slice(-2)}@harbour.example`,
        role,
        status,
      }))
    const group = {
      id: crew,
      name: 'Tide <b>Crew</b>',
      enforce_session: false,
      session_timeouts: {},
      ...world.document,
    }
    if (request.path.endsWith('/my_groups'))
      return { body: mine.length === 0 ? [] : [{ ...group, my_memberships: mine }] }
    return { body: group }
  })
  const world: World = { service, members: [], document: {}, down: undefined }
  return world
}

let options: GroupOptions = {}
const app: App = async ({ path, guards, require }) => {
  if (path === '/csrf') return { body: require().csrfToken }
  if (path !== '/crew') return { body: 'elsewhere' }
  const { name, memberships } = await guards.requireGroup(crew, options)
  return { body: `${name}: ${memberships.map(({ identity, role }) => `${identity} ${role}`).join(', ')}` }
}

const withScope = {
  ...loginOptions({}),
  scopes: [...loginOptions({}).scopes, scopes.groups.viewMyGroupsAndMemberships],
}

async function loggedIn(rig: RigOptions = {}, asked: GroupOptions = {}): Promise<Rig> {
  options = asked
  const { scopes: wanted } = withScope
  const made = await createRig({ app, ...rig, options: { scopes: wanted, ...rig.options } })
  await logIn(made)
  return made
}

const asks = ({ service }: World): number => service.received.filter(({ path }) => path.endsWith('/my_groups')).length

describe.each(Object.entries(adapters))('a handler that demands a group, with %s', (_name, mount) => {
  it('lets any linked identity in, and shows everybody else the group, who they are, and two ways on', async () => {
    const world = await startGroups()
    const rig = await loggedIn({ mount })
    const refused = await rig.browser.visit('/crew?tide=high')
    expect(refused.status).toBe(403)
    expect(refused.body).toContain('Tide &#60;b&#62;Crew')
    expect(refused.body).toContain('ada@harbour.example')
    expect(refused.body).toContain(`href="https://app.globus.org/groups/${crew}/join"`)
    expect(refused.body).toContain('Use another identity')
    world.members = [{ identity: linked, role: 'member' }]
    await rig.clock.advance(1)
    expect((await rig.browser.visit('/crew')).body).toBe(`Tide <b>Crew</b>: ${linked} member`)
  })

  it('"Use another identity" asks Globus for a fresh login and comes back to the page', async () => {
    await startGroups()
    const rig = await loggedIn({ mount })
    const { body } = await rig.browser.visit('/crew?tide=high')
    const link = /<a href="([^"]+)">Use another identity/.exec(body)?.[1] ?? ''
    const address = await start(rig.browser, link.replaceAll('&#38;', '&'))
    expect(new URL(address).searchParams.get('prompt')).toBe('login')
    const back = await rig.browser.visit(rig.provider.approve(address, ben))
    expect(back.headers.get('location')).toBe('/crew?tide=high')
  })

  it('tells a script what is missing and where to go', async () => {
    await startGroups()
    const rig = await loggedIn({ mount })
    const answer = await rig.browser.visit('/crew', { fetch: true })
    expect(answer.status).toBe(403)
    const problem: Record<string, string> = JSON.parse(answer.body)
    expect(problem).toMatchObject({ code: 'group_required', group_id: crew })
    expect(problem['join_url']).toContain(crew)
    expect(problem['login_url']).toMatch(/^\/login\?/)
  })

  it('asks for the scope of Groups when the login did not, keeping the rest, and comes back', async () => {
    const world = await startGroups()
    world.members = [{ identity: ada.sub, role: 'admin' }]
    const rig = await loggedIn({ mount, options: { scopes: loginOptions({}).scopes } })
    const answer = await rig.browser.visit('/crew?tide=low')
    expect(asks(world)).toBe(0)
    const address = await start(rig.browser, answer.headers.get('location') ?? '')
    expect(new URL(address).searchParams.get('scope')?.split(' ')).toEqual([
      ...loginOptions({}).scopes,
      scopes.groups.viewMyGroupsAndMemberships,
    ])
    const back = await rig.browser.visit(rig.provider.approve(address))
    expect(back.headers.get('location')).toBe('/crew?tide=low')
    expect((await rig.browser.visit('/crew')).body).toBe(`Tide <b>Crew</b>: ${ada.sub} admin`)
  })
})

describe('a membership', () => {
  it.each(['invited', 'pending', 'rejected', 'removed', 'left', 'declined', 'ACTIVE', ''])(
    'with the status %j does not count',
    async (status) => {
      const world = await startGroups()
      world.members = [{ identity: ada.sub, role: 'admin', status }]
      const rig = await loggedIn()
      expect((await rig.browser.visit('/crew')).status).toBe(403)
    },
  )

  it('counts in the roles that are demanded only, and a member has no link to join', async () => {
    const world = await startGroups()
    world.members = [
      { identity: ada.sub, role: 'member' },
      { identity: linked, role: 'manager' },
    ]
    const rig = await loggedIn({}, { roles: ['manager', 'admin'] })
    expect((await rig.browser.visit('/crew')).body).toBe(`Tide <b>Crew</b>: ${linked} manager`)
    world.members = [{ identity: ada.sub, role: 'member' }]
    await rig.clock.advance(61_000)
    const refused = await rig.browser.visit('/crew')
    expect(refused.status).toBe(403)
    expect(refused.body).toContain('manager or admin')
    expect(refused.body).not.toContain('/join')
  })

  it('that ends is noticed within a minute, or within the time that the handler allows', async () => {
    const world = await startGroups()
    world.members = [{ identity: ada.sub, role: 'member' }]
    const rig = await loggedIn()
    expect((await rig.browser.visit('/crew')).status).toBe(200)
    world.members = []
    await rig.clock.advance(59_000)
    expect([(await rig.browser.visit('/crew')).status, asks(world)]).toEqual([200, 1])
    await rig.clock.advance(1000)
    expect((await rig.browser.visit('/crew')).status).toBe(403)

    world.members = [{ identity: ada.sub, role: 'member' }]
    options = { fresh: 0 }
    expect((await rig.browser.visit('/crew')).status).toBe(200)
    world.members = []
    expect((await rig.browser.visit('/crew')).status).toBe(403)
  })

  it('that begins is noticed at once', async () => {
    const world = await startGroups()
    const rig = await loggedIn()
    expect((await rig.browser.visit('/crew')).status).toBe(403)
    world.members = [{ identity: ada.sub, role: 'member' }]
    await rig.clock.advance(1)
    expect((await rig.browser.visit('/crew')).status).toBe(200)
  })

  it('of one session says nothing about another', async () => {
    const world = await startGroups()
    world.members = [{ identity: ada.sub, role: 'member' }]
    const rig = await loggedIn()
    expect((await rig.browser.visit('/crew')).status).toBe(200)
    const other = rig.newBrowser()
    await logIn({ provider: rig.provider, browser: other }, { who: ben })
    world.members = []
    expect((await other.visit('/crew')).status).toBe(403)
  })

  it('is asked for once by requests that come together', async () => {
    const world = await startGroups()
    world.members = [{ identity: ada.sub, role: 'member' }]
    const rig = await loggedIn()
    const answers = await Promise.all(Array.from({ length: 20 }, () => rig.browser.copy().visit('/crew')))
    expect([new Set(answers.map(({ status }) => status)), asks(world)]).toEqual([new Set([200]), 1])
  })
})

describe('a group that enforces sessions', () => {
  const timeouts = (identity: string, seconds: number): Record<string, unknown> => ({
    enforce_session: true,
    session_timeouts: { [identity]: { expire_time: '2026-04-01T00:00:00Z', expires_in: seconds } },
  })

  it('sends the person to log in as the member, and lets them in when they did', async () => {
    const world = await startGroups()
    world.members = [{ identity: linked, role: 'member' }]
    world.document = { enforce_session: true, session_timeouts: {} }
    const rig = await loggedIn()
    const answer = await rig.browser.visit('/crew')
    expect(answer.status).toBe(303)
    const address = await start(rig.browser, answer.headers.get('location') ?? '')
    const { searchParams } = new URL(address)
    expect([searchParams.get('session_required_identities'), searchParams.get('prompt')]).toEqual([linked, 'login'])
    world.document = timeouts(linked, 28_800)
    await rig.browser.visit(rig.provider.approve(address))
    expect((await rig.browser.visit('/crew')).status).toBe(200)
  })

  it('counts a login no longer than Groups says, also between two questions', async () => {
    const world = await startGroups()
    world.members = [{ identity: ada.sub, role: 'member' }]
    world.document = timeouts(ada.sub, 20)
    const rig = await loggedIn()
    expect((await rig.browser.visit('/crew')).status).toBe(200)
    await rig.clock.advance(20_000)
    world.document = timeouts(ada.sub, 0)
    expect((await rig.browser.visit('/crew')).status).toBe(303)
  })

  it.each([true, 1, 'false', {}])('is one when it says %j', async (enforced) => {
    const world = await startGroups()
    world.members = [{ identity: ada.sub, role: 'member' }]
    world.document = { enforce_session: enforced }
    const rig = await loggedIn()
    expect((await rig.browser.visit('/crew')).status).toBe(303)
  })
})

describe('Groups that cannot say', () => {
  it.each([500, 503, 403, 429])('means no, with %i', async (status) => {
    const world = await startGroups()
    world.members = [{ identity: ada.sub, role: 'member' }]
    world.down = status
    const rig = await loggedIn()
    const visit = rig.browser.visit('/crew')
    // Retries wait on the clock.
    const drive = setInterval(() => void rig.clock.advance(1000), 1)
    const answer = await visit
    clearInterval(drive)
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(answer.body).not.toContain('Tide')
  })

  it('means no with nobody at its address, and a yes of the last minute still counts', async () => {
    const world = await startGroups()
    world.members = [{ identity: ada.sub, role: 'member' }]
    const rig = await loggedIn()
    expect((await rig.browser.visit('/crew')).status).toBe(200)
    world.down = 400
    expect((await rig.browser.visit('/crew')).status).toBe(200)
    await rig.clock.advance(60_001)
    expect((await rig.browser.visit('/crew')).status).toBe(502)
    world.down = undefined
    expect((await rig.browser.visit('/crew')).status).toBe(200)
  })

  it.each([null, 'x', [null], [{ id: crew }], [{ id: crew, my_memberships: [{ role: 'admin', status: 'active' }] }]])(
    'lets nobody in with the answer %j',
    async (body) => {
      const world = await startGroups()
      world.service.answer(() => ({ body: JSON.stringify(body) }))
      const rig = await loggedIn()
      expect((await rig.browser.visit('/crew')).status).toBeGreaterThanOrEqual(400)
    },
  )
})

describe('what is demanded', () => {
  it.each([
    ['not-a-uuid', {}],
    [`${crew}/../x`, {}],
    [crew, { fresh: -1 }],
    [crew, { fresh: 301 }],
    [crew, { fresh: Number.NaN }],
  ])('must be a group and a time: %s %j', async (id, wrong) => {
    await startGroups()
    const thrown: unknown[] = []
    const rig = await loggedIn({
      app: async ({ guards }) => {
        await guards.requireGroup(id, wrong).catch((error: unknown) => thrown.push(error))
        return { body: '' }
      },
    })
    await rig.browser.visit('/crew')
    expect(thrown).toEqual([expect.any(TypeError)])
  })

  it('needs a session first, and guards of other copies of the package know the refusal', async () => {
    await startGroups()
    const rig = await createRig({ app })
    expect((await rig.browser.visit('/crew')).status).toBe(303)
    const thrown: unknown[] = []
    const other = await loggedIn({
      app: async ({ guards }) => {
        await guards.requireGroup(crew).catch((error: unknown) => thrown.push(error))
        return { body: '' }
      },
    })
    await other.browser.visit('/crew')
    expect([isGroupRequiredError(thrown[0]), isGlobusServiceError(thrown[0])]).toEqual([true, false])
    expect(isGroupRequiredError(thrown[0]) && thrown[0].message).toContain(crew)
  })
})
