import type { Clock, TokenSource } from 'pierhead'
import {
  collectionClient,
  transferClient,
  type Collection,
  type CollectionClient,
  type TransferClient,
} from 'pierhead/globus'

/** Services of Globus as one person: always with the person's own tokens. */
export interface Globus {
  transfer(session: TokenSource): TransferClient
  /** Files over HTTPS. Only for a collection that has a server for them. */
  files(session: TokenSource, collection: Collection): CollectionClient
}

export function createGlobus({
  clock,
  fetch,
}: {
  clock?: Clock | undefined
  fetch?: typeof globalThis.fetch | undefined
}): Globus {
  const common = clock === undefined ? {} : { clock }
  return {
    transfer: (session) => transferClient(session, { ...common, ...(fetch === undefined ? {} : { fetch }) }),
    files: (session, collection) => collectionClient(session, collection, common),
  }
}
