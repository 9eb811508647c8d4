import type { TransferClient } from 'pierhead/globus'
import { collectionView, type CollectionView } from './collection-view.ts'

/** Scopes of endpoint search that are tabs, and what Transfer calls them. */
export const searchScopes = {
  mine: 'my-endpoints',
  recent: 'recently-used',
  'shared-with-me': 'shared-with-me',
  'shared-by-me': 'shared-by-me',
  administered: 'administered-by-me',
  all: 'all',
} as const

export type SearchScope = keyof typeof searchScopes

export function isSearchScope(text: string): text is SearchScope {
  return Object.hasOwn(searchScopes, text)
}

export interface Found {
  readonly collections: readonly CollectionView[]
  /** False: there are more, and nobody knows how many. */
  readonly complete: boolean
}

/** A list that is longer than this is one to search, not to read. */
const most = 300

/** Collections with data in them. The scope `all` takes a text; without one nothing is asked. */
export async function searchCollections(transfer: TransferClient, scope: SearchScope, query: string): Promise<Found> {
  if (scope === 'all' && query === '') return { collections: [], complete: true }
  const list = transfer.endpointSearch({
    filter_scope: searchScopes[scope],
    filter_non_functional: 0,
    ...(query === '' ? {} : { filter_fulltext: query }),
  })
  const { items, complete } = await list.collect(most)
  return { collections: items.map(collectionView), complete }
}
