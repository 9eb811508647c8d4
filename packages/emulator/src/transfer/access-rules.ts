import * as z from 'zod'
import { formatPath, parsePath } from '../collections/virtual-path.ts'
import { mailAboutAccess } from '../outbox/access-mail.ts'
import { randomUuid } from '../random.ts'
import type { AccessRule, PrincipalType } from '../world/access-rules.ts'
import type { Collection } from '../world/collections.ts'
import { ok, param, readBody, result, type Call, type Reply } from './call.ts'
import { badRequest, permissionDenied, TransferError } from './errors.ts'
import { conflict, requireCollection } from './open-collection.ts'
import { isGuest, managesAccess } from './rights.ts'
import { optionalTimestamp, parseTimestamp, timestamp } from './timestamps.ts'

const MAXIMUM_RULES = 1000

/** `GET /v0.10/endpoint/ID/access_list`: rules, and a row without id for everybody whom a role lets in. */
export function listAccess(call: Call): Reply {
  const collection = requireShared(call)
  const { world, clock } = call.context
  const rules = world.accessRules.list(collection.id, clock.now()).map(accessDocument)
  const DATA = [...implicitRules(collection, call), ...rules]
  return ok({ DATA_TYPE: 'access_list', endpoint: collection.id, length: DATA.length, DATA })
}

/** `GET /v0.10/endpoint/ID/access/RULE` */
export const getAccess = (call: Call): Reply => ok(accessDocument(requireRule(call)))

const created = z.looseObject({
  DATA_TYPE: z.literal('access').optional(),
  principal_type: z.string(),
  principal: z.string().nullish(),
  path: z.string(),
  permissions: z.enum(['r', 'rw']),
  expiration_date: z.string().nullish(),
  notify_email: z.string().nullish(),
  notify_message: z.string().nullish(),
})

/** `POST /v0.10/endpoint/ID/access` */
export async function createAccess(call: Call): Promise<Reply> {
  const document = await readBody(call, created)
  const collection = requireShared(call)
  const { world, clock, random, behaviour } = call.context
  const principal = readPrincipal(document.principal_type, document.principal ?? '', call)
  if (principal.principalType === 'anonymous' && document.permissions === 'rw')
    throw badRequest('Anonymous access is read-only')
  const rules = world.accessRules.list(collection.id, clock.now())
  if (rules.length >= MAXIMUM_RULES)
    throw new TransferError(409, 'Exists', `A collection has at most ${MAXIMUM_RULES} access rules`)
  const rule: AccessRule = {
    id: randomUuid(random),
    collection: collection.id,
    ...principal,
    path: readRulePath(document.path),
    permissions: document.permissions,
    createdAt: clock.now(),
    expiresAt: readExpiration(document.expiration_date ?? null),
  }
  const known = world.accessRules.add(rule) ? undefined : rules.find((one) => isSamePlace(one, rule))
  if (known !== undefined && behaviour.duplicateAccessRule === 'Exists')
    throw new TransferError(409, 'Exists', 'This principal has a rule for this path')
  if (known === undefined) mailAboutAccess(rule, collection, { notice: document, call })
  const extra = { access_id: (known ?? rule).id }
  return result(call, ['Created', 'Access rule created successfully.'], {
    status: 201,
    dataType: 'access_create_result',
    extra,
  })
}

const updated = z.looseObject({
  DATA_TYPE: z.literal('access').optional(),
  permissions: z.enum(['r', 'rw']).optional(),
  expiration_date: z.string().nullish(),
})

/** `PUT /v0.10/endpoint/ID/access/RULE`: rights and end, nothing else. */
export async function updateAccess(call: Call): Promise<Reply> {
  const document = await readBody(call, updated)
  const rule = requireRule(call)
  const permissions = document.permissions ?? rule.permissions
  if (rule.principalType === 'anonymous' && permissions === 'rw') throw badRequest('Anonymous access is read-only')
  const { expiration_date: end } = document
  const expiresAt = end === undefined ? rule.expiresAt : readExpiration(end)
  call.context.world.accessRules.update({ ...rule, permissions, expiresAt })
  return result(call, ['Updated', `Access rule '${rule.id}' updated successfully`])
}

/** `DELETE /v0.10/endpoint/ID/access/RULE` */
export function deleteAccess(call: Call): Reply {
  const rule = requireRule(call)
  call.context.world.accessRules.remove(rule.collection, rule.id)
  return result(call, ['Deleted', `Access rule ${rule.id} deleted successfully`])
}

/** The guest collection of the path, whose rules the caller manages. */
function requireShared(call: Call): Collection {
  const collection = requireCollection(param(call, 'endpoint'), call)
  if (!isGuest(collection)) throw conflict('NotSupported', 'Access rules belong to guest collections', call.context)
  if (!managesAccess(collection, call.caller, call.context))
    throw permissionDenied(`You may not manage the access rules of '${collection.id}'`)
  return collection
}

function requireRule(call: Call): AccessRule {
  const id = param(call, 'rule')
  const rule = call.context.world.accessRules.find(requireShared(call).id, id)
  if (rule === undefined)
    throw new TransferError(404, call.context.behaviour.unknownRuleCode, `No such access rule '${id}'`)
  return rule
}

function readPrincipal(
  type: string,
  principal: string,
  { context }: Call,
): { principalType: PrincipalType; principal: string } {
  if (type === 'all_authenticated_users' || type === 'anonymous') return { principalType: type, principal: '' }
  if (type !== 'identity' && type !== 'group') throw badRequest(`Invalid principal_type '${type}'`)
  if (!z.guid().safeParse(principal).success) throw badRequest(`Invalid principal '${principal}'`)
  if (type === 'identity' && context.world.identities.find(principal) === undefined)
    throw badRequest(`No such identity '${principal}'`)
  return { principalType: type, principal }
}

function readRulePath(path: string): string {
  try {
    if (path.startsWith('/') && path.endsWith('/') && !/[\r\n]/.test(path)) {
      const parsed = formatPath(parsePath(path), true)
      if (parsed === path) return path
    }
  } catch {
    // Answered below like every other path that is no path of a rule.
  }
  throw new TransferError(400, 'InvalidPath', `Invalid path '${path}': it must begin and end with a slash`)
}

function readExpiration(text: string | null): number | null {
  if (text === null) return null
  const at = parseTimestamp(text)
  if (at === undefined) throw badRequest(`Invalid expiration_date '${text}'`)
  return at
}

const isSamePlace = (one: AccessRule, other: AccessRule): boolean =>
  one.path === other.path && one.principalType === other.principalType && one.principal === other.principal

const accessDocument = (rule: AccessRule): object => ({
  DATA_TYPE: 'access',
  id: rule.id,
  principal_type: rule.principalType,
  principal: rule.principal,
  path: rule.path,
  permissions: rule.permissions,
  role_id: null,
  role_type: null,
  create_time: timestamp(rule.createdAt),
  expiration_date: optionalTimestamp(rule.expiresAt),
})

function implicitRules(collection: Collection, { context }: Call): object[] {
  const row = (principal: string, principalType: string, roleId: string | null, role: string): object => ({
    DATA_TYPE: 'access',
    id: null,
    principal_type: principalType,
    principal,
    path: '/',
    permissions: 'rw',
    role_id: roleId,
    role_type: role,
    create_time: null,
    expiration_date: null,
  })
  const roles = context.world.collectionRoles
    .list(collection.id)
    .filter(({ role }) => role === 'administrator' || role === 'access_manager')
  return [
    row(collection.owner, 'identity', null, 'administrator'),
    ...roles.map((role) => row(role.principal, role.principalType, role.id, role.role)),
  ]
}
