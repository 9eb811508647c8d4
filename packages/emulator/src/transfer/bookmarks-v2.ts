import * as z from 'zod'
import type { Bookmark } from '../world/bookmarks.ts'
import { addBookmark, bookmarkName, bookmarkPath, changeBookmark, requireBookmark } from './bookmarks.ts'
import { ok, readBody, reply, type Call, type Reply } from './call.ts'
import { badRequest, TransferError } from './errors.ts'

/** `GET /v2/bookmarks` (JSON:API). Paths on high-assurance collections are left out of the list. */
export function listBookmarksV2(call: Call): Reply {
  const { query, context, caller } = call
  const limit = Number(query.get('page[limit]') ?? 100)
  const marker = Number(query.get('page[marker]') ?? 0)
  if (!Number.isInteger(limit) || limit < 1 || !Number.isInteger(marker) || marker < 0) throw badRequest('Invalid page')
  const all = context.world.bookmarks.list(caller.id)
  const shown = all.slice(marker, marker + limit)
  const next = marker + limit < all.length ? { next: nextPage(call, marker + limit) } : {}
  return ok({
    data: shown.map((bookmark) => resource(bookmark, isConfidential(bookmark, call))),
    links: next,
    meta: { request_id: call.requestId },
    ...included(shown, call),
  })
}

/** `GET /v2/bookmarks/ID` */
export function getBookmarkV2(call: Call): Reply {
  const bookmark = requireBookmark(call)
  return ok({ data: resource(bookmark, false), meta: { request_id: call.requestId }, ...included([bookmark], call) })
}

const relationship = z.looseObject({ collection: z.looseObject({ data: z.looseObject({ id: z.guid() }) }) })

const created = z.looseObject({
  data: z.looseObject({
    type: z.literal('Bookmark'),
    attributes: z.looseObject({ name: bookmarkName, path: bookmarkPath }),
    relationships: relationship,
  }),
})

/** `POST /v2/bookmarks` */
export async function createBookmarkV2(call: Call): Promise<Reply> {
  const { data } = await readValid(call, created)
  const wanted = { ...data.attributes, collection: data.relationships.collection.data.id, pinned: false }
  const bookmark = addBookmark({ ...wanted, name: data.attributes.name, path: data.attributes.path }, call)
  return reply(201, { data: resource(bookmark, false), meta: { request_id: call.requestId } })
}

const updated = z.looseObject({
  data: z.looseObject({
    type: z.literal('Bookmark'),
    attributes: z.looseObject({ name: bookmarkName.optional(), path: bookmarkPath.optional() }),
  }),
})

/** `PATCH /v2/bookmarks/ID` */
export async function updateBookmarkV2(call: Call): Promise<Reply> {
  const { data } = await readValid(call, updated)
  const { name, path } = data.attributes
  return ok({ data: resource(changeBookmark({ name, path }, call), false), meta: { request_id: call.requestId } })
}

/** `DELETE /v2/bookmarks/ID` */
export function deleteBookmarkV2(call: Call): Reply {
  call.context.world.bookmarks.remove(call.caller.id, requireBookmark(call).id)
  return ok({ meta: { request_id: call.requestId } })
}

/** JSON:API calls a wrong document 422. */
async function readValid<Document>(call: Call, schema: z.ZodType<Document>): Promise<Document> {
  try {
    return await readBody(call, schema)
  } catch (error) {
    if (!(error instanceof TransferError) || error.status !== 400) throw error
    throw new TransferError(422, 'UnprocessableEntity', error.message)
  }
}

const resource = ({ id, name, path, collection }: Bookmark, hidden: boolean): object => ({
  type: 'Bookmark',
  id,
  attributes: { name, path: hidden ? null : path },
  relationships: { collection: { data: { type: 'Collection', id: collection } } },
})

function included(bookmarks: readonly Bookmark[], { query, context }: Call): object {
  if (query.get('include') !== 'collection') return {}
  const collections = Array.from(new Set(bookmarks.map(({ collection }) => collection))).flatMap(
    (id) => context.world.collections.find(id) ?? [],
  )
  return {
    included: collections.map(({ id, displayName, entityType }) => ({
      type: 'Collection',
      id,
      attributes: { display_name: displayName, entity_type: entityType },
    })),
  }
}

const isConfidential = ({ collection }: Bookmark, { context }: Call): boolean =>
  context.world.collections.find(collection)?.highAssurance === true

function nextPage({ request, context }: Call, marker: number): string {
  const url = new URL(request.url)
  url.searchParams.set('page[marker]', String(marker))
  return `${context.issuer}${url.pathname}${url.search}`
}
