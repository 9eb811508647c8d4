import * as z from 'zod'
import { randomUuid } from '../random.ts'
import { param, readBody } from '../transfer/call.ts'
import { badRequest, TransferError } from '../transfer/errors.ts'
import type { Collection } from '../world/collections.ts'
import type { CollectionRole } from '../world/collection-roles.ts'
import { requireAdministrator, requireManaged, type ManagerCall, type ManagerReply } from './manager-call.ts'
import { derivedId } from './storage-gateways.ts'

/** `GET /api/roles`: the caller's own roles on the endpoint or a collection; with `include=all_roles` everybody's. */
export function listRoles(call: ManagerCall): ManagerReply {
  const place = placeOf(call.query.get('collection_id'), call)
  const isAll = call.query.get('include')?.split(',').includes('all_roles') === true
  if (isAll) requireAdministrator(place, call)
  const mine = ({ principal }: CollectionRole): boolean =>
    call.caller.identities.includes(principal) || call.caller.groups.has(principal)
  return {
    data: rolesAt(place, call)
      .filter((role) => isAll || mine(role))
      .map((role) => roleDocument(role, call)),
  }
}

const body = z.looseObject({
  collection: z.guid().nullish(),
  principal: z.string(),
  role: z.enum(['administrator', 'access_manager', 'activity_manager', 'activity_monitor']),
})

/** `POST /api/roles` */
export async function createRole(call: ManagerCall): Promise<ManagerReply> {
  const document = await readBody(call, body)
  const place = placeOf(document.collection ?? null, call)
  requireAdministrator(place, call)
  const [, kind, principal] = /^urn:globus:(auth:identity|groups:id):([0-9a-f-]{36})$/.exec(document.principal) ?? []
  if (principal === undefined) throw badRequest(`Invalid principal '${document.principal}'`)
  const principalType = kind === 'groups:id' ? 'group' : 'identity'
  if (principalType === 'identity' && call.context.world.identities.find(principal) === undefined)
    throw badRequest(`No such identity '${principal}'`)
  const role = {
    id: randomUuid(call.context.random),
    collection: place.id,
    principalType,
    principal,
    role: document.role,
  } as const
  if (!call.context.world.collectionRoles.add(role))
    throw new TransferError(409, 'Conflict', 'The principal has this role')
  return { status: 201, message: `Created Role ${role.id}`, data: [roleDocument(role, call)] }
}

/** `GET /api/roles/ID` */
export const getRole = (call: ManagerCall): ManagerReply => ({ data: [roleDocument(requireRole(call), call)] })

/** `DELETE /api/roles/ID` */
export function deleteRole(call: ManagerCall): ManagerReply {
  const role = requireRole(call)
  requireAdministrator(placeOf(role.collection, call), call)
  if (!call.context.world.collectionRoles.remove(role.collection, role.id))
    throw new TransferError(409, 'Conflict', 'The role of the owner stays')
  return { message: `Deleted Role ${role.id}`, data: [] }
}

/** Owning a place is a role that nobody gave. */
const rolesAt = ({ id, owner }: Collection, { context }: ManagerCall): readonly CollectionRole[] => [
  {
    id: derivedId('owner', id, owner),
    collection: id,
    principalType: 'identity',
    principal: owner,
    role: 'administrator',
  },
  ...context.world.collectionRoles.list(id),
]

function placeOf(collection: string | null, call: ManagerCall): Collection {
  return collection === null || collection === call.endpoint.id ? call.endpoint : requireManaged(collection, call)
}

function requireRole(call: ManagerCall): CollectionRole {
  const id = param(call, 'role')
  const places = [call.endpoint, ...call.context.world.collections.all()]
  const role = places.flatMap((place) => rolesAt(place, call)).find((one) => one.id === id)
  if (role === undefined) throw new TransferError(404, 'NotFound', `No such role '${id}'`)
  requireAdministrator(placeOf(role.collection, call), call)
  return role
}

const roleDocument = (
  { id, collection, principalType, principal, role }: CollectionRole,
  { endpoint }: ManagerCall,
): object => ({
  DATA_TYPE: 'role#1.0.0',
  id,
  collection: collection === endpoint.id ? null : collection,
  principal: principalType === 'group' ? `urn:globus:groups:id:${principal}` : `urn:globus:auth:identity:${principal}`,
  role,
})
