import * as z from 'zod'
import { randomUuid } from '../random.ts'
import { ok, type ServiceReply } from '../services/service-route.ts'
import type { Group } from '../world/groups.ts'
import { membershipStatuses } from '../world/memberships.ts'
import { id, readChoices, readDocument, type GroupsCall } from './call.ts'
import { groupDocument, includable } from './documents.ts'
import { forbidden, groupNotFound, groupsError } from './errors.ts'
import { changedPolicies, defaultPolicies, policyChanges } from './policies.ts'
import { isManager, isVisible, requireGroup, requireRole, standingIn, type Standing } from './standing.ts'

/** A person can make groups as long as there are fewer active memberships than this. */
const MAXIMUM_MEMBERSHIPS = 1000

/** `GET /v2/groups/my_groups`: an array, without pages. */
export function listMine(call: GroupsCall): ServiceReply {
  const { caller, context } = call
  const { memberships, groups } = context.world
  const wanted = readChoices(call, 'statuses', membershipStatuses)
  const statuses = new Set(wanted.length === 0 ? ['active'] : wanted)
  const mine = memberships.ofIdentities(caller.identities).filter(({ status }) => statuses.has(status))
  const ids = Array.from(new Set(mine.map(({ group }) => group)))
  const documents = ids.flatMap((one) => {
    const group = groups.find(one)
    if (group === undefined) return []
    const standing = standingIn(group, caller, context)
    const shown = standing.memberships.filter(({ status }) => statuses.has(status))
    return [groupDocument({ ...standing, memberships: shown }, ['my_memberships'], call)]
  })
  return ok(documents)
}

/** `GET /v2/groups/statuses`: how many memberships of each status the groups have that the caller manages. */
export function listStatuses(call: GroupsCall): ServiceReply {
  const { caller, context } = call
  const { memberships, groups } = context.world
  const managed = groups.all().filter((group) => isManager(standingIn(group, caller, context)))
  const counts = managed.map(({ id: group }) => {
    const all = memberships.ofGroup(group)
    return [
      group,
      Object.fromEntries(membershipStatuses.map((one) => [one, all.filter((m) => m.status === one).length])),
    ]
  })
  return ok(Object.fromEntries(counts))
}

/** `GET /v2/groups/ID` */
export const getGroup = (call: GroupsCall): ServiceReply =>
  ok(groupDocument(requireGroup(call), readChoices(call, 'include', includable), call))

/** `GET /v2/groups/ID/children`: those that the caller may see. */
export function listChildren(call: GroupsCall): ServiceReply {
  const { group } = requireGroup(call)
  const include = readChoices(call, 'include', includable)
  const standings = call.context.world.groups
    .children(group.id)
    .map((child) => standingIn(child, call.caller, call.context))
    .filter(isVisible)
  return ok({ children: standings.map((standing) => groupDocument(standing, include, call)) })
}

const text = z.string().max(10_000).nullish()
const name = z.string().trim().min(1).max(256)

const created = z.object({
  name,
  description: text,
  terms_and_conditions: text,
  parent_id: id.nullish(),
  policies: policyChanges.nullish(),
})

/** `POST /v2/groups`: whoever makes a group is its admin. */
export async function createGroup(call: GroupsCall): Promise<ServiceReply> {
  const document = await readDocument(call, created)
  const { caller, context } = call
  const { world, clock, random } = context
  requireParent(document.parent_id ?? null, call)
  if (world.memberships.groupsOf(caller.identities).size >= MAXIMUM_MEMBERSHIPS)
    throw groupsError(409, ['LIMIT_EXCEEDED', `Nobody with ${MAXIMUM_MEMBERSHIPS} active memberships can make groups`])
  const group: Group = {
    id: randomUuid(random),
    name: document.name,
    description: document.description ?? null,
    termsAndConditions: document.terms_and_conditions ?? null,
    parent: document.parent_id ?? null,
    policies: changedPolicies(defaultPolicies, document.policies ?? {}),
    subscriptionId: null,
    subscriptionInfo: null,
    verifiedSubscription: null,
    createdAt: clock.now(),
  }
  const membership = { group: group.id, identity: caller.id, role: 'admin', status: 'active' } as const
  world.transaction(() => {
    world.groups.put(group)
    const rest = { statusReason: null, inviteEmailAddress: null, invitedAt: null, updatedAt: clock.now() }
    world.memberships.put({ ...membership, ...rest })
  })
  return { status: 201, document: groupDocument(standingIn(group, caller, context), ['my_memberships'], call) }
}

function requireParent(parent: string | null, { caller, context }: GroupsCall): void {
  if (parent === null) return
  const group = context.world.groups.find(parent)
  if (group === undefined) throw groupNotFound()
  if (standingIn(group, caller, context).role !== 'admin')
    throw forbidden('Only an admin of the parent group may make subgroups')
}

const updated = z.object({
  name: name.nullish(),
  description: text,
  terms_and_conditions: text,
  subscription_admin_verified_id: id.nullish(),
})

/** `PUT /v2/groups/ID`. A subscription can be taken off here, but not put on. */
export async function updateGroup(call: GroupsCall): Promise<ServiceReply> {
  const document = await readDocument(call, updated)
  const standing = requireRole(call, 'admin')
  const { group } = standing
  const verified = document.subscription_admin_verified_id
  if (typeof verified === 'string' && verified !== group.verifiedSubscription)
    throw forbidden('Only an admin of the subscription may say that it covers a group')
  const changed: Group = {
    ...group,
    name: document.name ?? group.name,
    description: document.description === undefined ? group.description : document.description,
    termsAndConditions:
      document.terms_and_conditions === undefined ? group.termsAndConditions : document.terms_and_conditions,
    verifiedSubscription: verified === undefined ? group.verifiedSubscription : verified,
  }
  call.context.world.groups.put(changed)
  return ok(groupDocument({ ...standing, group: changed }, ['my_memberships'], call))
}

/** `DELETE /v2/groups/ID`, once it has no subgroups. Rules that name it let nobody in any more. */
export function deleteGroup(call: GroupsCall): ServiceReply {
  const standing: Standing = requireRole(call, 'admin')
  const { groups } = call.context.world
  const { id: group } = standing.group
  if (groups.children(group).length > 0) throw groupsError(400, ['GROUP_HAS_CHILDREN', 'The group has subgroups'])
  const document = groupDocument(standing, ['my_memberships'], call)
  call.context.world.transaction(() => groups.remove(group))
  return ok(document)
}
