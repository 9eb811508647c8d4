import type { LookupFunction } from 'node:net'
import * as sdk from '@globus/sdk/services/globus-connect-server'
import { callService, listService, type Connection } from './bind.ts'
import type { CallOptions, ClientOptions } from './client-options.ts'
import { isLocalGlobus, refused, serverOf } from './collection-address.ts'
import {
  collectionIn,
  documentIn,
  type GuestCollectionChanges,
  type ManagedCollection,
  type NewGuestCollection,
  type UserCredential,
} from './gcs-documents.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { requireUuid } from './identifiers.ts'
import type { List } from './list.ts'
import type { TokenSource } from './token-source.ts'
import type { SendWithSdk } from './transport.ts'

/** What is needed of a document of Transfer: of a Connect Server endpoint, or of a mapped collection on one. */
export interface ManagedEndpoint {
  readonly id: string
  readonly entity_type?: string | null
  /** Of a mapped collection: its endpoint. */
  readonly owner_id?: string | null
  readonly gcs_manager_url?: string | null
}

/** For all calls of a client. */
export interface GcsManagerOptions extends Omit<ClientOptions, 'fetch'> {
  /** How names become addresses. Default: Node's own. Private addresses are refused whatever it says. */
  readonly lookup?: LookupFunction
}

/** Which collections of an endpoint are listed. */
export interface ManagedCollectionsQuery {
  readonly filter?: string
  readonly mapped_collection_id?: string
}

/** The manager of a Connect Server endpoint for one person, with the names of `globus-connect-server` in `@globus/sdk`. */
export interface GcsManagerClient {
  /** Whose tokens it takes. */
  readonly endpointId: string
  readonly collections: {
    getAll(query?: ManagedCollectionsQuery, options?: CallOptions): List<ManagedCollection>
    get(id: string, options?: CallOptions): Promise<ManagedCollection>
    /** Makes a guest collection. Sent once: who gives up waiting looks whether it was made. */
    create(document: NewGuestCollection, options?: CallOptions): Promise<ManagedCollection>
    patch(id: string, changes: GuestCollectionChanges, options?: CallOptions): Promise<void>
    /** Takes the collection away with its permissions. The files stay. */
    remove(id: string, options?: CallOptions): Promise<void>
  }
  readonly userCredentials: {
    /** The caller's own. */
    getAll(query?: { readonly storage_gateway?: string }, options?: CallOptions): List<UserCredential>
  }
}

/**
 * The scope that a manager takes. With `mapped`, the id of a mapped collection that is not high assurance, guest collections
 * can be made on that.
 */
export function manageCollectionsScope(endpointId: string, mapped?: string): string {
  const scope = `urn:globus:auth:scope:${requireUuid(endpointId, 'The id of the endpoint')}:manage_collections`
  if (mapped === undefined) return scope
  return `${scope}[*https://auth.globus.org/scopes/${requireUuid(mapped, 'The id of the collection')}/data_access]`
}

/**
 * The manager of a Globus Connect Server endpoint, given as Transfer's document of it or of a mapped collection on it. Needs
 * {@link manageCollectionsScope} in the login. Before the first token is sent, the manager says without one which endpoint it
 * belongs to: that must be the one of the document.
 * See <https://docs.globus.org/globus-connect-server/v5.4/api/>.
 *
 * @throws GlobusServiceError `collection_refused` when there is no manager, or its address cannot be trusted
 */
export function gcsManagerClient(
  session: TokenSource,
  endpoint: ManagedEndpoint,
  { lookup, ...options }: GcsManagerOptions = {},
): GcsManagerClient {
  const configuration = managerOf(endpoint)
  const { endpoint_id: endpointId, host } = configuration
  const service = { name: 'gcs', resourceServer: endpointId, baseUrl: () => new URL(host) }
  const connection: Connection = { service, session, options: { ...options, fetch: guardedFetch('manager', lookup) } }
  const checked = checkOnce({ ...connection, session: undefined }, configuration)
  const manager: Manager = {
    configuration,
    call: (send, limits) => callService(connection, checked(send), limits),
    list: <Item>(send: SendPage, given: object, call: CallOptions = {}) =>
      // As managers document the items.
      listService(connection, { lists: 'data', paging, given: { ...given }, call }, (parameters) => {
        const query = Object.entries(parameters).map(([name, value]) => [name, String(value)] as const)
        return checked(send(Object.fromEntries(query)))
      }) as List<Item>,
  }
  return { endpointId, collections: collectionsOf(manager), userCredentials: credentialsOf(manager) }
}

