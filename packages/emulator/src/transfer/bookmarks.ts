import * as z from 'zod'
import { randomUuid } from '../random.ts'
import type { Bookmark } from '../world/bookmarks.ts'
import { ok, param, readBody, reply, result, type Call, type Reply } from './call.ts'
import { badRequest, TransferError } from './errors.ts'

const MAXIMUM_BOOKMARKS = 100

/** `GET /v0.10/bookmark_list` */
export const listBookmarks = ({ context, caller }: Call): Reply =>
  ok({ DATA_TYPE: 'bookmark_list', DATA: context.world.bookmarks.list(caller.id).map(bookmarkDocument) })

/** `GET /v0.10/bookmark/ID` */
export const getBookmark = (call: Call): Reply => ok(bookmarkDocument(requireBookmark(call)))

export const bookmarkName: z.ZodType<string> = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(?! )[^\n\r]*(?<! )$/, 'must not hold line breaks or begin or end with a space')

/** Where a bookmark points. Files are not looked at: it may point to nothing. */
export const bookmarkPath: z.ZodType<string> = z
  .string()
  .regex(/^\/?~?\/(?:[^\0]*\/)?$/, 'must begin and end with a slash')

const created = z.looseObject({
  endpoint_id: z.guid(),
  path: bookmarkPath,
  name: bookmarkName,
  pinned: z.boolean().nullish(),
})

/** `POST /v0.10/bookmark` */
export async function createBookmark(call: Call): Promise<Reply> {
  const document = await readBody(call, created)
  const wanted = { name: document.name, collection: document.endpoint_id, path: document.path }
  const bookmark = addBookmark({ ...wanted, pinned: document.pinned ?? false }, call)
  return reply(call.context.behaviour.bookmarkCreateStatus, bookmarkDocument(bookmark))
}

/** Stores a bookmark. @throws TransferError 409 for a name that is taken, 400 for one too many */
export function addBookmark(
  wanted: Pick<Bookmark, 'name' | 'collection' | 'path' | 'pinned'>,
  { context, caller }: Call,
): Bookmark {
  const { world, clock, random } = context
  if (world.bookmarks.count(caller.id) >= MAXIMUM_BOOKMARKS)
    throw badRequest(`A person has at most ${MAXIMUM_BOOKMARKS} bookmarks`)
  const bookmark = { ...wanted, id: randomUuid(random), owner: caller.id, createdAt: clock.now() }
  if (!world.bookmarks.add(bookmark)) throw nameTaken(wanted.name)
  return bookmark
}

const updated = z.looseObject({
  name: bookmarkName.optional(),
  path: bookmarkPath.optional(),
  pinned: z.boolean().nullish(),
})

/** `PUT /v0.10/bookmark/ID` */
export async function updateBookmark(call: Call): Promise<Reply> {
  const document = await readBody(call, updated)
  return ok(bookmarkDocument(changeBookmark(document, call)))
}

/** Changes a bookmark. @throws TransferError 409 for a name that is taken */
export function changeBookmark(
  changes: { name?: string | undefined; path?: string | undefined; pinned?: boolean | null | undefined },
  call: Call,
): Bookmark {
  const known = requireBookmark(call)
  const changed = {
    ...known,
    name: changes.name ?? known.name,
    path: changes.path ?? known.path,
    pinned: changes.pinned ?? known.pinned,
  }
  if (!call.context.world.bookmarks.update(changed)) throw nameTaken(changed.name)
  return changed
}

/** `DELETE /v0.10/bookmark/ID` */
export function deleteBookmark(call: Call): Reply {
  const { id } = requireBookmark(call)
  call.context.world.bookmarks.remove(call.caller.id, id)
  return result(call, ['Deleted', `Bookmark '${id}' deleted successfully`])
}

/** The caller's bookmark. @throws TransferError 404 */
export function requireBookmark(call: Call): Bookmark {
  const id = param(call, 'bookmark')
  const bookmark = call.context.world.bookmarks.find(call.caller.id, id.toLowerCase())
  if (bookmark === undefined) throw new TransferError(404, 'BookmarkNotFound', `No such bookmark '${id}'`)
  return bookmark
}

const nameTaken = (name: string): TransferError => new TransferError(409, 'Exists', `You have a bookmark '${name}'`)

const bookmarkDocument = ({ id, name, collection, path, pinned }: Bookmark): object => ({
  DATA_TYPE: 'bookmark',
  id,
  name,
  endpoint_id: collection,
  path,
  pinned,
})
