import { isAuthorizationRequirementsError, isPierheadError, type LoginSession } from 'pierhead'
import type { TransferClient } from 'pierhead/globus'
import type { Globus } from '../globus.ts'
import { searchScopes, type SearchScope } from './search-collections.ts'

export type CountedTab = SearchScope | 'bookmarks'

/** How many collections each list holds. Absent: nobody knows. With `isMore` there are more than that. */
export type TabCounts = Partial<Record<CountedTab, { readonly count: number; readonly isMore: boolean }>>

/**
 * Numbers for the tabs of the list of collections. Transfer tells no total, so each costs a request for one page of ids, and
 * a longer list is "more than". They are asked for after the page is there, and remembered for a minute for that session.
 */
export interface AllTabCounts {
  /** What is remembered; asks nobody. */
  known(session: LoginSession, query: string): TabCounts | undefined
  ask(session: LoginSession, query: string): Promise<TabCounts>
  /** After the person changed one of the lists. */
  forget(session: LoginSession): void
}

/** As many as endpoint search gives at once: <https://docs.globus.org/api/transfer/endpoint_and_collection_search/>. */
const pageSize = 100
/** Milliseconds. */
const lifetime = 60_000
const mostKept = 500

export function createTabCounts(globus: Globus, now: () => number): AllTabCounts {
  const kept = new Map<string, { readonly until: number; readonly counts: TabCounts }>()
  const keyOf = ({ id }: LoginSession, query: string): string => `${id} ${query}`
  const known = (session: LoginSession, query: string): TabCounts | undefined => {
    const entry = kept.get(keyOf(session, query))
    return entry !== undefined && entry.until > now() ? entry.counts : undefined
  }
  return {
    known,
    async ask(session, query) {
      const before = known(session, query)
      if (before !== undefined) return before
      const counts = await countAll(globus.transfer(session), query)
      const key = keyOf(session, query)
      kept.delete(key)
      kept.set(key, { until: now() + lifetime, counts })
      // The oldest goes first: a map keeps the order in which things came.
      for (const oldest of kept.keys()) {
        if (kept.size <= mostKept) break
        kept.delete(oldest)
      }
      return counts
    },
    forget({ id }) {
      for (const key of kept.keys()) if (key.startsWith(`${id} `)) kept.delete(key)
    },
  }
}

async function countAll(transfer: TransferClient, query: string): Promise<TabCounts> {
  // The keys of the table are what SearchScope is made of.
  const scopes = Object.keys(searchScopes) as SearchScope[]
  const asked = scopes.filter((scope) => scope !== 'all' || query !== '')
  const tabs: CountedTab[] = [...asked, 'bookmarks']
  const counts = await Promise.all(
    tabs.map(async (tab) => {
      const count = await orNothing(() =>
        tab === 'bookmarks' ? countBookmarks(transfer) : countScope(transfer, tab, query),
      )
      return [tab, count] as const
    }),
  )
  return Object.fromEntries(counts.filter(([, count]) => count !== undefined))
}

async function countScope(transfer: TransferClient, scope: SearchScope, query: string) {
  const list = transfer.endpointSearch({
    filter_scope: searchScopes[scope],
    filter_non_functional: 0,
    fields: 'id',
    limit: pageSize,
    ...(query === '' ? {} : { filter_fulltext: query }),
  })
  const { complete, items } = await list.collect(pageSize)
  return { count: items.length, isMore: !complete }
}

async function countBookmarks(transfer: TransferClient) {
  const { items } = await transfer.collectionBookmarks.getAll().collect()
  return { count: items.length, isMore: false }
}

/** One list that cannot be counted must not hide the numbers of the others. */
async function orNothing<T>(count: () => Promise<T>): Promise<T | undefined> {
  try {
    return await count()
  } catch (error) {
    if (isPierheadError(error) || isAuthorizationRequirementsError(error)) return undefined
    throw error
  }
}
