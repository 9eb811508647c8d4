import type { Context, Handler } from 'hono'
import { requireSession } from 'pierhead/hono'
import { listBookmarks } from '../../collections/bookmarks.ts'
import { isSearchScope, searchCollections } from '../../collections/search-collections.ts'
import type { PortalContext } from '../../context.ts'
import { texts } from '../../texts.ts'
import { bookmarksPage, collectionsPage, type Tab } from '../../views/collections/page.ts'
import { personOf } from '../../views/person.ts'

/** Collections on one page. */
const pageSize = 50
const longestQuery = 200

const notices: Readonly<Record<string, string>> = {
  'bookmark-removed': texts.collections.bookmarkRemoved,
  'bookmark-gone': texts.collections.bookmarkGone,
}

/** Without a scope: what the person owns, or everything when they came with words to look for. */
export function showCollections({ globus, site, tabCounts }: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const query = queryOf(c)
    const tab = tabOf(c.req.query('scope'), query)
    const transfer = globus.transfer(session)
    const counts = tabCounts.known(session, query) ?? {}
    const common = { person: personOf(session), tab, query, counts, csrfToken: session.csrfToken }
    if (tab === 'bookmarks') {
      const done = c.req.query('done') ?? ''
      const notice = Object.hasOwn(notices, done) ? notices[done] : undefined
      return c.html(bookmarksPage(site, { ...common, notice, bookmarks: await listBookmarks(transfer) }))
    }
    const { collections, complete } = await searchCollections(transfer, tab, query)
    const pages = Math.max(1, Math.ceil(collections.length / pageSize))
    const page = Math.min(Math.max(1, Math.trunc(Number(c.req.query('page'))) || 1), pages)
    const shown = collections.slice((page - 1) * pageSize, page * pageSize)
    return c.html(collectionsPage(site, { ...common, shown, total: collections.length, complete, page, pages }))
  }
}

export const queryOf = (c: Context): string => (c.req.query('q') ?? '').trim().slice(0, longestQuery)

function tabOf(text: string | undefined, query: string): Tab {
  if (text === 'bookmarks') return text
  if (text !== undefined && isSearchScope(text)) return text
  return query === '' ? 'mine' : 'all'
}
