import type { GroupsCall } from './call.ts'
import { isLastAdmin, isManager, mayJoin, type Standing } from './standing.ts'

/** Which identities of the caller may do what; for clients that want to show the right buttons. */
export function allowedActions(standing: Standing, { caller, context }: GroupsCall): object {
  const { group, role } = standing
  const statusOf = (identity: string): string | undefined =>
    standing.memberships.find((one) => one.identity === identity)?.status
  const by = (allowed: (status: string | undefined) => boolean): string[] =>
    caller.identities.filter((identity) => allowed(statusOf(identity)))
  const own = standing.memberships.filter((one) => one.status === 'active' && one.role !== 'member')
  // An admin of a group above has no membership here.
  const managing = own.length > 0 ? own.map(({ identity }) => identity) : isManager(standing) ? [caller.id] : []
  const outside = (status: string | undefined): boolean => status !== 'active' && status !== 'pending'
  return {
    add: managing,
    change_role: role === 'admin' ? managing : [],
    invite: managing,
    remove: managing,
    join: mayJoin(standing) ? by((status) => status !== 'active') : [],
    request_join: group.policies.joinRequests ? by(outside) : [],
    approve: managing,
    reject: managing,
    accept: by((status) => status === 'invited'),
    leave: by((status) => status === 'active').filter((identity) => !isLastAdmin(identity, standing, context.world)),
    decline: by((status) => status === 'invited'),
  }
}
