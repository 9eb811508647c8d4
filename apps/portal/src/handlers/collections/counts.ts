import type { Handler } from 'hono'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { texts } from '../../texts.ts'
import { queryOf } from './list.ts'

/** Numbers for the tabs as texts, for the script of the list: `{ "mine": "154", "all": "100+" }`. */
export function countTabs({ tabCounts }: PortalContext): Handler {
  return async (c) => {
    const counts = await tabCounts.ask(requireSession(c), queryOf(c))
    const shown = Object.entries(counts).map(([tab, { count, isMore }]) => [
      tab,
      texts.collections.inTab(count, isMore),
    ])
    return c.json(Object.fromEntries(shown), 200, { 'cache-control': 'private, no-store' })
  }
}
