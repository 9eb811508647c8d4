import type { DatabaseSync } from 'node:sqlite'
import { optional } from './identities.ts'
import { integer, optionalText, text, type Row } from './row.ts'

/** Who sees a group and its members, how one gets in, and how fresh a login has to be. */
export interface GroupPolicies {
  readonly highAssurance: boolean
  /** Seconds; null where no login has to be fresh. */
  readonly timeout: number | null
  readonly visibility: 'authenticated' | 'private'
  readonly membersVisibility: 'members' | 'managers'
  readonly joinRequests: boolean
  /** What a person must have told before a request to join. */
  readonly signupFields: readonly string[]
}

export interface Group {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly termsAndConditions: string | null
  readonly parent: string | null
  readonly policies: GroupPolicies
  /** The subscription that this group stands for. */
  readonly subscriptionId: string | null
  readonly subscriptionInfo: Readonly<Record<string, unknown>> | null
  /** The subscription whose managers vouch for the group. */
  readonly verifiedSubscription: string | null
  readonly createdAt: number
}

export interface Groups {
  put(group: Group): void
  find(id: string): Group | undefined
  findBySubscription(subscription: string): Group | undefined
  children(parent: string): readonly Group[]
  all(): readonly Group[]
  /** Removes it with its memberships. */
  remove(id: string): void
}

export function groupsIn(database: DatabaseSync): Groups {
  const put = database.prepare(`
    INSERT INTO groups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description,
      terms_and_conditions = excluded.terms_and_conditions, parent = excluded.parent, policies = excluded.policies,
      subscription_id = excluded.subscription_id, subscription_info = excluded.subscription_info,
      verified_subscription = excluded.verified_subscription`)
  const find = database.prepare('SELECT * FROM groups WHERE id = ?')
  const findBySubscription = database.prepare('SELECT * FROM groups WHERE subscription_id = ?')
  const children = database.prepare('SELECT * FROM groups WHERE parent = ? ORDER BY rowid')
  const all = database.prepare('SELECT * FROM groups ORDER BY rowid')
  const removals = ['DELETE FROM memberships WHERE group_id = ?', 'DELETE FROM membership_fields WHERE group_id = ?']
  const remove = [...removals, 'DELETE FROM groups WHERE id = ?'].map((sql) => database.prepare(sql))
  return {
    put: (g) => {
      const info = g.subscriptionInfo === null ? null : JSON.stringify(g.subscriptionInfo)
      const about = [g.id, g.name, g.description, g.termsAndConditions, g.parent, JSON.stringify(g.policies)]
      put.run(...about, g.subscriptionId, info, g.verifiedSubscription, g.createdAt)
    },
    find: (id) => optional(find.get(id), toGroup),
    findBySubscription: (subscription) => optional(findBySubscription.get(subscription), toGroup),
    children: (parent) => children.all(parent).map(toGroup),
    all: () => all.all().map(toGroup),
    remove: (id) => {
      for (const statement of remove) statement.run(id)
    },
  }
}

function toGroup(row: Row): Group {
  const info = optionalText(row, 'subscription_info')
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    description: optionalText(row, 'description'),
    termsAndConditions: optionalText(row, 'terms_and_conditions'),
    parent: optionalText(row, 'parent'),
    // Written by `put` alone.
    policies: JSON.parse(text(row, 'policies')) as GroupPolicies,
    subscriptionId: optionalText(row, 'subscription_id'),
    // Written by `put` alone.
    subscriptionInfo: info === null ? null : (JSON.parse(info) as Record<string, unknown>),
    verifiedSubscription: optionalText(row, 'verified_subscription'),
    createdAt: integer(row, 'created_at'),
  }
}
