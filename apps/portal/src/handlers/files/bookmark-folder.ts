import type { Handler } from 'hono'
import { isGlobusServiceError } from 'pierhead'
import type { PortalContext } from '../../context.ts'
import { backUrl, type FolderAction } from '../../files/folder-action.ts'
import { nameOf } from '../../files/path.ts'
import { answerFileAction } from './answer-action.ts'

const longestName = 128

/** Puts the open folder among the person's bookmarks, under a name that is still free. */
export function bookmarkFolder(context: PortalContext): Handler {
  return (c) =>
    answerFileAction(c, context, async (action) => {
      await addBookmark(context, action)
      context.tabCounts.forget(action.session)
      return { to: backUrl(action.place, { words: 'bookmarked' }) }
    })
}

async function addBookmark({ collections, globus }: PortalContext, { collectionId, path, session }: FolderAction) {
  const { collectionBookmarks } = globus.transfer(session)
  const { items } = await collectionBookmarks.getAll().collect()
  if (items.some((item) => item.endpoint_id === collectionId && item.path === path)) return
  const { name } = await collections.get(session, collectionId)
  const wanted = path === '/' ? name : `${name}: ${nameOf(path)}`
  const taken = new Set(items.map((item) => item.name))
  const free = [
    wanted,
    ...Array.from({ length: 100 }, (_, index) => `${wanted.slice(0, longestName - 6)} (${index + 2})`),
  ]
  const chosen = free.map(toBookmarkName).find((one) => !taken.has(one)) ?? toBookmarkName(wanted)
  try {
    await collectionBookmarks.create({ endpoint_id: collectionId, path, name: chosen })
  } catch (error) {
    // A second click was quicker.
    if (!(isGlobusServiceError(error) && error.status === 409)) throw error
  }
}

/** What Transfer takes: no line break, no blank at either end, at most 128 characters. */
function toBookmarkName(text: string): string {
  return text
    .replaceAll(/[\r\n]/g, ' ')
    .slice(0, longestName)
    .trim()
}
