import { isGlobusServiceError, type LoginSession } from 'pierhead'
import { manageCollectionsScope, type GcsManagerClient, type UserCredential } from 'pierhead/globus'
import { collectionView, type CollectionView } from '../collections/collection-view.ts'
import { failure, type FileFailure } from '../files/failure.ts'
import type { Globus } from '../globus.ts'
import { shareFailure } from './share-failure.ts'

/** A collection whose folders the person may share, and by what. */
export type Host =
  | {
      readonly kind: 'server'
      readonly collection: CollectionView
      readonly manager: GcsManagerClient
      /** What making a guest collection takes. */
      readonly scope: string
      /** Accounts of the person on its storage, at least one; the first is that of their own identity where it has one. */
      readonly accounts: readonly UserCredential[]
    }
  | { readonly kind: 'personal'; readonly collection: CollectionView }

/** Asks the person for a scope; rejects where it is not there yet. */
export type RequireScope = (scope: string) => Promise<void>

/**
 * Finds out whether and how folders of a collection can be shared by this person, before anything is written.
 * @throws what Globus asks of the person, and what cannot be mended here
 */
export async function openHost(
  globus: Globus,
  { id, requireScope, session }: { id: string; requireScope: RequireScope; session: LoginSession },
): Promise<Host | FileFailure> {
  try {
    const document = await globus.transfer(session).endpoint.get(id)
    const collection = collectionView(document)
    if (!collection.canHost) return shareFailure('no-kind', 409)
    if (collection.kind === 'personal') return { kind: 'personal', collection }
    const manager = globus.manager(session, document)
    const scope = manageCollectionsScope(manager.endpointId, collection.needsConsent ? id : undefined)
    await requireScope(scope)
    const managed = await manager.collections.get(id)
    if (managed.allow_guest_collections === false) return shareFailure('sharing-off', 403)
    const accounts = await accountsOn(manager, managed.storage_gateway_id, session.claims.sub)
    if (accounts.length === 0) return shareFailure('no-account', 403)
    return { kind: 'server', collection, manager, scope, accounts }
  } catch (error) {
    // The manager's address comes from a document, and is refused by itself.
    if (isGlobusServiceError(error) && error.code === 'collection_refused') return shareFailure('not-trusted', 502)
    if (isGlobusServiceError(error) && error.service === 'gcs' && error.status === 404)
      return failure('no-collection', 404)
    throw error
  }
}

export function isFailure(found: Host | FileFailure): found is FileFailure {
  return 'code' in found
}

async function accountsOn(
  manager: GcsManagerClient,
  gateway: string | undefined,
  subject: string,
): Promise<UserCredential[]> {
  const query = gateway === undefined ? {} : { storage_gateway: gateway }
  const { items } = await manager.userCredentials.getAll(query).collect()
  return items
    .filter(({ deleted, invalid }) => deleted !== true && invalid !== true)
    .toSorted((one, other) => Number(other.identity_id === subject) - Number(one.identity_id === subject))
}
