import type { LookupFunction } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { gcsManagerClient, manageCollectionsScope, type ManagedEndpoint } from '../../src/globus.ts'
import {
  otherUuid,
  refusal,
  session,
  startService,
  swiftClock,
  token,
  uuid,
  type Reply,
  type Service,
} from './service.ts'

const endpointId = 'a1c9b7f0-2d3e-4f5a-8b6c-7d8e9f0a1b2c'
const mapped = (url: string | null): ManagedEndpoint => ({
  id: uuid,
  entity_type: 'GCSv5_mapped_collection',
  owner_id: endpointId,
  gcs_manager_url: url,
})

const answer = (...data: object[]): Reply => ({
  body: { DATA_TYPE: 'result#1.0.0', code: 'success', http_response_code: 200, has_next_page: false, data },
})
const info = (endpoint: string): Reply =>
  answer({ DATA_TYPE: 'connector#1.0.0' }, { DATA_TYPE: 'info#1.0.0', endpoint_id: endpoint })

/** A manager of a local Globus; `serve` answers all but the question which endpoint it belongs to. */
async function startManager(serve: (path: string, method: string) => Reply, endpoint = endpointId): Promise<Service> {
  return startService(({ path, method }) => (path === '/api/info' ? info(endpoint) : serve(path, method)))
}

const guest = {
  mapped_collection_id: uuid,
  user_credential_id: otherUuid,
  collection_base_path: '/results/',
  display_name: 'Results',
}

