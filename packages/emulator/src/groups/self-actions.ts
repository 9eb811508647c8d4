import { post } from '../outbox/post.ts'
import { ActionRefused, changed, refuseActive, requireStatus, type Acting, type Action } from './action.ts'
import { refuseLastAdmin } from './managing-actions.ts'
import { mayJoin } from './standing.ts'

/** What people do with the memberships of their own identities. */
export const selfActions: Readonly<Record<'accept' | 'decline' | 'join' | 'request_join' | 'leave', Action>> = {
  accept: (acting) => {
    refuseActive(acting)
    requireStatus(acting, 'invited')
    return changed(acting, 'active')
  },
  decline: (acting) => {
    requireStatus(acting, 'invited')
    return changed(acting, 'declined')
  },
  join: (acting) => {
    refuseActive(acting)
    if (!mayJoin(acting.standing))
      throw new ActionRefused('JOIN_NOT_ALLOWED', 'This group cannot be joined without being asked')
    return changed(acting, 'active')
  },
  request_join: (acting) => {
    const { current, standing, entry, call } = acting
    refuseActive(acting)
    if (current?.status === 'pending') throw new ActionRefused('ALREADY_PENDING', 'There is a request already')
    const { joinRequests, signupFields } = standing.group.policies
    if (!joinRequests) throw new ActionRefused('JOIN_REQUESTS_NOT_ALLOWED', 'This group takes no requests to join')
    const fields = call.context.world.memberships.fields(standing.group.id, entry.identity) ?? {}
    const missing = signupFields.filter((name) => (fields[name] ?? '') === '')
    if (missing.length > 0)
      throw new ActionRefused('MISSING_SIGNUP_FIELDS', `The group asks for ${missing.join(', ')} (membership_fields)`)
    mailManagers(acting)
    return changed(acting, 'pending', { role: 'member' })
  },
  leave: (acting) => {
    requireStatus(acting, 'active')
    refuseLastAdmin(acting)
    return changed(acting, 'left')
  },
}

function mailManagers({ entry, standing, call }: Acting): void {
  const { world } = call.context
  const username = world.identities.find(entry.identity)?.username ?? entry.identity
  for (const { identity, status, role } of world.memberships.ofGroup(standing.group.id)) {
    if (status !== 'active' || role === 'member') continue
    post(call.context, {
      to: identity,
      subject: `${username} asks to join the group ${standing.group.name}`,
      text: `${username} asks to join the Globus group ${standing.group.name}. Approve or reject the request.`,
      cause: 'group join request',
    })
  }
}
