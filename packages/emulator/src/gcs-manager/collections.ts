import * as z from 'zod'
import { openOrigin } from '../https-data/data-client.ts'
import { param, readBody } from '../transfer/call.ts'
import { describedChanges, description, type Description } from '../transfer/collection-changes.ts'
import { badRequest } from '../transfer/errors.ts'
import { collectionsOn } from '../transfer/hosting-endpoint.ts'
import { isVisible, rolesOf } from '../transfer/rights.ts'
import type { Collection, CollectionDocument } from '../world/collections.ts'
import { collectionDocument } from './collection-document.ts'
import {
  isAdministrator,
  requireAdministrator,
  requireManaged,
  type ManagerCall,
  type ManagerReply,
} from './manager-call.ts'

const filters = ['mapped_collections', 'guest_collections', 'managed_by_me', 'created_by_me'] as const

/** `GET /api/collections`, in pages. */
export function listCollections(call: ManagerCall): ManagerReply {
  const { query, context, caller, endpoint } = call
  const wanted = (query.get('filter') ?? '').split(',').filter((name) => name !== '')
  const unknown = wanted.find((name) => !filters.some((known) => known === name))
  if (unknown !== undefined) throw badRequest(`Unknown filter '${unknown}'`)
  const host = query.get('mapped_collection_id')
  const all = collectionsOn(endpoint, context.world)
    .filter((one) => isAdministrator(one, call) || isVisible(one, caller, context))
    .filter((one) => host === null || one.host?.id === host)
    .filter((one) => wanted.every((name) => passes(one, name, call)))
  const [size, start] = [readCount(query, 'page_size', 100), readCount(query, 'marker', 0)]
  const page = all.slice(start, start + size)
  return {
    data: page.map((one) => collectionDocument(one, call)),
    marker: start + size < all.length ? String(start + size) : null,
  }
}

/** `GET /api/collections/ID` */
export const getCollection = (call: ManagerCall): ManagerReply => ({
  data: [collectionDocument(requireManaged(param(call, 'collection'), call), call)],
})

interface Changes extends Description {
  readonly keywords?: readonly string[] | null | undefined
  readonly enable_https?: boolean | null | undefined
  readonly force_verify?: boolean | undefined
  readonly disable_verify?: boolean | undefined
  readonly allow_guest_collections?: boolean | undefined
}

const changes: z.ZodType<Changes> = description.and(
  z.looseObject({
    keywords: z.array(z.string().max(1024)).nullish(),
    enable_https: z.boolean().nullish(),
    force_verify: z.boolean().optional(),
    disable_verify: z.boolean().optional(),
    allow_guest_collections: z.boolean().optional(),
  }),
)

/** What the documents of collections and endpoints have in common, as the world keeps it. */
export const toChanges = (document: Changes): Partial<CollectionDocument> =>
  describedChanges(document, {
    keywords: document.keywords === null ? null : document.keywords?.join(', '),
    https: document.enable_https ?? undefined,
    forceVerify: document.force_verify,
    disableVerify: document.disable_verify,
    allowGuestCollections: document.allow_guest_collections,
  })

/** `PATCH /api/collections/ID` */
export async function updateCollection(call: ManagerCall): Promise<ManagerReply> {
  const document = await readBody(call, changes)
  const collection = requireManaged(param(call, 'collection'), call)
  requireAdministrator(collection, call)
  const { world, origins } = call.context
  world.collections.change(collection.id, toChanges(document))
  if (document.enable_https === true) await openOrigin(collection, { world, origins })
  if (document.enable_https === false) await origins.close(collection.id)
  return { message: `Updated Collection ${collection.id}`, data: [] }
}

/** `PATCH /api/endpoint` */
export async function updateEndpoint(call: ManagerCall): Promise<ManagerReply> {
  const document = await readBody(call, changes)
  requireAdministrator(call.endpoint, call)
  const { https: _, ...rest } = toChanges(document)
  call.context.world.collections.change(call.endpoint.id, rest)
  return { message: `Updated Endpoint ${call.endpoint.id}`, data: [] }
}

/** `DELETE /api/collections/ID`, with the guest collections made on it. The files stay. */
export async function deleteCollection(call: ManagerCall): Promise<ManagerReply> {
  const collection = requireManaged(param(call, 'collection'), call)
  requireAdministrator(collection, call)
  const { world, clock, origins } = call.context
  const guests = world.collections.all().filter(({ host }) => host?.id === collection.id)
  for (const { id } of [collection, ...guests]) {
    world.collections.delete(id, clock.now())
    await origins.close(id)
  }
  return { message: `Deleted Collection ${collection.id}`, data: [] }
}

function passes(collection: Collection, filter: string, { caller, context }: ManagerCall): boolean {
  const isMapped = collection.entityType === 'GCSv5_mapped_collection'
  if (filter === 'mapped_collections') return isMapped
  if (filter === 'guest_collections') return !isMapped
  if (filter === 'created_by_me') return caller.identities.includes(collection.owner)
  return rolesOf(collection, caller, context).length > 0
}

function readCount(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name)
  if (text === null) return fallback
  if (/^\d{1,6}$/.test(text)) return name === 'page_size' ? Math.min(Math.max(1, Number(text)), 1000) : Number(text)
  throw badRequest(`Invalid ${name} '${text}'`)
}
