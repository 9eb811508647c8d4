import { describe, expect, it } from 'vitest'
import { demo } from '../../src/index.ts'
import { ANY_STRING, json } from '../support.ts'
import { accessScope, createDataRig, type DataRig } from '../https-data/support.ts'
import type { Json } from '../transfer/support.ts'

const { collections: c, people, clients } = demo

interface Answer {
  readonly status: number
  readonly body: Json
  readonly data: readonly Json[]
}

type Manager = (method: string, path: string, body?: object) => Promise<Answer>

const manageScope = (endpoint: string): string => `urn:globus:auth:scope:${endpoint}:manage_collections`

interface ManagerRig extends DataRig {
  manager(person: string, scopes?: string): Promise<Manager>
}

function createManagerRig(endpoint: string = c.harbourServer): ManagerRig {
  const rig = createDataRig()
  const origin = rig.emulator.info().collections.find(({ id }) => id === endpoint)
  expect(origin).toMatchObject({ https_server: null })
  return {
    ...rig,
    manager: async (person, scopes = `${manageScope(endpoint)}[${accessScope(c.tidalSurveyArchive)}]`) => {
      const tokens = await rig.emulator.issueTokens({ client: clients.portal, identity: person, scopes })
      const maya = await rig.as(person)
      const { body } = await maya.get(`/v0.10/endpoint/${endpoint}`)
      return async (method, path, document) => {
        const init = document === undefined ? { method } : { method, body: JSON.stringify(document) }
        const response = await rig.send(`${String(body['gcs_manager_url'])}/api/${path}`, {
          ...init,
          token: tokens.access_token,
        })
        const answer = await json<Json & { data: Json[] }>(response)
        return { status: response.status, body: answer, data: answer.data }
      }
    },
  }
}

/** The account of the caller on the storage of the survey. */
async function credentialOf(call: Manager): Promise<unknown> {
  const [archive] = (await call('GET', `collections/${c.tidalSurveyArchive}`)).data
  const gateway = String(archive?.['storage_gateway_id'])
  return (await call('GET', `user_credentials?storage_gateway=${gateway}`)).data[0]?.['id']
}

const guest = (more: Json = {}): Json => ({
  DATA_TYPE: 'collection#1.0.0',
  collection_type: 'guest',
  mapped_collection_id: c.tidalSurveyArchive,
  collection_base_path: '/shared/',
  display_name: 'Shared with Sam',
  ...more,
})

