import * as z from 'zod'
import { randomUuid } from '../random.ts'
import type { Collection } from '../world/collections.ts'
import type { CollectionRole } from '../world/collection-roles.ts'
import { ok, param, readBody, reply, result, type Call, type Reply } from './call.ts'
import { requireAdministered } from './endpoint.ts'
import { badRequest, permissionDenied, TransferError } from './errors.ts'
import { requireCollection } from './open-collection.ts'
import { rolesOf } from './rights.ts'

/** `GET /v0.10/endpoint/ID/role_list`, for everybody who has a role. */
export function listRoles(call: Call): Reply {
  const collection = requireInsider(call)
  const owner = { id: null, principalType: 'identity', principal: collection.owner, role: 'administrator' } as const
  const roles = [owner, ...call.context.world.collectionRoles.list(collection.id)]
  return ok({ DATA_TYPE: 'role_list', DATA: roles.map(roleDocument) })
}

/** `GET /v0.10/endpoint/ID/role/ROLE` */
export const getRole = (call: Call): Reply => ok(roleDocument(requireRole(call, requireInsider(call))))

const body = z.looseObject({
  DATA_TYPE: z.literal('role').optional(),
  principal_type: z.enum(['identity', 'group']),
  principal: z.guid(),
  role: z.enum(['administrator', 'access_manager', 'activity_manager', 'activity_monitor']),
})

/**
 * `POST /v0.10/endpoint/ID/role`. At Globus the roles of Connect Server collections are given through their GCS manager only; here both
 * kinds can be given this way, as long as there is no such manager.
 */
export async function createRole(call: Call): Promise<Reply> {
  const document = await readBody(call, body)
  const collection = requireAdministered(call)
  const role: CollectionRole = {
    id: randomUuid(call.context.random),
    collection: collection.id,
    principalType: document.principal_type,
    principal: document.principal,
    role: document.role,
  }
  if (role.principalType === 'identity' && call.context.world.identities.find(role.principal) === undefined)
    throw badRequest(`No such identity '${role.principal}'`)
  if (!call.context.world.collectionRoles.add(role))
    throw new TransferError(409, 'Exists', 'The principal has this role')
  return reply(call.context.behaviour.roleCreateStatus, roleDocument(role))
}

/** `DELETE /v0.10/endpoint/ID/role/ROLE` */
export function deleteRole(call: Call): Reply {
  const role = requireRole(call, requireAdministered(call))
  call.context.world.collectionRoles.remove(role.collection, role.id)
  return result(call, ['Deleted', `Role ${role.id} deleted successfully`])
}

function requireInsider(call: Call): Collection {
  const collection = requireCollection(param(call, 'endpoint'), call)
  if (rolesOf(collection, call.caller, call.context).length > 0) return collection
  throw permissionDenied(`You have no role on endpoint '${collection.id}'`)
}

function requireRole(call: Call, collection: Collection): CollectionRole {
  const id = param(call, 'role')
  const role = call.context.world.collectionRoles.find(collection.id, id)
  if (role === undefined) throw new TransferError(404, call.context.behaviour.unknownRuleCode, `No such role '${id}'`)
  return role
}

const roleDocument = (role: Omit<CollectionRole, 'id' | 'collection'> & { readonly id: string | null }): object => ({
  DATA_TYPE: 'role',
  id: role.id,
  principal_type: role.principalType,
  principal: role.principal,
  role: role.role,
})
