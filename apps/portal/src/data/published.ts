import { isGlobusServiceError, type TokenSource } from 'pierhead'
import { collectionView, type CollectionView } from '../collections/collection-view.ts'
import type { DatasetConfig } from '../config/types.ts'
import type { Globus } from '../globus.ts'
import { findReadme, type Readme } from './readme.ts'

/**
 * What everybody may know of published datasets, for visitors who are not logged in: the description of their collection, if
 * that is public, and what its server sends to anybody. Kept for a minute, so that visitors cost Globus nothing.
 */
export interface Published {
  /** Undefined: not public, or not to be had now. */
  collection(id: string): Promise<CollectionView | undefined>
  /** Asked for without any token. */
  readme(dataset: DatasetConfig, collection: CollectionView): Promise<Readme>
}

export interface PublishedOptions {
  readonly globus: Globus
  /** Tokens of the portal itself. They are used for descriptions of collections only: never for what is inside. */
  readonly own: TokenSource
  readonly now: () => number
}

const lifetime = 60_000
/** Milliseconds that a page waits for a README. */
const patience = 4000

export function createPublished({ globus, now, own }: PublishedOptions): Published {
  const collections = remembering(now, (id: string) => findCollection(globus, own, id))
  const readmes = remembering(now, ({ dataset, collection }: ReadmeOf) =>
    findReadme(globus.files(undefined, collection, { timeout: patience }), dataset.path),
  )
  return {
    collection: (id) => collections(id, id),
    async readme(dataset, collection) {
      if (collection.https_server === null) return { state: 'none' }
      return readmes(dataset.id, { dataset, collection })
    },
  }
}

interface ReadmeOf {
  readonly dataset: DatasetConfig
  readonly collection: CollectionView
}

async function findCollection(globus: Globus, own: TokenSource, id: string): Promise<CollectionView | undefined> {
  try {
    const document = await globus.transfer(own).endpoint.get(id)
    return document.public ? collectionView(document) : undefined
  } catch (error) {
    if (isGlobusServiceError(error)) return undefined
    throw error
  }
}

/** Asks once for as long as the answer is good. There are as many keys as datasets, so nothing has to be thrown out. */
function remembering<Of, Result>(
  now: () => number,
  find: (of: Of) => Promise<Result>,
): (key: string, of: Of) => Promise<Result> {
  const kept = new Map<string, { readonly result: Promise<Result>; readonly until: number }>()
  return (key, of) => {
    const known = kept.get(key)
    if (known !== undefined && known.until > now()) return known.result
    const result = find(of)
    kept.set(key, { result, until: now() + lifetime })
    result.catch(() => kept.delete(key))
    return result
  }
}
