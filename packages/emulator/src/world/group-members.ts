import type { DatabaseSync } from 'node:sqlite'
import { text } from './row.ts'

/** Who is an active member of which group. Access rules read it; the Groups service writes it. */
export interface GroupMembers {
  add(group: string, identity: string): void
  remove(group: string, identity: string): void
  /** The groups of an account, by any of its identities. */
  groupsOf(identities: readonly string[]): ReadonlySet<string>
}

export function groupMembersIn(database: DatabaseSync): GroupMembers {
  const add = database.prepare('INSERT OR IGNORE INTO group_members VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM group_members WHERE group_id = ? AND identity = ?')
  const groups = database.prepare('SELECT group_id FROM group_members WHERE identity = ?')
  return {
    add: (group, identity) => void add.run(group, identity),
    remove: (group, identity) => void remove.run(group, identity),
    groupsOf: (identities) =>
      new Set(identities.flatMap((identity) => groups.all(identity).map((row) => text(row, 'group_id')))),
  }
}
