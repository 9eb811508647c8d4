import type { EmulatorContext } from '../context.ts'
import { timestamp, optionalTimestamp } from '../transfer/timestamps.ts'
import type { GroupPolicies } from '../world/groups.ts'
import type { Membership } from '../world/memberships.ts'
import { allowedActions } from './allowed-actions.ts'
import type { GroupsCall } from './call.ts'
import { forbidden } from './errors.ts'
import { sessionLimit, sessionTimeouts } from './fresh-login.ts'
import { isManager, type Standing } from './standing.ts'

/** What `include` may ask for. */
export const includable = ['memberships', 'my_memberships', 'policies', 'allowed_actions', 'child_ids'] as const

export type Includable = (typeof includable)[number]

/** A group as Groups describes it to somebody. */
export function groupDocument(standing: Standing, include: readonly Includable[], call: GroupsCall): object {
  const { group } = standing
  return {
    id: group.id,
    name: group.name,
    description: group.description,
    terms_and_conditions: group.termsAndConditions,
    parent_id: group.parent,
    group_type: group.subscriptionId === null ? 'regular' : 'plus',
    enforce_session: group.policies.highAssurance,
    session_limit: sessionLimit(standing),
    session_timeouts: sessionTimeouts(standing, call),
    subscription_id: group.subscriptionId,
    subscription_info: group.subscriptionInfo,
    subscription_admin_verified_id: group.verifiedSubscription,
    policies: policiesDocument(group.policies),
    ...included(standing, new Set(include), call),
  }
}

function included(standing: Standing, include: ReadonlySet<Includable>, call: GroupsCall): object {
  const { context } = call
  const { group } = standing
  const mine = (): object[] => standing.memberships.map((one) => membershipDocument(one, context))
  const children = (): string[] => context.world.groups.children(group.id).map(({ id }) => id)
  return {
    ...(include.has('my_memberships') ? { my_memberships: mine() } : {}),
    ...(include.has('memberships') ? { memberships: membersOf(standing, call) } : {}),
    ...(include.has('child_ids') ? { child_ids: children() } : {}),
    ...(include.has('allowed_actions') ? { allowed_actions: allowedActions(standing, call) } : {}),
  }
}

/** Managers see everybody; members each other, where the group lets them. */
function membersOf(standing: Standing, { context }: GroupsCall): object[] {
  const { group, role } = standing
  const all = context.world.memberships.ofGroup(group.id)
  const document = (one: Membership): object => membershipDocument(one, context)
  if (isManager(standing)) return all.map(document)
  if (role === undefined || group.policies.membersVisibility === 'managers')
    throw forbidden('You may not see the members of this group')
  return all.filter(({ status }) => status === 'active').map(document)
}

export const membershipDocument = (membership: Membership, { world }: Pick<EmulatorContext, 'world'>): object => ({
  group_id: membership.group,
  identity_id: membership.identity,
  username: world.identities.find(membership.identity)?.username ?? membership.identity,
  role: membership.role,
  status: membership.status,
  status_reason: membership.statusReason,
  invite_email_address: membership.inviteEmailAddress,
  invite_time: optionalTimestamp(membership.invitedAt),
  updated: timestamp(membership.updatedAt),
  membership_fields: world.memberships.fields(membership.group, membership.identity) ?? {},
})

export const policiesDocument = (policies: GroupPolicies): object => ({
  is_high_assurance: policies.highAssurance,
  authentication_assurance_timeout: policies.timeout,
  group_visibility: policies.visibility,
  group_members_visibility: policies.membersVisibility,
  join_requests: policies.joinRequests,
  signup_fields: policies.signupFields,
})
