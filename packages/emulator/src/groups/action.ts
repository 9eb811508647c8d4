import type { GroupRole, Membership, MembershipStatus } from '../world/memberships.ts'
import type { GroupsCall } from './call.ts'
import type { Standing } from './standing.ts'

/** What is to be done with one identity. */
export interface Entry {
  readonly identity: string
  readonly role: GroupRole | null
  readonly statusReason: string | null
  readonly inviteEmailAddress: string | null
}

/** An action, and who wants it. */
export interface Acting {
  readonly entry: Entry
  readonly standing: Standing
  /** The membership of the identity, of any status. */
  readonly current: Membership | undefined
  readonly call: GroupsCall
}

/** Why nothing was done with an identity; the others of the batch go on. */
export class ActionRefused extends Error {
  override readonly name = 'ActionRefused'
  readonly code: string

  constructor(code: string, detail: string) {
    super(detail)
    this.code = code
  }
}

/** Does one action. @throws ActionRefused */
export type Action = (acting: Acting) => Membership

/** The membership as an action leaves it. */
export function changed(acting: Acting, status: MembershipStatus, more: Partial<Membership> = {}): Membership {
  const { entry, standing, current, call } = acting
  const now = call.context.clock.now()
  return {
    group: standing.group.id,
    identity: entry.identity,
    role: entry.role ?? current?.role ?? 'member',
    inviteEmailAddress: current?.inviteEmailAddress ?? null,
    invitedAt: current?.invitedAt ?? null,
    ...more,
    status,
    statusReason: entry.statusReason,
    updatedAt: now,
  }
}

/** @throws ActionRefused unless the identity's membership has one of those statuses */
export function requireStatus({ current }: Acting, ...statuses: readonly MembershipStatus[]): Membership {
  if (current === undefined) throw new ActionRefused('NO_MEMBERSHIP', 'This identity has no membership in the group')
  if (statuses.includes(current.status)) return current
  throw new ActionRefused(
    'INCOMPATIBLE_STATUS',
    `The membership is ${current.status}; this takes one that is ${statuses.join(' or ')}`,
  )
}

/** @throws ActionRefused for an identity that is a member already */
export function refuseActive({ current }: Acting): void {
  if (current?.status === 'active')
    throw new ActionRefused('ALREADY_ACTIVE', 'This identity is already an active member of the group')
}
