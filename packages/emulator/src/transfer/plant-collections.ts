import type { World } from '../world.ts'
import type { Collection, CollectionDocument } from '../world/collections.ts'
import { dataAccessScope, needsConsent } from './consent-required.ts'

/** What a collection is unless something else is said. */
export const plainCollection: Omit<CollectionDocument, 'displayName' | 'entityType' | 'folder'> = {
  base: '/',
  description: null,
  organization: null,
  department: null,
  keywords: null,
  contactEmail: null,
  infoLink: null,
  defaultDirectory: null,
  public: true,
  host: null,
  domain: null,
  highAssurance: false,
  authenticationTimeoutMins: null,
  forceVerify: false,
  disableVerify: false,
  allowGuestCollections: true,
  subscriptionId: null,
  subscriptionAdminVerified: false,
  online: true,
  readOnly: false,
  full: false,
  bytesPerSecond: null,
  quotaBytes: null,
  https: true,
}

/** The scope by which files of a collection are read and written over HTTPS. */
export const httpsScope = (collection: string): string => `https://auth.globus.org/scopes/${collection}/https`

/** The scope by which the collections of an endpoint are managed. */
export const managerScope = (endpoint: string): string => `urn:globus:auth:scope:${endpoint}:manage_collections`

/** Registers the scopes of a collection: `https`, and `data_access` where it wants that consent. */
export function registerScopes(
  collection: Pick<Collection, 'id' | 'displayName' | 'entityType' | 'highAssurance'>,
  { scopes }: World,
): void {
  const { id, displayName } = collection
  const put = (scopeString: string, suffix: string, description: string): void => {
    if (scopes.find(scopeString) !== undefined) return
    const scope = { id: scopeId(id, suffix), scopeString, client: id, resourceServer: id, description }
    scopes.put({ ...scope, allowsRefreshToken: true, dependentScopes: [] })
  }
  if (needsConsent(collection)) put(dataAccessScope(id), 'da', `Access data on ${displayName}`)
  if (collection.entityType === 'GCSv5_endpoint') put(managerScope(id), '6c', `Manage collections on ${displayName}`)
  else put(httpsScope(id), '45', `Read and write files on ${displayName} over HTTPS`)
}

/** An id of its own for each scope, made from the collection's. */
const scopeId = (collection: string, suffix: string): string => `${suffix}${collection.slice(2)}`
