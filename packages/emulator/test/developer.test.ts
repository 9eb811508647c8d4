import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import { basic, createRig, json, matching, tokensOf, type Rig } from './support.ts'

let rig: Rig
let token = ''

const MANAGE = 'urn:globus:auth:scope:auth.globus.org:manage_projects'
const TRANSFER_SCOPE_ID = '0a1c7f52-3a5e-4d0c-9c63-2f9c0e7b1b01'
const { harbour } = demo.projects

beforeEach(async () => {
  rig = createRig()
  token = (await rig.login({ scope: `openid ${MANAGE}` })).access_token
})

afterEach(() => rig.emulator.close())

const call = (method: string, path: string, body?: unknown, authorization = `Bearer ${token}`): Promise<Response> =>
  rig.emulator.fetch(
    new Request(`${rig.emulator.origin}/v2/api/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { authorization },
    }),
  )

type Documents = Record<string, Record<string, unknown>>

const done = async (method: string, path: string, body?: unknown): Promise<Documents> => {
  const response = await call(method, path, body)
  const document = await json<Documents>(response)
  expect([response.status, document]).toEqual([method === 'POST' ? 201 : 200, document])
  return document
}

const refused = async (
  method: string,
  path: string,
  body?: unknown,
  authorization?: string,
): Promise<[number, string]> => {
  const response = await call(method, path, body, authorization)
  const { errors } = await json<{ errors: { code: string; detail: string }[] } & Record<string, unknown>>(response)
  return [response.status, errors[0]?.detail ?? '']
}

const idOf = (document: Documents, key: string): string => String(document[key]?.['id'])

const newClient = async (changes: Record<string, unknown> = { public_client: false }): Promise<string> =>
  idOf(await done('POST', 'clients', { client: { name: 'New app', project: harbour, ...changes } }), 'client')

describe('projects', () => {
  test('are made, listed, changed and deleted', async () => {
    const project = { display_name: 'Tides', contact_email: 'tides@harbour.example', admin_ids: [demo.people.maya] }
    const made = await done('POST', 'projects', { project })
    const id = idOf(made, 'project')
    expect(made['project']).toEqual({
      id,
      display_name: 'Tides',
      project_name: 'Tides',
      contact_email: 'tides@harbour.example',
      admin_ids: [demo.people.maya],
      admin_group_ids: null,
      admins: { identities: [expect.objectContaining({ username: 'maya.okafor@harbour.example' })], groups: [] },
    })
    expect(await done('GET', 'projects')).toMatchObject({ projects: [{ id: harbour }, { id }] })
    expect(await done('PUT', `projects/${id}`, { project: { display_name: 'Waves' } })).toMatchObject({
      project: { display_name: 'Waves', contact_email: 'tides@harbour.example' },
    })
    await done('DELETE', `projects/${id}`)
    expect((await call('GET', `projects/${id}`)).status).toBe(404)
  })

  test('that hold something are not deleted', async () => {
    expect((await call('DELETE', `projects/${harbour}`)).status).toBe(409)
  })

  test('are managed by their admins, with the scope, only', async () => {
    const { access_token: plain } = await rig.login()
    expect(await refused('GET', 'projects', undefined, `Bearer ${plain}`)).toEqual([403, matching(/manage_projects/)])
    expect((await call('GET', 'projects', undefined, '')).status).toBe(401)
    const back = await rig.browser.authorize(rig.authorizeUrl({ scope: MANAGE, prompt: 'login' }), {
      as: demo.people.zoe,
    })
    const zoe = await tokensOf(await rig.redeem(back.searchParams.get('code') ?? ''))
    expect((await call('GET', `projects/${harbour}`, undefined, `Bearer ${zoe.access_token}`)).status).toBe(403)
    expect(await json(await call('GET', 'projects', undefined, `Bearer ${zoe.access_token}`))).toEqual({ projects: [] })
  })

  test.each([
    [{ display_name: 'x', contact_email: 'x@y.example' }, /needs an admin/],
    [{ display_name: 'x', contact_email: 'nonsense', admin_ids: [demo.people.maya] }, /contact_email/],
    [{ display_name: 'x', contact_email: 'x@y.example', admin_ids: [harbour] }, /no identity/],
  ])('are not made from %j', async (project, detail) => {
    expect(await refused('POST', 'projects', { project })).toEqual([400, matching(detail)])
  })

  test('change only soon after a login as an admin', async () => {
    await newClient()
    rig.emulator.world.timeShift.age('authentications', 1_801_000)
    expect(await refused('POST', 'clients', { client: { name: 'x', project: harbour, public_client: true } })).toEqual([
      403,
      matching(/authenticated within the last 30 minutes/),
    ])
    rig.emulator.behaviour.projectAdminWindow = 0
    await newClient()
  })
})

describe('clients', () => {
  test.each([
    [{ public_client: true }, 'public_installed_client', true],
    [{ public_client: false }, 'hybrid_confidential_client_resource_server', false],
    [{ client_type: 'client_identity' }, 'client_identity', false],
    [{ client_type: 'public_webapp_client' }, 'public_webapp_client', true],
  ])('made with %j are of the type %s', async (changes, type, isPublic) => {
    const id = await newClient(changes)
    expect(await done('GET', `clients/${id}`)).toMatchObject({
      client: { client_type: type, public_client: isPublic, project: harbour, visibility: 'private' },
    })
    expect(rig.emulator.world.identities.find(id) === undefined).toBe(isPublic)
  })

  test('are changed, and log people in', async () => {
    const id = await newClient()
    const links = { privacy_policy: 'https://app.example/privacy', terms_and_conditions: 'https://app.example/terms' }
    await done('PUT', `clients/${id}`, { client: { redirect_uris: ['https://app.example/login'], links } })
    await done('PUT', `clients/${id}`, { client: { name: 'Renamed', visibility: 'public' } })
    expect(await done('GET', `clients/${id}`)).toMatchObject({
      client: { name: 'Renamed', visibility: 'public', redirect_uris: ['https://app.example/login'], links },
    })
    const url = rig.authorizeUrl({ client_id: id, redirect_uri: 'https://app.example/login' })
    const back = await rig.browser.authorize(url, { as: demo.people.maya })
    expect(back.searchParams.get('code')).toBeTruthy()
    expect(rig.emulator.world.identities.find(id)?.name).toBe('Renamed')
  })

  test.each([
    [{ public_client: true, client_type: 'client_identity' }, /either public_client or client_type/],
    [{}, /either public_client or client_type/],
    [{ client_type: 'magic' }, /client_type/],
    [{ public_client: true, redirect_uris: ['http://app.example/'] }, /uses http/],
    [{ public_client: true, links: { privacy_policy: 'javascript:alert(1)' } }, /privacy_policy/],
    [{ public_client: true, project: 'nonsense' }, /project/],
  ])('are not made from %j', async (changes, detail) => {
    const answer = await refused('POST', 'clients', { client: { name: 'x', project: harbour, ...changes } })
    expect(answer).toEqual([400, matching(detail)])
  })

  test('are listed for their admins, and looked up by domain name', async () => {
    const document = await done('GET', 'clients')
    expect(JSON.stringify(document)).toContain(demo.clients.portal)
    expect((await call('GET', 'clients?fqdn=tides.example')).status).toBe(404)
    const portal = rig.emulator.world.clients.find(demo.clients.portal)
    if (portal !== undefined) rig.emulator.world.clients.put({ ...portal, fqdns: ['tides.example'] })
    expect(await done('GET', 'clients?fqdn=tides.example')).toMatchObject({ client: { id: demo.clients.portal } })
  })

  test('take their scopes, consents and tokens along when they are deleted', async () => {
    const login = await rig.login({ scope: demo.scopes.tideApi })
    await done('DELETE', `clients/${demo.clients.tideApi}`)
    const { world, clock } = rig.emulator
    expect(world.scopes.find(demo.scopes.tideApi)).toBeUndefined()
    expect(world.tokens.findLive(login.access_token, clock.now())).toBeUndefined()
    expect(world.consents.ofIdentity(demo.people.maya).map(({ scope }) => scope)).not.toContain(demo.scopes.tideApi)
    expect((await call('GET', `clients/${demo.clients.tideApi}`)).status).toBe(404)
  })
})

describe('credentials', () => {
  const secretFor = async (id: string): Promise<{ id: string; secret: string }> => {
    const { credential = {} } = await done('POST', `clients/${id}/credentials`, { credential: { name: 'laptop' } })
    return { id: String(credential['id']), secret: String(credential['secret']) }
  }

  test('are shown once, work, and stop working when deleted', async () => {
    const id = await newClient()
    const { id: credential, secret } = await secretFor(id)
    expect(secret).toMatch(/^[A-Za-z0-9+/]{43}=$/)
    const shown = { id: credential, name: 'laptop', client: id, created: matching(/\+00:00$/), secret: null }
    expect(await done('GET', `clients/${id}/credentials`)).toEqual({ credentials: [shown] })
    expect((await call('GET', `clients/${id}`, undefined, basic(id, secret))).status).toBe(200)
    expect(await done('DELETE', `clients/${id}/credentials/${credential}`)).toEqual({ credential: shown })
    expect((await call('GET', `clients/${id}`, undefined, basic(id, secret))).status).toBe(401)
    expect((await call('DELETE', `clients/${id}/credentials/${credential}`)).status).toBe(404)
  })

  test('are not for public clients, and not for strangers', async () => {
    const id = await newClient({ public_client: true })
    expect(await refused('POST', `clients/${id}/credentials`, { credential: { name: 'x' } })).toEqual([
      400,
      'A public client has no credentials',
    ])
    const own = await newClient()
    const { secret } = await secretFor(own)
    expect(
      (await call('GET', `clients/${demo.clients.portal}/credentials`, undefined, basic(own, secret))).status,
    ).toBe(403)
  })
})

describe('scopes', () => {
  const scope = {
    name: 'Manage',
    description: 'Manage the tide gauges',
    scope_suffix: 'manage',
    dependent_scopes: [{ scope: TRANSFER_SCOPE_ID, optional: false, requires_refresh_token: true }],
  }

  test('are made for a client, with dependencies that logins ask for', async () => {
    const id = await newClient()
    const made = await done('POST', `clients/${id}/scopes`, { scope })
    const scopeString = `https://auth.globus.org/scopes/${id}/manage`
    expect(made['scope']).toEqual({
      id: matching(/^[0-9a-f-]{36}$/),
      scope_string: scopeString,
      client: id,
      name: 'Manage',
      description: 'Manage the tide gauges',
      advertised: false,
      allows_refresh_token: true,
      required_domains: [],
      dependent_scopes: scope.dependent_scopes,
    })
    const login = await rig.login({ scope: scopeString })
    expect(login).toMatchObject({ resource_server: id, scope: scopeString })
    expect(rig.emulator.world.consents.ofIdentity(demo.people.maya).at(-1)?.scope).toContain(
      'transfer.api.globus.org:all',
    )
    expect(await done('GET', `clients/${id}`)).toMatchObject({ client: { scopes: [idOf(made, 'scope')] } })
  })

  test('are found by id and by string; what is not advertised only by its project', async () => {
    const client = await newClient()
    const id = idOf(await done('POST', `clients/${client}/scopes`, { scope }), 'scope')
    expect(await done('GET', `scopes?ids=${id},${TRANSFER_SCOPE_ID}`)).toMatchObject({
      scopes: [{ id }, { id: TRANSFER_SCOPE_ID }],
    })
    expect(
      await done('GET', `scopes?scope_strings=openid,https://auth.globus.org/scopes/${client}/manage`),
    ).toMatchObject({
      scopes: [{ scope_string: 'openid' }, { id }],
    })
    const back = await rig.browser.authorize(rig.authorizeUrl({ scope: MANAGE, prompt: 'login' }), {
      as: demo.people.zoe,
    })
    const zoe = `Bearer ${(await tokensOf(await rig.redeem(back.searchParams.get('code') ?? ''))).access_token}`
    expect(await json(await call('GET', `scopes?ids=${id}`, undefined, zoe))).toEqual({ scopes: [] })
    expect((await call('GET', `scopes/${id}`, undefined, zoe)).status).toBe(404)
    expect((await call('DELETE', `scopes/${id}`, undefined, zoe)).status).toBe(403)
  })

  test('are changed and deleted, which ends what rests on them', async () => {
    const client = await newClient()
    const id = idOf(await done('POST', `clients/${client}/scopes`, { scope }), 'scope')
    const { access_token } = await rig.login({ scope: `https://auth.globus.org/scopes/${client}/manage` })
    const alive = (): boolean =>
      rig.emulator.world.tokens.findLive(access_token, rig.emulator.clock.now()) !== undefined
    expect(await done('PUT', `scopes/${id}`, { scope: { advertised: true, dependent_scopes: [] } })).toMatchObject({
      scope: { advertised: true, dependent_scopes: [], description: 'Manage the tide gauges' },
    })
    expect(alive()).toBe(true)
    expect(await done('PUT', `scopes/${id}`, { scope: { scope_suffix: 'other' } })).toMatchObject({
      scope: { id, scope_string: `https://auth.globus.org/scopes/${client}/other` },
    })
    expect(alive()).toBe(false)
    await done('DELETE', `scopes/${id}`)
    expect((await call('GET', `scopes/${id}`)).status).toBe(404)
  })

  test.each([
    [{ ...scope, scope_suffix: 'No Spaces' }, /scope_suffix/],
    [{ ...scope, dependent_scopes: [{ scope: demo.people.maya }] }, /no scope/],
  ])('are not made from %j', async (given, detail) => {
    const id = await newClient()
    expect(await refused('POST', `clients/${id}/scopes`, { scope: given })).toEqual([400, matching(detail)])
  })
})

