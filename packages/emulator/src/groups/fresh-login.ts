import type { GroupsCall } from './call.ts'
import { groupsError } from './errors.ts'
import type { Standing } from './standing.ts'

const NO_LIMIT = 28_800

/** How long a login counts for a group, in seconds. Globus says eight hours also of groups that ask for none. */
export const sessionLimit = ({ group }: Pick<Standing, 'group'>): number => group.policies.timeout ?? NO_LIMIT

/**
 * A high-assurance group lets its members in only after a recent login as the identity that is the member.
 *
 * @throws GroupsError with `authorization_parameters` that say what login would do
 */
export function requireFreshLogin(standing: Standing, { caller, context }: GroupsCall): void {
  const { group, memberships } = standing
  if (!group.policies.highAssurance) return
  const active = memberships.filter(({ status }) => status === 'active').map(({ identity }) => identity)
  const required = active.length > 0 ? active : standing.role === undefined ? [] : [caller.id]
  if (required.length === 0) return
  const oldest = context.clock.now() - sessionLimit(standing) * 1000
  const logins = caller.authentications.filter(({ identity }) => required.includes(identity))
  if (logins.some(({ authTime }) => authTime >= oldest)) return
  const [identity = caller.id] = required
  const username = context.world.identities.find(identity)?.username ?? identity
  const message = `The group ${group.name} requires a recent login as ${username}`
  const parameters = {
    session_message: message,
    session_required_identities: [identity],
    // Only a login that is asked for makes an old one fresh.
    ...(logins.length > 0 ? { prompt: 'login' } : {}),
  }
  const { groupSessionStatus } = context.behaviour
  throw groupsError(groupSessionStatus, ['SESSION_REQUIRED', message], { authorization_parameters: parameters })
}

/** When the logins of a caller stop counting for a group, by identity. */
export function sessionTimeouts(standing: Standing, { caller, context }: GroupsCall): object {
  if (!standing.group.policies.highAssurance) return {}
  const now = context.clock.now()
  return Object.fromEntries(
    caller.authentications.map(({ identity, authTime }) => {
      const end = authTime + sessionLimit(standing) * 1000
      const expiresIn = Math.max(0, Math.ceil((end - now) / 1000))
      return [identity, { expire_time: new Date(end).toISOString(), expires_in: expiresIn }]
    }),
  )
}
