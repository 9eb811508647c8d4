import type { LoginSession } from 'pierhead'
import { manageCollectionsScope } from 'pierhead/globus'
import { collectionView, type CollectionView } from '../collections/collection-view.ts'
import type { FileFailure } from '../files/failure.ts'
import { parseFolder, type FolderPath } from '../files/path.ts'
import type { Globus } from '../globus.ts'
import type { RequireScope } from './host.ts'
import { shareFailure } from './share-failure.ts'

/** A guest collection that the person may take away. */
export interface SharedCollection {
  readonly collection: CollectionView
  /** The collection that it was made on, and its folder there; undefined where Globus does not say. */
  readonly origin: { readonly id: string; readonly path: FolderPath | undefined } | undefined
  /** Takes it away, with all permissions. The files stay. */
  remove(): Promise<void>
}

/** Finds out by whom the collection is kept: the manager of its server, or Transfer for personal ones. */
export async function openShared(
  globus: Globus,
  { id, requireScope, session }: { id: string; requireScope: RequireScope; session: LoginSession },
): Promise<SharedCollection | FileFailure> {
  const transfer = globus.transfer(session)
  const document = await transfer.endpoint.get(id)
  const collection = collectionView(document)
  if (collection.kind !== 'guest' || !collection.administers) return shareFailure('not-yours', 403)
  const host = document.mapped_collection_id ?? document.host_endpoint_id
  const path = parseFolder(document.host_path ?? document.sharing_target_root_path ?? undefined)
  const origin = host === null ? undefined : { id: host, path }
  if (document.entity_type === 'GCP_guest_collection' || host === null)
    return { collection, origin, remove: async () => void (await transfer.endpoint.remove(id)) }
  const manager = globus.manager(session, await transfer.endpoint.get(host))
  await requireScope(manageCollectionsScope(manager.endpointId))
  return { collection, origin, remove: () => manager.collections.remove(id) }
}
