import * as z from 'zod'
import { ok, param, type ServiceReply } from '../services/service-route.ts'
import { indexRoles, type IndexRole, type SearchIndex, type SearchRole } from '../world/search-indexes.ts'
import { ADMINS, readDocument, refuseWithout, requireRole, searchTime, type SearchCall } from './call.ts'
import { badRequest, notFound, SearchError } from './errors.ts'

/** How many trial indexes one principal may own. */
const MAXIMUM_TRIALS = 3

/** `GET /v1/index/ID/role_list` */
export function listRoles(call: SearchCall): ServiceReply {
  const index = requireRole(call, ADMINS)
  return ok({ role_list: call.context.world.searchIndexes.roles(index.id).map(roleDocument) })
}

/** `POST /v1/index/ID/role`. Only an owner makes owners. */
export async function createRole(call: SearchCall): Promise<ServiceReply> {
  const document = await readDocument(call, z.object({ role_name: z.enum(indexRoles), principal: z.string() }))
  const index = requireRole(call, ADMINS)
  if (document.role_name === 'owner') refuseWithout(['owner'], index.id, call)
  const principal = readPrincipal(document.principal, call)
  return ok(roleDocument(giveRole({ index, role: document.role_name, principal }, call)))
}

/** `DELETE /v1/index/ID/role/ROLE`. An index keeps an owner. */
export function deleteRole(call: SearchCall): ServiceReply {
  const index = requireRole(call, ADMINS)
  const { searchIndexes } = call.context.world
  const roles = searchIndexes.roles(index.id)
  const role = roles.find(({ id }) => id === param(call, 'role'))
  if (role === undefined) throw notFound('There is no role with this id on the index')
  if (role.role === 'owner') refuseWithout(['owner'], index.id, call)
  if (role.role === 'owner' && roles.filter((one) => one.role === 'owner').length === 1)
    throw new SearchError(409, 'Conflict.Generic', 'The last owner of an index cannot be removed')
  searchIndexes.removeRole(role.id)
  return ok({ deleted: roleDocument(role), success: true })
}

interface NewRole {
  readonly index: SearchIndex
  readonly role: IndexRole
  readonly principal: string
}

/** @throws SearchError 409 when the principal has the role, or owns too many trial indexes */
export function giveRole({ index, role, principal }: NewRole, { context }: SearchCall): SearchRole {
  const { world, clock, random } = context
  const { searchIndexes } = world
  if (role === 'owner' && index.subscriptionId === null && searchIndexes.countTrials(principal) >= MAXIMUM_TRIALS) {
    throw new SearchError(409, 'Conflict.LimitExceeded', 'Role limit exceeded', {
      cause: 'Making an index gives its maker the role of an owner, and there is a limit to these roles.',
      constraint: `Cannot create more ownership roles on trial indices than the limit (${MAXIMUM_TRIALS})`,
    })
  }
  const id = Buffer.from(Buffer.from(random(6)).toString('hex')).toString('base64url')
  const given: SearchRole = { id, index: index.id, role, principal, createdAt: clock.now() }
  if (!searchIndexes.addRole(given)) throw new SearchError(409, 'Conflict.RoleExists', 'The principal has this role')
  return given
}

const URN = /^urn:globus:(auth:identity|groups:id):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

function readPrincipal(principal: string, { context }: SearchCall): string {
  const [, kind, id = ''] = URN.exec(principal) ?? []
  if (kind === undefined) throw badRequest(`principal '${principal}' is no URN of an identity or a group`)
  if (kind === 'auth:identity' && context.world.identities.find(id.toLowerCase()) === undefined)
    throw badRequest(`There is no identity ${id}`)
  return principal.toLowerCase()
}

const roleDocument = (role: SearchRole): object => ({
  id: role.id,
  index_id: role.index,
  role_name: role.role,
  principal: role.principal,
  principal_type: role.principal.startsWith('urn:globus:groups:') ? 'group' : 'identity',
  creation_date: searchTime(role.createdAt),
})
