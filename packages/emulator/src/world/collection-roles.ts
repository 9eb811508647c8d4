import type { DatabaseSync } from 'node:sqlite'
import { optional } from './identities.ts'
import { text, type Row } from './row.ts'

/** What somebody may do with a collection beside moving data. The last cannot be given. */
export const roleNames = [
  'administrator',
  'access_manager',
  'activity_manager',
  'activity_monitor',
  'restricted_administrator',
] as const

export type RoleName = (typeof roleNames)[number]

export interface CollectionRole {
  readonly id: string
  readonly collection: string
  readonly principalType: 'identity' | 'group'
  readonly principal: string
  readonly role: RoleName
}

export interface CollectionRoles {
  /** False when the principal has the role. */
  add(role: CollectionRole): boolean
  find(collection: string, id: string): CollectionRole | undefined
  list(collection: string): readonly CollectionRole[]
  remove(collection: string, id: string): boolean
}

export function collectionRolesIn(database: DatabaseSync): CollectionRoles {
  const add = database.prepare('INSERT OR IGNORE INTO collection_roles VALUES (?, ?, ?, ?, ?)')
  const find = database.prepare('SELECT * FROM collection_roles WHERE collection = ? AND id = ?')
  const list = database.prepare('SELECT * FROM collection_roles WHERE collection = ? ORDER BY rowid')
  const remove = database.prepare('DELETE FROM collection_roles WHERE collection = ? AND id = ?')
  return {
    add: (r) => Number(add.run(r.id, r.collection, r.principalType, r.principal, r.role).changes) === 1,
    find: (collection, id) => optional(find.get(collection, id), toRole),
    list: (collection) => list.all(collection).map(toRole),
    remove: (collection, id) => Number(remove.run(collection, id).changes) === 1,
  }
}

function toRole(row: Row): CollectionRole {
  const role = text(row, 'role')
  return {
    id: text(row, 'id'),
    collection: text(row, 'collection'),
    principalType: text(row, 'principal_type') === 'group' ? 'group' : 'identity',
    principal: text(row, 'principal'),
    role: roleNames.find((known) => known === role) ?? 'activity_monitor',
  }
}
