import type { Clock, TokenSource } from 'pierhead'
import {
  authClient,
  collectionClient,
  gcsManagerClient,
  groupsClient,
  searchClient,
  transferClient,
  type AuthClient,
  type Collection,
  type CollectionClient,
  type GcsManagerClient,
  type GroupsClient,
  type ManagedEndpoint,
  type SearchClient,
  type TransferClient,
} from 'pierhead/globus'

/** Services of Globus as one person: always with the person's own tokens. */
export interface Globus {
  transfer(session: TokenSource): TransferClient
  groups(session: TokenSource): GroupsClient
  auth(session: TokenSource): AuthClient
  /** Without a session: what everybody may see. */
  search(session: TokenSource | undefined): SearchClient
  /** The manager of the Connect Server that a collection is on, given as Transfer's document of it. */
  manager(session: TokenSource, endpoint: ManagedEndpoint): GcsManagerClient
  /** Files over HTTPS. Only for a collection that has a server for them. Without a session: what everybody may read. */
  files(session: TokenSource | undefined, collection: Collection, options?: FileOptions): CollectionClient
}

export interface FileOptions {
  /** Milliseconds until an answer begins. */
  readonly timeout?: number
}

export function createGlobus({
  clock,
  fetch,
}: {
  clock?: Clock | undefined
  fetch?: typeof globalThis.fetch | undefined
}): Globus {
  const common = clock === undefined ? {} : { clock }
  const services = { ...common, ...(fetch === undefined ? {} : { fetch }) }
  return {
    transfer: (session) => transferClient(session, services),
    groups: (session) => groupsClient(session, services),
    auth: (session) => authClient(session, services),
    search: (session) => searchClient(session, services),
    manager: (session, endpoint) => gcsManagerClient(session, endpoint, common),
    files: (session, collection, options) => collectionClient(session, collection, { ...common, ...options }),
  }
}
