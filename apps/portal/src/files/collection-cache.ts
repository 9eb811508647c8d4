import type { LoginSession } from 'pierhead'
import { collectionView, type CollectionView } from '../collections/collection-view.ts'
import type { Globus } from '../globus.ts'

/** Where the files of collections are. Asked as the person, and remembered for them a little: a page has many pictures. */
export interface Collections {
  get(session: LoginSession, id: string): Promise<CollectionView>
}

/** Milliseconds. */
const lifetime = 60_000
const most = 1000

export function createCollections(globus: Globus, now: () => number): Collections {
  const kept = new Map<string, { readonly until: number; readonly collection: CollectionView }>()
  return {
    async get(session, id) {
      const key = `${session.id} ${id}`
      const known = kept.get(key)
      if (known !== undefined && known.until > now()) return known.collection
      const collection = collectionView(await globus.transfer(session).endpoint.get(id))
      kept.delete(key)
      kept.set(key, { until: now() + lifetime, collection })
      // The oldest goes first: a map keeps the order in which things came.
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break
        kept.delete(oldest)
      }
      return collection
    },
  }
}
