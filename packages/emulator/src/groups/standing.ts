import type { EmulatorContext } from '../context.ts'
import type { ServiceCaller } from '../services/caller.ts'
import { param } from '../services/service-route.ts'
import type { Group } from '../world/groups.ts'
import { groupRoles, type GroupRole, type Membership } from '../world/memberships.ts'
import type { GroupsCall } from './call.ts'
import { forbidden, groupNotFound } from './errors.ts'
import { requireFreshLogin } from './fresh-login.ts'

/** What an account is to a group. */
export interface Standing {
  readonly group: Group
  /** Its memberships, of any status. */
  readonly memberships: readonly Membership[]
  /** The strongest role of an active identity, or `admin` for an admin of a group above. */
  readonly role: GroupRole | undefined
}

type Worlds = Pick<EmulatorContext, 'world'>

export const rankOf = (role: GroupRole | undefined): number => (role === undefined ? -1 : groupRoles.indexOf(role))

export const isManager = ({ role }: Standing): boolean => rankOf(role) >= rankOf('manager')

export function standingIn(group: Group, caller: ServiceCaller, context: Worlds): Standing {
  const { memberships, groups } = context.world
  const own = caller.identities.flatMap((identity) => memberships.find(group.id, identity) ?? [])
  const roles = own.filter(({ status }) => status === 'active').map(({ role }) => role)
  const strongest = roles.toSorted((one, other) => rankOf(other) - rankOf(one))[0]
  if (strongest === 'admin' || group.parent === null) return { group, memberships: own, role: strongest }
  const above = groups.find(group.parent)
  const isAdminAbove = above !== undefined && standingIn(above, caller, context).role === 'admin'
  return { group, memberships: own, role: isAdminAbove ? 'admin' : strongest }
}

/** Whether an account may know of a group: it is not private, or the account is in it, invited to it or asked to be. */
export const isVisible = ({ group, memberships, role }: Standing): boolean =>
  group.policies.visibility === 'authenticated' ||
  role !== undefined ||
  memberships.some(({ status }) => status === 'invited' || status === 'pending')

/**
 * Whether an account may come in without being asked. Which accounts Globus lets in is not documented: here those that look after the
 * group, are in it already by another identity, or are invited.
 */
export const mayJoin = ({ memberships, role }: Standing): boolean =>
  role !== undefined || memberships.some(({ status }) => status === 'invited')

/** Whether nobody would be left to look after the group. */
export function isLastAdmin(
  identity: string,
  { group }: Pick<Standing, 'group'>,
  { memberships }: EmulatorContext['world'],
): boolean {
  const admins = memberships.ofGroup(group.id).filter(({ role, status }) => role === 'admin' && status === 'active')
  return admins.length === 1 && admins[0]?.identity === identity
}

/** The group of the path. @throws GroupsError 404 for none, 403 for one that the caller may not see or whose logins are too old */
export function requireGroup(call: GroupsCall): Standing {
  const group = call.context.world.groups.find(param(call, 'group').toLowerCase())
  if (group === undefined) throw groupNotFound()
  const standing = standingIn(group, call.caller, call.context)
  if (!isVisible(standing)) throw forbidden('You may not see this group')
  requireFreshLogin(standing, call)
  return standing
}

/** As `requireGroup`, for what a role allows. */
export function requireRole(call: GroupsCall, role: 'manager' | 'admin'): Standing {
  const standing = requireGroup(call)
  if (rankOf(standing.role) < rankOf(role))
    throw forbidden(`Only ${role === 'admin' ? 'an admin' : 'a manager'} may do this`)
  return standing
}
