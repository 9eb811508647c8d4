import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import { basic, createRig, json, matching, secretOf, tokensOf, TRANSFER, type Rig } from './support.ts'

let rig: Rig
let token = ''

beforeEach(async () => {
  rig = createRig()
  token = (await rig.login()).access_token
})

afterEach(() => rig.emulator.close())

const { maya, mayaOrcid, ingrid, sam } = demo.people
const MAYA = 'maya.okafor@harbour.example'
const GROUPS = 'urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships'
const VIEW_CONSENTS = 'urn:globus:auth:scope:auth.globus.org:view_consents'

const get = (path: string, authorization = `Bearer ${token}`): Promise<Response> =>
  rig.emulator.fetch(new Request(`${rig.emulator.origin}/v2/api/${path}`, { headers: { authorization } }))

interface Identities {
  identities: { id: string; username: string; name: string | null; status: string }[]
  included?: { identity_providers: { id: string }[] }
  [key: string]: unknown
}

const list = async (query: string): Promise<Identities> => json<Identities>(await get(`identities?${query}`))

const refusal = async (path: string, authorization?: string): Promise<[number, unknown]> => {
  const response = await get(path, authorization)
  const { errors } = await json<{ errors: { code: string }[] } & Record<string, unknown>>(response)
  return [response.status, errors[0]?.code]
}

describe('identities', () => {
  test('are found by id, with every key, and unknown ones are left out', async () => {
    const { identities, included } = await list(`ids=${maya},${crypto.randomUUID()},${ingrid}`)
    expect(identities[0]).toEqual({
      id: maya,
      username: MAYA,
      name: 'Maya Okafor',
      email: MAYA,
      organization: 'Harbour University',
      identity_provider: demo.providers.harbourUniversity,
      identity_type: 'login',
      status: 'used',
    })
    expect(identities.map(({ id }) => id)).toEqual([maya, ingrid])
    expect(included).toBeUndefined()
  })

  test('are found by username, clients among them', async () => {
    const client = `${demo.clients.portal}@clients.auth.globus.org`
    const { identities } = await list(`usernames=${MAYA},nobody@harbour.example,${client}`)
    expect(identities.map(({ username }) => username)).toEqual([MAYA, client])
    expect(identities[1]).toMatchObject({ id: demo.clients.portal, identity_type: null, email: null })
  })

  test('bring their identity providers along', async () => {
    const { included } = await list(`ids=${maya},${sam}&include=identity_provider`)
    expect(included?.identity_providers).toEqual([
      {
        id: demo.providers.harbourUniversity,
        name: 'Harbour University',
        short_name: 'harbour',
        alternative_names: [],
        domains: ['harbour.example'],
      },
      {
        id: demo.providers.globusId,
        name: 'Globus ID',
        short_name: 'globusid',
        alternative_names: [],
        domains: ['globusid.org'],
      },
    ])
  })

  test('are made on request, once, unused and unable to log in', async () => {
    const query = 'usernames=new@harbour.example,new@nowhere.example&provision='
    expect((await list(`${query}false`)).identities).toEqual([])
    const { identities } = await list(`${query}true`)
    expect(identities).toEqual([
      {
        id: matching(/^[0-9a-f-]{36}$/),
        username: 'new@harbour.example',
        name: null,
        email: null,
        organization: null,
        identity_provider: demo.providers.harbourUniversity,
        identity_type: 'login',
        status: 'unused',
      },
    ])
    expect((await list(`${query}True`)).identities).toEqual(identities)
    expect(rig.emulator.world.identities.people().map(({ username }) => username)).not.toContain('new@harbour.example')
    const login = rig.browser.authorize(rig.authorizeUrl({ prompt: 'login' }), { as: identities[0]?.id ?? '' })
    await expect(login).rejects.toThrow('Wrong username or password')
  })

  test('come one at a time by their address', async () => {
    expect(await json(await get(`identities/${maya}?include=identity_provider`))).toMatchObject({
      identity: { id: maya },
      included: { identity_providers: [{ short_name: 'harbour' }] },
    })
    expect(await refusal(`identities/${crypto.randomUUID()}`)).toEqual([404, 'NOT_FOUND'])
  })

  test.each([
    '',
    `ids=${maya}&usernames=${MAYA}`,
    'ids=nonsense',
    'usernames=maya.okafor',
    `ids=${Array.from({ length: 101 }, () => maya).join(',')}`,
  ])('are not looked up by %s', async (query) => {
    expect(await refusal(`identities?${query}`)).toEqual([400, 'BAD_REQUEST'])
  })

  test('are shown to clients with their own credentials, and to nobody without', async () => {
    const { portal } = demo.clients
    expect((await get(`identities?ids=${maya}`, basic(portal, secretOf(rig.emulator, portal)))).status).toBe(200)
    const transfer = await rig.login({ scope: TRANSFER })
    for (const authorization of ['', 'Bearer nonsense', `Bearer ${transfer.access_token}`, basic(portal, 'wrong')])
      expect(await refusal(`identities?ids=${maya}`, authorization)).toEqual([401, 'UNAUTHORIZED'])
  })
})

