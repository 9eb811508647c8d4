import type { Handler } from 'hono'
import { isGlobusServiceError } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { readForm } from '../../form.ts'

/** Forgets one bookmark. Transfer sees to it that it is this person's. */
export function removeBookmark({ globus, tabCounts }: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const transfer = globus.transfer(session)
    const id = (await readForm(c)).get('bookmark') ?? ''
    const done = await remove(() => transfer.collectionBookmarks.remove(id))
    tabCounts.forget(session)
    return c.redirect(`/collections?scope=bookmarks&done=${done ? 'bookmark-removed' : 'bookmark-gone'}`, 303)
  }
}

async function remove(send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send()
    return true
  } catch (error) {
    // What is no id at all is a TypeError of the kit.
    if (error instanceof TypeError || (isGlobusServiceError(error) && error.status === 404)) return false
    throw error
  }
}
