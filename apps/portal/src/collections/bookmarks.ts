import { isGlobusServiceError } from 'pierhead'
import type { TransferClient } from 'pierhead/globus'
import { collectionView } from './collection-view.ts'

/** A folder that a person wants to find again. */
export interface Bookmark {
  readonly id: string
  readonly name: string
  readonly collectionId: string
  /** Undefined: it is gone, or the person may not see it. */
  readonly collectionName: string | undefined
  readonly path: string
}

/** The person's bookmarks by name, each with the name of its collection. */
export async function listBookmarks(transfer: TransferClient): Promise<Bookmark[]> {
  const { items } = await transfer.collectionBookmarks.getAll().collect()
  const ids = [...new Set(items.map((item) => item.endpoint_id))]
  const names = new Map(await Promise.all(ids.map(async (id) => [id, await nameOf(transfer, id)] as const)))
  const bookmarks = items.map(({ id, name, endpoint_id: collectionId, path }) => ({
    id,
    name,
    collectionId,
    collectionName: names.get(collectionId),
    path: path ?? '/',
  }))
  return bookmarks.toSorted((left, right) => left.name.localeCompare(right.name))
}

async function nameOf(transfer: TransferClient, id: string): Promise<string | undefined> {
  try {
    return collectionView(await transfer.endpoint.get(id)).name
  } catch (error) {
    // A collection that is gone must not hide the other bookmarks.
    if (isGlobusServiceError(error) && (error.status === 404 || error.status === 403)) return undefined
    throw error
  }
}