test('identity providers are found by id or domain', async () => {
  const names = async (query: string): Promise<unknown> => {
    const document = await json<{ identity_providers: { short_name: string }[] } & Record<string, unknown>>(
      await get(`identity_providers?${query}`),
    )
    return document.identity_providers.map(({ short_name }) => short_name)
  }
  expect(await names(`ids=${demo.providers.orcid},${maya}`)).toEqual(['orcid'])
  expect(await names('domains=globusid.org,hospital.example,nowhere.example')).toEqual(['globusid', 'hospital'])
  expect(await refusal('identity_providers')).toEqual([400, 'BAD_REQUEST'])
  expect(await refusal(`identity_providers?ids=${maya}&domains=orcid.org`)).toEqual([400, 'BAD_REQUEST'])
})

describe('consents', () => {
  interface Consent {
    id: number
    client: string
    scope_name: string
    dependency_path: number[]
    atomically_revocable: boolean
    created: string
    [key: string]: unknown
  }

  const consents = async (all: string, bearer = token): Promise<Consent[]> => {
    const response = await get(`identities/${maya}/consents?all=${all}`, `Bearer ${bearer}`)
    return (await json<{ consents: Consent[] } & Record<string, unknown>>(response)).consents
  }

  test('are a tree of documents with thirteen keys, whose times Python reads', async () => {
    const { access_token } = await rig.login({ scope: `openid ${TRANSFER}[*${GROUPS}]` })
    const tree = await consents('False', access_token)
    const root = tree.find(({ scope_name }) => scope_name === TRANSFER)
    const child = tree.find(({ scope_name }) => scope_name === GROUPS)
    const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)
    const transfer = rig.emulator.world.scopes.find(TRANSFER)
    expect(root).toEqual({
      created: time,
      id: root?.id,
      status: 'approved',
      updated: time,
      allows_refresh: true,
      dependency_path: [root?.id],
      scope_name: TRANSFER,
      atomically_revocable: false,
      effective_identity: maya,
      auto_approved: false,
      last_used: time,
      scope: transfer?.id,
      client: demo.clients.portal,
    })
    expect(child).toMatchObject({
      dependency_path: [root?.id, child?.id],
      atomically_revocable: true,
      client: transfer?.client,
    })
  })

  test('of other apps are shown with view_consents only', async () => {
    const other = rig.authorizeUrl({
      client_id: demo.clients.exampleApp,
      redirect_uri: 'http://localhost:5000/login',
      scope: GROUPS,
    })
    await rig.browser.authorize(other, { as: maya })
    expect((await consents('false')).every(({ client }) => client === demo.clients.portal)).toBe(true)
    expect(await refusal(`identities/${maya}/consents?all=True`)).toEqual([403, 'FORBIDDEN'])
    const { access_token } = await rig.login({ scope: VIEW_CONSENTS })
    const all = await consents('true', access_token)
    expect(all.map(({ client }) => client)).toContain(demo.clients.exampleApp)
  })

  test('are shown for every identity of the account, and to nobody else', async () => {
    expect((await get(`identities/${mayaOrcid}/consents`)).status).toBe(200)
    expect(await refusal(`identities/${ingrid}/consents`)).toEqual([403, 'FORBIDDEN'])
  })

  test('say when they were last used', async () => {
    const { world, clock } = rig.emulator
    world.timeShift.age('consents', 3_600_000)
    const aged = world.consents.ofIdentity(maya)[0]?.lastUsedAt ?? 0
    await tokensOf(await rig.redeem(await rig.code()))
    expect(aged).toBeLessThan(clock.now() - 3_000_000)
    expect(world.consents.ofIdentity(maya)[0]?.lastUsedAt).toBeGreaterThan(clock.now() - 3_000_000)
  })

  test('of a client are listed with its own token', async () => {
    const { access_token } = await tokensOf(
      await rig.post('/v2/oauth2/token', { grant_type: 'client_credentials', scope: `openid ${TRANSFER}[*${GROUPS}]` }),
    )
    const response = await get(`identities/${demo.clients.portal}/consents`, `Bearer ${access_token}`)
    const document = await json<{ consents: Consent[] } & Record<string, unknown>>(response)
    expect(document.consents.map(({ scope_name }) => scope_name)).toEqual(['openid', TRANSFER, GROUPS])
  })
})