describe('the manager of an endpoint', () => {
  it('makes a guest collection with the token of the endpoint, once, and gives the document of what it made', async () => {
    const { origin, received } = await startManager(() => ({
      ...answer({ DATA_TYPE: 'collection#1.9.0', id: otherUuid, display_name: 'Results' }),
      status: 201,
    }))
    const made = await gcsManagerClient(session, mapped(origin)).collections.create(guest)
    expect(made).toMatchObject({ id: otherUuid, display_name: 'Results' })
    expect(received.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /api/info', 'POST /api/collections'])
    expect(received.map(({ headers }) => headers.authorization)).toEqual([undefined, `Bearer ${token}.${endpointId}`])
    expect(JSON.parse(received[1]?.body ?? '')).toEqual({
      ...guest,
      DATA_TYPE: 'collection#1.0.0',
      collection_type: 'guest',
    })
  })

  it('does not make it again when nobody knows whether it was made', async () => {
    const { origin, received } = await startManager(() => ({ status: 503, body: {} }))
    const { collections } = gcsManagerClient(session, mapped(origin), { clock: swiftClock() })
    expect(await refusal(collections.create(guest))).toMatchObject({ service: 'gcs', status: 503 })
    expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('changes, shows and takes away a collection', async () => {
    const { origin, received } = await startManager(() => answer({ DATA_TYPE: 'collection#1.0.0', id: uuid }))
    const { collections } = gcsManagerClient(session, mapped(origin))
    await expect(collections.get(uuid)).resolves.toMatchObject({ id: uuid })
    await collections.patch(uuid, { display_name: 'Other', enable_https: true })
    await collections.remove(uuid)
    expect(received.slice(1).map(({ method, path }) => `${method} ${path}`)).toEqual(
      ['GET', 'PATCH', 'DELETE'].map((method) => `${method} /api/collections/${uuid}`),
    )
    expect(JSON.parse(received[2]?.body ?? '')).toMatchObject({ DATA_TYPE: 'collection#1.1.0', display_name: 'Other' })
    for (const id of ['..', `${uuid}/..`, ''])
      await expect(collections.get(id)).rejects.toThrow('The id of the collection must be a UUID.')
  })

  it('lists in pages, and asks which endpoint it is only once', async () => {
    const { origin, received } = await startService(({ path, query }) => {
      if (path === '/api/info') return info(endpointId.toUpperCase())
      const isFirst = query.get('marker') === null
      const data = [{ DATA_TYPE: 'user_credential#1.0.0', id: isFirst ? uuid : otherUuid }]
      return { body: { data, has_next_page: isFirst, marker: isFirst ? 'm1' : '' } }
    })
    const manager = gcsManagerClient(session, mapped(origin))
    const { items } = await manager.userCredentials.getAll({ storage_gateway: uuid }).collect()
    expect(items.map(({ id }) => id)).toEqual([uuid, otherUuid])
    await manager.collections.getAll({ filter: 'guest_collections', mapped_collection_id: uuid }).collect(1)
    expect(received.filter(({ path }) => path === '/api/info')).toHaveLength(1)
    expect(received[1]?.query.get('storage_gateway')).toBe(uuid)
    expect(received.at(-1)?.query.get('filter')).toBe('guest_collections')
  })

  it('says what kind of refusal it was, and what login would help', async () => {
    const { origin, answer: from } = await startManager(() => answer())
    const { collections } = gcsManagerClient(session, mapped(origin))
    const refuse = async (detail: object): Promise<unknown> => {
      const body = { code: 'permission_denied', message: 'No.', http_response_code: 403, detail }
      from(({ path }) => (path === '/api/info' ? info(endpointId) : { status: 403, body }))
      return refusal(collections.create(guest))
    }
    expect(await refuse({ DATA_TYPE: 'credential_not_found#1.0.0', accounts: [] })).toMatchObject({
      code: 'globus_service_error',
      serviceCode: 'permission_denied',
      serviceMessage: 'No.',
      serviceDetail: 'credential_not_found',
    })
    expect(await refuse({ DATA_TYPE: '<b>#1' })).toMatchObject({ serviceDetail: undefined })
    expect(await refuse({ DATA_TYPE: 'authentication_timeout#1.1.0', identities: [uuid] })).toMatchObject({
      code: 'authorization_required',
      resourceServer: endpointId,
      sessionRequiredIdentities: [uuid],
      prompt: 'login',
    })
  })

  it('is taken for broken when it sends something else', async () => {
    const { origin } = await startManager(() => answer({ DATA_TYPE: 'role#1.0.0' }))
    const error = await refusal(gcsManagerClient(session, mapped(origin)).collections.get(uuid))
    expect(error).toMatchObject({ code: 'globus_answer_invalid', service: 'gcs' })
  })
})

describe('the address of a manager', () => {
  it('gets no token when it says that it belongs to another endpoint', async () => {
    const { origin, received } = await startManager(() => answer(), otherUuid)
    const { collections } = gcsManagerClient(session, mapped(origin))
    for (let asked = 0; asked < 2; asked += 1)
      expect(await refusal(collections.create(guest))).toMatchObject({
        code: 'collection_refused',
        message: 'The collection cannot be used: its manager is that of another endpoint.',
      })
    expect(received.every(({ headers, path }) => path === '/api/info' && headers.authorization === undefined)).toBe(
      true,
    )
  })

  const local = 'http://127.0.0.1:9'
  it.each<[string, Partial<ManagedEndpoint>]>([
    ['none', { gcs_manager_url: null }],
    ['a path', { gcs_manager_url: 'https://abc.data.example.org/x' }],
    ['a user', { gcs_manager_url: 'https://me@abc.data.example.org' }],
    ['the clear', { gcs_manager_url: 'http://abc.data.example.org' }],
    ['this machine', { gcs_manager_url: local }],
    ['a private network', { gcs_manager_url: 'https://10.0.0.1' }],
    ['Connect Personal', { entity_type: 'GCP_mapped_collection' }],
    ['a kind that is not said', { entity_type: null }],
  ])('with %s is refused before anything is sent', (_, given) => {
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', 'https://auth.globus.org')
    expect(() => gcsManagerClient(session, { ...mapped('https://abc.data.example.org'), ...given })).toThrow(
      expect.objectContaining({ code: 'collection_refused', service: 'gcs' }),
    )
  })

  it('whose name leads to a private address when it is connected gets nothing', async () => {
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', 'https://auth.globus.org')
    const asked: string[] = []
    const lookup: LookupFunction = (name, _options, callback) => {
      asked.push(name)
      callback(null, [{ address: '10.0.0.7', family: 4 }])
    }
    const manager = gcsManagerClient(session, mapped('https://abc.data.example.org'), { lookup })
    expect(await refusal(manager.collections.get(uuid))).toMatchObject({ code: 'collection_refused' })
    expect(asked).toEqual(['abc.data.example.org'])
  })

  it('that redirects gets no second request', async () => {
    const { origin, received } = await startService(() => ({ status: 302, headers: { location: `${local}/api/info` } }))
    const error = await refusal(gcsManagerClient(session, mapped(origin)).collections.get(uuid))
    expect(error).toMatchObject({ status: 302 })
    expect(received).toHaveLength(1)
  })
})

it('the scope of a manager names the endpoint, and the mapped collection that is to be shared from', () => {
  const scope = `urn:globus:auth:scope:${endpointId}:manage_collections`
  expect(manageCollectionsScope(endpointId)).toBe(scope)
  expect(manageCollectionsScope(endpointId, uuid)).toBe(`${scope}[*https://auth.globus.org/scopes/${uuid}/data_access]`)
  for (const wrong of ['', 'x] openid', '../x'])
    expect(() => manageCollectionsScope(endpointId, wrong)).toThrow(TypeError)
})

it('the document of an endpoint itself will do in place of one on it', () => {
  const document = { id: endpointId, entity_type: 'GCSv5_endpoint', gcs_manager_url: 'https://abc.data.example.org' }
  expect(gcsManagerClient(session, document).endpointId).toBe(endpointId)
})
