import * as z from 'zod'
import type { Collection, CollectionDocument } from '../world/collections.ts'
import { ok, param, readBody, result, type Call, type Reply } from './call.ts'
import { describedChanges, description, text } from './collection-changes.ts'
import { endpointDocument, serverDocument } from './endpoint-document.ts'
import { badRequest, permissionDenied, TransferError } from './errors.ts'
import { selectFields } from './list-query.ts'
import { requireCollection } from './open-collection.ts'
import { rolesOf } from './rights.ts'

/** `GET /v0.10/endpoint/ID` */
export function getEndpoint(call: Call): Reply {
  const collection = requireCollection(param(call, 'endpoint'), call)
  return ok(selectFields(call.query)(endpointDocument(collection, call.caller, call.context)))
}

const changes = description.and(z.looseObject({ keywords: text.optional() }))

/** `PUT /v0.10/endpoint/ID`, for Globus Connect Personal only: others are changed through their own server. */
export async function updateEndpoint(call: Call): Promise<Reply> {
  const collection = requireAdministered(call)
  requirePersonal(collection)
  const document = await readBody(call, changes)
  call.context.world.collections.change(collection.id, describedChanges(document, { keywords: document.keywords }))
  return result(call, ['Updated', 'Endpoint updated successfully'])
}

/** `DELETE /v0.10/endpoint/ID`. The files stay. */
export function deleteEndpoint(call: Call): Reply {
  const collection = requireAdministered(call)
  requirePersonal(collection)
  call.context.world.collections.delete(collection.id, call.context.clock.now())
  return result(call, ['Deleted', 'Endpoint deleted successfully'])
}

/** `PUT /v0.10/endpoint/ID/subscription` */
export async function setSubscription(call: Call): Promise<Reply> {
  const { subscription_id } = await readBody(call, z.looseObject({ subscription_id: z.string().nullable() }))
  return change(call, { subscriptionId: subscription_id === 'DEFAULT' ? DEFAULT_SUBSCRIPTION : subscription_id })
}

/** `PUT /v0.10/endpoint/ID/subscription_admin_verified` */
export async function setSubscriptionVerified(call: Call): Promise<Reply> {
  const schema = z.looseObject({ subscription_admin_verified: z.boolean() })
  return change(call, { subscriptionAdminVerified: (await readBody(call, schema)).subscription_admin_verified })
}

const DEFAULT_SUBSCRIPTION = '7c8c6ef1-9f0b-4f0e-8d0c-1b7b4c6a7001'

/** `GET /v0.10/endpoint/ID/server_list` */
export function listServers(call: Call): Reply {
  const collection = requireCollection(param(call, 'endpoint'), call)
  const servers = collection.entityType.startsWith('GCP') ? [] : [serverDocument(collection)]
  return ok({ DATA_TYPE: 'endpoint_server_list', endpoint: collection.id, DATA: servers })
}

/** `GET /v0.10/endpoint/ID/server/SERVER` */
export function getServer(call: Call): Reply {
  const collection = requireCollection(param(call, 'endpoint'), call)
  if (param(call, 'server') !== '1' || collection.entityType.startsWith('GCP'))
    throw new TransferError(404, 'ServerNotFound', `No such server '${param(call, 'server')}'`)
  return ok(serverDocument(collection))
}

/** `GET /v0.10/endpoint/ID/my_shared_endpoint_list` */
export function listMyShared(call: Call): Reply {
  const mine = guestsOn(call).filter(({ owner }) => call.caller.identities.includes(owner))
  return ok({
    DATA_TYPE: 'endpoint_list',
    DATA: mine.map((guest) => endpointDocument(guest, call.caller, call.context)),
  })
}

/** `GET /v0.10/endpoint/ID/shared_endpoint_list`, for administrators of the host. */
export function listShared(call: Call): Reply {
  requireAdministered(call)
  const limit = Number(call.query.get('max_results') ?? 100)
  const start = Number(call.query.get('next_token') ?? 0)
  if (!Number.isInteger(limit) || limit < 1 || !Number.isInteger(start) || start < 0) throw badRequest('Invalid page')
  const guests = guestsOn(call)
  const next = start + limit < guests.length ? String(start + limit) : null
  const shared_endpoints = guests.slice(start, start + limit).map(({ id }) => ({ id }))
  return ok({ DATA_TYPE: 'shared_endpoint_list', shared_endpoints, next_token: next })
}

/** The caller administers the collection. @throws TransferError 403 otherwise */
export function requireAdministered(call: Call): Collection {
  const collection = requireCollection(param(call, 'endpoint'), call)
  if (rolesOf(collection, call.caller, call.context).includes('administrator')) return collection
  throw permissionDenied(`You are not an administrator of endpoint '${collection.id}'`)
}

function requirePersonal({ entityType }: Collection): void {
  if (!entityType.startsWith('GCP'))
    throw badRequest('Globus Connect Server collections are changed through their GCS manager')
}

function guestsOn(call: Call): readonly Collection[] {
  const host = requireCollection(param(call, 'endpoint'), call)
  return call.context.world.collections.all().filter((collection) => collection.host?.id === host.id)
}

function change(call: Call, changes: Partial<CollectionDocument>): Reply {
  call.context.world.collections.change(requireAdministered(call).id, changes)
  return result(call, ['Updated', 'Endpoint updated successfully'])
}
