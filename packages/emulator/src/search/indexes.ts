import * as z from 'zod'
import { randomUuid } from '../random.ts'
import { ok, type ServiceReply } from '../services/service-route.ts'
import { indexRoles, type IndexRole, type SearchIndex } from '../world/search-indexes.ts'
import {
  ADMINS,
  identityUrn,
  readDocument,
  requireCaller,
  requireIndex,
  requireRole,
  rolesOn,
  searchTime,
  type SearchCall,
} from './call.ts'
import { badRequest } from './errors.ts'
import { giveRole } from './roles.ts'

/** `POST /v1/index`: whoever makes an index owns it. */
export async function createIndex(call: SearchCall): Promise<ServiceReply> {
  const caller = requireCaller(call)
  const schema = z.object({ display_name: z.string().min(1).max(1000), description: z.string().max(10_000) })
  const document = await readDocument(call, schema)
  const { world, clock, random } = call.context
  const index: SearchIndex = {
    id: randomUuid(random),
    displayName: document.display_name,
    description: document.description,
    status: 'open',
    subscriptionId: null,
    createdAt: clock.now(),
    modifiedAt: null,
  }
  world.transaction(() => {
    world.searchIndexes.put(index)
    giveRole({ index, role: 'owner', principal: identityUrn(caller.id) }, call)
  })
  return ok(indexDocument(index, call))
}

/** `GET /v1/index/ID` */
export function getIndex(call: SearchCall): ServiceReply {
  const index = requireIndex(call, call.context.world.searchIndexes.find(call.params['index'] ?? '')?.status)
  return ok({ ...indexDocument(index, call), permissions: rolesOn(index.id, call) })
}

/** `PATCH /v1/index/ID` */
export async function updateIndex(call: SearchCall): Promise<ServiceReply> {
  const schema = z.object({
    display_name: z.string().min(1).max(1000).nullish(),
    description: z.string().max(10_000).nullish(),
  })
  const document = await readDocument(call, schema)
  const index = requireRole(call, ADMINS)
  const changed = {
    ...index,
    displayName: document.display_name ?? index.displayName,
    description: document.description ?? index.description,
  }
  call.context.world.searchIndexes.put(changed)
  return ok(indexDocument(changed, call))
}

/** `DELETE /v1/index/ID`: marks it; its owner may think again. */
export const deleteIndex = (call: SearchCall): ServiceReply => setStatus(call, 'open', 'delete_pending')

/** `POST /v1/index/ID/reopen` */
export const reopenIndex = (call: SearchCall): ServiceReply => setStatus(call, 'delete_pending', 'open')

function setStatus(call: SearchCall, from: SearchIndex['status'], to: SearchIndex['status']): ServiceReply {
  const index = requireRole(call, ['owner'], from)
  call.context.world.searchIndexes.put({ ...index, status: to })
  return ok({ index_id: index.id, acknowledged: true })
}

/** `GET /v1/index_list`: those on which the caller has a role. */
export function listIndexes(call: SearchCall): ServiceReply {
  requireCaller(call)
  const wanted = readRoles(call)
  const found = call.context.world.searchIndexes.all().flatMap((index) => {
    const permissions = rolesOn(index.id, call)
    if (!permissions.some((role) => wanted.includes(role))) return []
    return [{ ...indexDocument(index, call), permissions }]
  })
  return ok({ index_list: found })
}

function readRoles({ query }: SearchCall): readonly IndexRole[] {
  const given = query.getAll('filter_roles').flatMap((text) => text.split(','))
  if (given.length === 0) return indexRoles
  return given.map((text) => {
    const role = indexRoles.find((known) => known === text)
    if (role === undefined) throw badRequest(`filter_roles holds '${text}', which is no role`)
    return role
  })
}

function indexDocument(index: SearchIndex, { context }: SearchCall): object {
  const entries = context.world.searchEntries.ofIndex(index.id)
  const bytes = entries.reduce((sum, { content }) => sum + JSON.stringify(content).length, 0)
  return {
    '@datatype': 'GSearchIndex',
    '@version': '2017-09-01',
    id: index.id,
    display_name: index.displayName,
    description: index.description,
    creation_date: searchTime(index.createdAt),
    content_last_modified_date: index.modifiedAt === null ? null : searchTime(index.modifiedAt),
    is_trial: index.subscriptionId === null,
    subscription_id: index.subscriptionId,
    max_size_in_mb: index.subscriptionId === null ? 1 : 100,
    size_in_mb: Math.floor(bytes / 1_000_000),
    num_entries: entries.length,
    num_subjects: new Set(entries.map(({ subject }) => subject)).size,
    status: index.status,
    available: index.status === 'open',
  }
}