describe('the manager of an endpoint', () => {
  it('says what it is to everybody, and nothing else', async () => {
    const rig = createManagerRig()
    const maya = await rig.as(people.maya)
    const { body } = await maya.get(`/v0.10/endpoint/${c.tidalSurveyArchive}`)
    expect(body).toMatchObject({ owner_id: c.harbourServer, gcs_manager_url: ANY_STRING })
    const info = await rig.send(`${String(body['gcs_manager_url'])}/api/info`)
    expect(await json(info)).toMatchObject({
      DATA_TYPE: 'result#1.0.0',
      code: 'success',
      data: [{ DATA_TYPE: 'info#1.0.0', endpoint_id: c.harbourServer }, { display_name: 'POSIX' }],
    })
    const closed = await rig.send(`${String(body['gcs_manager_url'])}/api/collections`)
    expect([closed.status, await json(closed)]).toMatchObject([401, { code: 'unauthorized', http_response_code: 401 }])
    const wrong = await rig.token(people.maya, c.tidalSurveyArchive)
    expect((await rig.send(`${String(body['gcs_manager_url'])}/api/collections`, { token: wrong })).status).toBe(401)
  })

  it('lists its collections in pages, filtered', async () => {
    const rig = createManagerRig()
    const call = await rig.manager(people.maya)
    const seen: unknown[] = []
    let marker = ''
    do {
      const { body, data } = await call('GET', `collections?page_size=60${marker === '' ? '' : `&marker=${marker}`}`)
      seen.push(...data.map(({ id }) => id))
      marker = body['has_next_page'] === true ? String(body['marker']) : ''
    } while (marker !== '')
    expect(seen).toHaveLength(new Set(seen).size)
    expect(seen).toEqual(expect.arrayContaining([c.tidalSurveyArchive, c.tidalSurveyPublic, c.small[149]]))
    for (const other of [c.hospitalImaging, c.mayasLaptop, c.harbourServer]) expect(seen).not.toContain(other)
    const mapped = await call('GET', 'collections?filter=mapped_collections')
    expect(mapped.data.every(({ collection_type: type }) => type === 'mapped')).toBe(true)
    const guests = await call(
      'GET',
      `collections?filter=guest_collections,created_by_me&mapped_collection_id=${c.tidalSurveyArchive}`,
    )
    expect(guests.data.map(({ id }) => id)).toEqual(expect.arrayContaining([c.tidalSurveyPublic, c.tideCrewWorkspace]))
    expect((await call('GET', 'collections?filter=nonsense')).status).toBe(400)
    const sam = await rig.manager(people.sam)
    expect((await sam('GET', 'collections')).data.map(({ id }) => id)).not.toContain(c.tideCrewWorkspace)
    expect((await sam('GET', `collections/${c.tideCrewWorkspace}`)).status).toBe(404)
  })

  it('makes a guest collection that Transfer and HTTPS know at once', async () => {
    const rig = createManagerRig()
    await rig.write(c.tidalSurveyArchive, 'shared/data.csv', 'shared')
    const call = await rig.manager(people.maya)
    const credential = await credentialOf(call)
    const created = await call('POST', 'collections', guest({ user_credential_id: credential, public: true }))
    expect([created.status, created.data[0]]).toMatchObject([
      201,
      {
        display_name: 'Shared with Sam',
        collection_type: 'guest',
        mapped_collection_id: c.tidalSurveyArchive,
        collection_base_path: '/shared/',
        identity_id: people.maya,
        user_credential_id: credential,
        https_url: ANY_STRING,
      },
    ])
    const id = String(created.data[0]?.['id'])
    const maya = await rig.as(people.maya)
    const rule = { principal_type: 'identity', principal: people.sam, path: '/', permissions: 'r' }
    expect((await maya.send('POST', `/v0.10/endpoint/${id}/access`, rule)).status).toBe(201)
    const sam = await rig.as(people.sam)
    expect((await sam.get(`/v0.10/operation/endpoint/${id}/ls`, { path: '/' })).data).toMatchObject([
      { name: 'data.csv' },
    ])
    const file = `${String(created.data[0]?.['https_url'])}/data.csv`
    expect(await (await rig.send(file, { token: await rig.token(people.sam, id) })).text()).toBe('shared')
    expect((await rig.send(file)).headers.get('location')).toContain(id)
    expect((await sam.get('/v0.10/endpoint_search', { filter_scope: 'shared-with-me' })).data).toMatchObject([{ id }])
  })

  it('refuses to share what the caller may not, and says what login would help', async () => {
    const rig = createManagerRig()
    await rig.write(c.tidalSurveyArchive, 'shared/data.csv', 'x')
    const bare = await rig.manager(people.maya, manageScope(c.harbourServer))
    expect((await bare('POST', 'collections', guest())).body).toMatchObject({
      http_response_code: 403,
      code: 'consent_required',
      authorization_parameters: {
        required_scopes: [`${manageScope(c.harbourServer)}[${accessScope(c.tidalSurveyArchive)}]`],
      },
    })
    const maya = await rig.manager(people.maya)
    const credential = await credentialOf(maya)
    const status = async (more: Json): Promise<number> =>
      (await maya('POST', 'collections', guest({ user_credential_id: credential, ...more }))).status
    expect(await status({ collection_base_path: '/none/' })).toBe(404)
    expect(await status({ collection_base_path: '/shared/data.csv' })).toBe(400)
    expect(await status({ collection_base_path: '/../../' })).toBe(403)
    expect(await status({ identity_id: people.sam })).toBe(403)
    for (const wrong of [null, people.sam]) expect(await status({ user_credential_id: wrong })).toBe(422)
    expect(await status({ mapped_collection_id: c.hospitalImaging })).toBe(404)
    expect(await status({ mapped_collection_id: c.tidalSurveyPublic })).toBe(400)
    expect(await status({ collection_type: 'mapped' })).toBe(501)
    expect(await status({ display_name: '' })).toBe(400)
    const sam = await rig.manager(people.sam)
    expect((await sam('POST', 'collections', guest())).body).toMatchObject({
      http_response_code: 403,
      detail: { DATA_TYPE: 'not_from_allowed_domain#1.0.0', allowed_domains: ['harbour.example'] },
    })
  })

  it('takes only an account of the storage and of the owner', async () => {
    const rig = createManagerRig()
    await rig.write(c.tidalSurveyArchive, 'shared/data.csv', 'x')
    const maya = await rig.manager(people.maya)
    const { data } = await maya('GET', 'user_credentials')
    const [fitting, ...others] = [await credentialOf(maya), ...data.map(({ id }) => id)]
    const elsewhere = others.find((id) => id !== fitting)
    const refused = await maya('POST', 'collections', guest({ user_credential_id: elsewhere }))
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'unprocessable_entity',
        detail: { DATA_TYPE: 'invalid_input#1.0.0', items: [{ property: 'user_credential_id' }] },
      },
    })
    const mine = guest({ user_credential_id: fitting, identity_id: people.maya })
    expect((await maya('POST', 'collections', mine)).status).toBe(201)
  })

  it('makes no guest collections where its administrator does not allow them', async () => {
    const rig = createManagerRig()
    await rig.write(c.tidalSurveyArchive, 'shared/data.csv', 'x')
    const maya = await rig.manager(people.maya)
    const allowed = async (): Promise<unknown> =>
      (await maya('GET', `collections/${c.tidalSurveyArchive}`)).data[0]?.['allow_guest_collections']
    const share = async (): Promise<Answer> =>
      maya('POST', 'collections', guest({ user_credential_id: await credentialOf(maya) }))
    expect(await allowed()).toBe(true)
    await maya('PATCH', `collections/${c.tidalSurveyArchive}`, { allow_guest_collections: false })
    expect([await allowed(), (await share()).body]).toMatchObject([false, { code: 'permission_denied' }])
    expect((await maya('GET', `collections/${c.microscope3}`)).data[0]?.['allow_guest_collections']).toBe(false)
    await maya('PATCH', `collections/${c.tidalSurveyArchive}`, { allow_guest_collections: true })
    expect((await share()).status).toBe(201)
  })

  it('asks for a fresh hospital login where data are protected', async () => {
    const rig = createManagerRig(c.hospitalServer)
    await rig.write(c.hospitalImaging, 'shared/x', 'x')
    const call = await rig.manager(people.ingrid, manageScope(c.hospitalServer))
    rig.emulator.world.timeShift.age('authentications', 120_000)
    const refused = await call('POST', 'collections', guest({ mapped_collection_id: c.hospitalImaging }))
    expect([refused.status, refused.body]).toMatchObject([
      403,
      {
        detail: { DATA_TYPE: 'authentication_timeout#1.1.0', identities: [people.ingrid], require_mfa: false },
        authorization_parameters: { prompt: 'login' },
      },
    ])
    const maya = await rig.manager(people.maya, manageScope(c.hospitalServer))
    expect((await maya('POST', 'collections', guest({ mapped_collection_id: c.hospitalImaging }))).body).toMatchObject({
      detail: { DATA_TYPE: 'not_from_allowed_domain#1.0.0', allowed_domains: ['hospital.example'] },
    })
  })

  it('changes and deletes collections, for those who administer them', async () => {
    const rig = createManagerRig()
    await rig.write(c.tidalSurveyPublic, 'f', 'f')
    const [call, sam] = [await rig.manager(people.maya), await rig.manager(people.sam)]
    expect((await sam('PATCH', `collections/${c.tidalSurveyPublic}`, { display_name: 'Mine' })).status).toBe(403)
    expect((await sam('DELETE', `collections/${c.tidalSurveyPublic}`)).status).toBe(403)
    const file = `${rig.origin(c.tidalSurveyPublic)}/f`
    expect((await rig.send(file)).status).toBe(200)
    const change = { display_name: 'Renamed', keywords: ['a', 'b'], enable_https: false }
    expect((await call('PATCH', `collections/${c.tidalSurveyPublic}`, change)).body).toMatchObject({ code: 'success' })
    const [document] = (await call('GET', `collections/${c.tidalSurveyPublic}?include=private_policies`)).data
    expect(document).toMatchObject({ display_name: 'Renamed', keywords: ['a', 'b'], https_url: null, root_path: '/' })
    expect((await rig.send(file)).status).toBe(404)
    await call('PATCH', `collections/${c.tidalSurveyPublic}`, { enable_https: true })
    expect((await rig.send(file)).status).toBe(200)
    expect((await call('DELETE', `collections/${c.tidalSurveyArchive}`)).status).toBe(200)
    expect((await rig.send(file)).status).toBe(404)
    const maya = await rig.as(people.maya)
    expect((await maya.get(`/v0.10/endpoint/${c.tidalSurveyPublic}`)).status).toBe(404)
    expect((await call('PATCH', 'endpoint', { display_name: 'Harbour', public: true })).status).toBe(200)
    expect((await call('GET', 'endpoint')).data).toMatchObject([{ id: c.harbourServer, display_name: 'Harbour' }])
  })

  it('gives and takes roles', async () => {
    const rig = createManagerRig()
    const [call, zoe] = [await rig.manager(people.maya), await rig.manager(people.zoe)]
    const place = `roles?collection_id=${c.tidalSurveyPublic}`
    expect((await call('GET', place)).data).toMatchObject([{ role: 'administrator' }])
    expect([(await zoe('GET', place)).data, (await zoe('GET', `${place}&include=all_roles`)).status]).toEqual([[], 403])
    const role = {
      collection: c.tidalSurveyPublic,
      principal: `urn:globus:auth:identity:${people.zoe}`,
      role: 'access_manager',
    }
    expect((await zoe('POST', 'roles', role)).status).toBe(403)
    const { data, status } = await call('POST', 'roles', role)
    expect([status, (await call('POST', 'roles', role)).status]).toEqual([201, 409])
    expect((await zoe('GET', place)).data).toMatchObject([{ role: 'access_manager', collection: c.tidalSurveyPublic }])
    const id = String(data[0]?.['id'])
    expect((await call('GET', `roles/${id}`)).data).toMatchObject([{ id }])
    expect([(await call('DELETE', `roles/${id}`)).status, (await call('GET', `roles/${id}`)).status]).toEqual([
      200, 404,
    ])
    expect((await call('POST', 'roles', { ...role, principal: 'zoe' })).status).toBe(400)
  })

  it('shows storage gateways and the caller’s own accounts', async () => {
    const rig = createManagerRig()
    const [maya, sam] = [await rig.manager(people.maya), await rig.manager(people.sam)]
    const { data: gateways } = await maya('GET', 'storage_gateways')
    const harbour = gateways.find(({ allowed_domains: domains }) => String(domains) === 'harbour.example')
    expect((await maya('GET', `storage_gateways/${String(harbour?.['id'])}`)).data).toEqual([harbour])
    const mine = await maya('GET', `user_credentials?storage_gateway=${String(harbour?.['id'])}`)
    expect(mine.data).toMatchObject([{ identity_id: people.maya, storage_gateway_id: harbour?.['id'] }])
    expect((await maya('GET', `user_credentials/${String(mine.data[0]?.['id'])}`)).data).toEqual(mine.data)
    expect((await sam('GET', `user_credentials?storage_gateway=${String(harbour?.['id'])}`)).data).toEqual([])
    for (const path of ['storage_gateways', 'user_credentials', 'sharing_policies'])
      expect((await maya('POST', path, {})).body).toMatchObject({ code: 'not_implemented', http_response_code: 501 })
  })
})