describe('policies', () => {
  const policy = {
    project_id: harbour,
    display_name: 'Harbour only',
    description: 'x',
    domain_constraints_include: ['harbour.example'],
  }

  test('are made, listed, changed and deleted', async () => {
    const made = await done('POST', 'policies', { policy })
    const id = idOf(made, 'policy')
    expect(made['policy']).toEqual({
      id,
      project_id: harbour,
      display_name: 'Harbour only',
      description: 'x',
      high_assurance: false,
      required_mfa: false,
      authentication_assurance_timeout: null,
      domain_constraints_include: ['harbour.example'],
      domain_constraints_exclude: null,
    })
    expect(await done('GET', 'policies')).toMatchObject({ policies: [{ id: demo.policies.hospital }, { id }] })
    const changes = {
      high_assurance: true,
      required_mfa: true,
      authentication_assurance_timeout: 60,
      domain_constraints_include: null,
    }
    expect(await done('PUT', `policies/${id}`, { policy: changes })).toMatchObject({
      policy: { ...changes, description: 'x' },
    })
    expect(await done('GET', `policies/${id}`)).toMatchObject({ policy: changes })
    await done('DELETE', `policies/${id}`)
    expect((await call('GET', `policies/${id}`)).status).toBe(404)
  })

  test('with a second factor but without high assurance are refused', async () => {
    expect(await refused('POST', 'policies', { policy: { ...policy, required_mfa: true } })).toEqual([
      400,
      matching(/high_assurance/),
    ])
  })
})

describe('requests from other origins', () => {
  test('may use every method of the path, without credentials', async () => {
    const preflight = new Request(`${rig.emulator.origin}/v2/api/clients/${demo.clients.portal}`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'DELETE' },
    })
    const { headers, status } = await rig.emulator.fetch(preflight)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-methods')).toBe('GET, PUT, DELETE, OPTIONS')
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
  })

  test('get no page opened in isolation from its opener', async () => {
    const first = await rig.browser.request(rig.authorizeUrl({ prompt: 'login' }))
    const page = await rig.browser.request(new URL(first.headers.get('location') ?? '', rig.emulator.origin))
    for (const { headers } of [first, page]) {
      expect(headers.get('cross-origin-opener-policy')).toBeNull()
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})
