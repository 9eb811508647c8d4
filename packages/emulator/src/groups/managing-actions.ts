import { post } from '../outbox/post.ts'
import type { Membership } from '../world/memberships.ts'
import { ActionRefused, changed, refuseActive, requireStatus, type Acting, type Action } from './action.ts'
import { isLastAdmin, rankOf } from './standing.ts'

/** What managers and admins do with the memberships of others. */
export const managingActions: Readonly<
  Record<'add' | 'invite' | 'approve' | 'reject' | 'remove' | 'change_role', Action>
> = {
  add: (acting) => {
    const { entry, call } = acting
    refuseActive(acting)
    refuseStronger(acting)
    if (call.context.world.memberships.allowAdd(entry.identity) === false)
      throw new ActionRefused('ADD_NOT_ALLOWED', 'This identity does not let others add it to groups: invite it')
    return changed(acting, 'active')
  },
  invite: (acting) => {
    refuseActive(acting)
    refuseStronger(acting)
    const { inviteEmailAddress } = acting.entry
    const invited = changed(acting, 'invited', { inviteEmailAddress, invitedAt: acting.call.context.clock.now() })
    mailInvitation(acting)
    return invited
  },
  approve: (acting) => {
    requireStatus(acting, 'pending')
    return mailed(changed(acting, 'active'), acting)
  },
  reject: (acting) => {
    requireStatus(acting, 'pending')
    return mailed(changed(acting, 'rejected'), acting)
  },
  remove: (acting) => {
    const current = requireStatus(acting, 'active', 'invited', 'pending')
    refuseStronger(acting, current)
    refuseLastAdmin(acting)
    return changed(acting, 'removed')
  },
  change_role: (acting) => {
    requireStatus(acting, 'active')
    if (acting.standing.role !== 'admin') throw new ActionRefused('FORBIDDEN', 'Only an admin may change roles')
    if (acting.entry.role === null) throw new ActionRefused('ROLE_REQUIRED', 'Give the new role')
    if (acting.entry.role !== 'admin') refuseLastAdmin(acting)
    return changed(acting, 'active')
  },
}

/** A manager gives and takes the role of a member only. */
function refuseStronger({ entry, standing }: Acting, current?: Membership): void {
  if (standing.role === 'admin') return
  const strongest = Math.max(rankOf(entry.role ?? 'member'), rankOf(current?.role))
  if (strongest > rankOf('member'))
    throw new ActionRefused('FORBIDDEN', 'Only an admin may give or take the role of a manager or an admin')
}

/** @throws ActionRefused when nobody would be left to look after the group */
export function refuseLastAdmin({ entry, standing, call }: Acting): void {
  if (isLastAdmin(entry.identity, standing, call.context.world))
    throw new ActionRefused('LAST_ADMIN', 'A group keeps at least one admin')
}

function mailInvitation({ entry, standing, call }: Acting): void {
  const { name } = standing.group
  const inviter = call.context.world.identities.find(call.caller.id)?.name ?? 'Somebody'
  post(call.context, {
    to: entry.identity,
    address: entry.inviteEmailAddress,
    subject: `${inviter} invites you to the group ${name}`,
    text: `${inviter} invites you to join the Globus group ${name} as ${entry.role ?? 'member'}.`,
    cause: 'group invitation',
  })
}

function mailed(membership: Membership, { standing, call }: Acting): Membership {
  const decision = membership.status === 'active' ? 'approved' : 'rejected'
  const { name } = standing.group
  post(call.context, {
    to: membership.identity,
    subject: `Your request to join the group ${name} was ${decision}`,
    text: `Your request to join the Globus group ${name} was ${decision}. ${membership.statusReason ?? ''}`.trim(),
    cause: 'group join request',
  })
  return membership
}
