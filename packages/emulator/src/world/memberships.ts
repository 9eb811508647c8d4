import type { DatabaseSync } from 'node:sqlite'
import { optional } from './identities.ts'
import { integer, optionalInteger, optionalText, text, type Row } from './row.ts'

/** The roles in a group, the weakest first. */
export const groupRoles = ['member', 'manager', 'admin'] as const

export type GroupRole = (typeof groupRoles)[number]

export const membershipStatuses = ['active', 'invited', 'pending', 'rejected', 'removed', 'left', 'declined'] as const

export type MembershipStatus = (typeof membershipStatuses)[number]

/** What an identity is, or was, to a group. */
export interface Membership {
  readonly group: string
  readonly identity: string
  readonly role: GroupRole
  readonly status: MembershipStatus
  readonly statusReason: string | null
  readonly inviteEmailAddress: string | null
  readonly invitedAt: number | null
  readonly updatedAt: number
}

/** Fields by name, as somebody told them. */
export type MembershipFields = Readonly<Record<string, string | null>>

export interface Memberships {
  put(membership: Membership): void
  find(group: string, identity: string): Membership | undefined
  ofGroup(group: string): readonly Membership[]
  ofIdentities(identities: readonly string[]): readonly Membership[]
  /** The groups that an account is an active member of, by any of its identities. */
  groupsOf(identities: readonly string[]): ReadonlySet<string>
  fields(group: string, identity: string): MembershipFields | null
  putFields(group: string, identity: string, fields: MembershipFields): void
  /** Whether others may add the identity without asking; null as long as it has not said. */
  allowAdd(identity: string): boolean | null
  putAllowAdd(identity: string, allowed: boolean | null): void
}

export function membershipsIn(database: DatabaseSync): Memberships {
  const put = database.prepare('INSERT OR REPLACE INTO memberships VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const find = database.prepare('SELECT * FROM memberships WHERE group_id = ? AND identity = ?')
  const ofGroup = database.prepare('SELECT * FROM memberships WHERE group_id = ? ORDER BY rowid')
  const ofIdentity = database.prepare('SELECT * FROM memberships WHERE identity = ? ORDER BY rowid')
  const groups = database.prepare(`SELECT group_id FROM memberships WHERE identity = ? AND status = 'active'`)
  return {
    put: (m) => {
      const status = [m.role, m.status, m.statusReason]
      put.run(m.group, m.identity, ...status, m.inviteEmailAddress, m.invitedAt, m.updatedAt)
    },
    find: (group, identity) => optional(find.get(group, identity), toMembership),
    ofGroup: (group) => ofGroup.all(group).map(toMembership),
    ofIdentities: (identities) => identities.flatMap((identity) => ofIdentity.all(identity).map(toMembership)),
    groupsOf: (identities) =>
      new Set(identities.flatMap((identity) => groups.all(identity).map((row) => text(row, 'group_id')))),
    ...saidIn(database),
  }
}

function saidIn(database: DatabaseSync): Pick<Memberships, 'fields' | 'putFields' | 'allowAdd' | 'putAllowAdd'> {
  const fields = database.prepare('SELECT fields FROM membership_fields WHERE group_id = ? AND identity = ?')
  const putFields = database.prepare('INSERT OR REPLACE INTO membership_fields VALUES (?, ?, ?)')
  const allowAdd = database.prepare('SELECT allow_add FROM group_preferences WHERE identity = ?')
  const putAllowAdd = database.prepare('INSERT OR REPLACE INTO group_preferences VALUES (?, ?)')
  return {
    fields: (group, identity) => optional(fields.get(group, identity), toFields) ?? null,
    putFields: (group, identity, given) => void putFields.run(group, identity, JSON.stringify(given)),
    allowAdd: (identity) => {
      const allowed = optional(allowAdd.get(identity), (row) => optionalInteger(row, 'allow_add')) ?? null
      return allowed === null ? null : allowed === 1
    },
    putAllowAdd: (identity, allowed) => void putAllowAdd.run(identity, allowed === null ? null : allowed ? 1 : 0),
  }
}

// Written by `putFields` alone.
const toFields = (row: Row): MembershipFields => JSON.parse(text(row, 'fields')) as MembershipFields

function toMembership(row: Row): Membership {
  const [role, status] = [text(row, 'role'), text(row, 'status')]
  return {
    group: text(row, 'group_id'),
    identity: text(row, 'identity'),
    role: groupRoles.find((known) => known === role) ?? 'member',
    status: membershipStatuses.find((known) => known === status) ?? 'removed',
    statusReason: optionalText(row, 'status_reason'),
    inviteEmailAddress: optionalText(row, 'invite_email_address'),
    invitedAt: optionalInteger(row, 'invited_at'),
    updatedAt: integer(row, 'updated_at'),
  }
}