const paging = { by: 'cursor', from: 'marker', to: 'marker' } as const

type SendPage = (query: Record<string, string>) => SendWithSdk

interface Manager {
  readonly configuration: sdk.GCSConfiguration
  readonly call: (send: SendWithSdk, limits?: CallOptions) => Promise<unknown>
  readonly list: <Item>(send: SendPage, given: object, call?: CallOptions) => List<Item>
}

function collectionsOf({ call, configuration, list }: Manager): GcsManagerClient['collections'] {
  const one = (id: string): string => requireUuid(id, 'The id of the collection')
  return {
    getAll: (given = {}, limits) =>
      list((query) => (own) => sdk.collections.getAll(configuration, { query }, own), given, limits),
    async get(id, limits) {
      const answer = await call((own) => sdk.collections.get(configuration, one(id), {}, own), limits)
      return collectionIn(answer)
    },
    async create(document, limits) {
      const payload = payloadOf(document)
      const answer = await call((own) => sdk.collections.create(configuration, { payload }, own), limits)
      return collectionIn(answer)
    },
    async patch(id, changes, limits) {
      const payload = payloadOf(changes)
      await call((own) => sdk.collections.patch(configuration, one(id), { payload }, own), limits)
    },
    async remove(id, limits) {
      await call((own) => sdk.collections.remove(configuration, one(id), {}, own), limits)
    },
  }
}

function credentialsOf({ configuration, list }: Manager): GcsManagerClient['userCredentials'] {
  return {
    getAll: (given = {}, limits) =>
      list((query) => (own) => sdk.userCredentials.getAll(configuration, { query }, own), given, limits),
  }
}

type Payload = sdk.OpenAPI.operations['postCollection']['requestBody']['content']['application/json']

/** The oldest version that has all of the keys. */
function payloadOf(document: GuestCollectionChanges): Payload {
  const version = document.enable_https === undefined ? '1.0.0' : '1.1.0'
  // The SDK's type is a union of all versions, each of which has these keys.
  return { ...document, DATA_TYPE: `collection#${version}`, collection_type: 'guest' } as Payload
}

function managerOf({
  id,
  entity_type: type,
  gcs_manager_url: url,
  owner_id: owner,
}: ManagedEndpoint): sdk.GCSConfiguration {
  const endpoint = type === 'GCSv5_endpoint' ? id : owner
  if (type?.startsWith('GCSv5') !== true) throw refused('it is not on a Globus Connect Server', 'gcs')
  const { origin } = serverOf(url, { what: 'manager', service: 'gcs', isLocalGlobus: isLocalGlobus() })
  return { host: origin, endpoint_id: requireUuid(endpoint, 'The id of the endpoint').toLowerCase() }
}

/** Lets nothing through before the server has said, to a request without a token, that it is the manager of the endpoint. */
function checkOnce(connection: Connection, { host, endpoint_id: expected }: sdk.GCSConfiguration) {
  let found: Promise<void> | undefined
  const check = async (): Promise<void> => {
    const answer = await callService(connection, (own) => sdk.versioning.info({ host }, {}, own))
    const { endpoint_id: said } = documentIn(answer, 'info')
    if (String(said).toLowerCase() !== expected) throw refused('its manager is that of another endpoint', 'gcs')
  }
  return (send: SendWithSdk): SendWithSdk =>
    async (own) => {
      found ??= check()
      await found.catch((error: unknown) => {
        found = undefined
        throw error
      })
      return send(own)
    }
}
