import type { DatabaseSync } from 'node:sqlite'
import { count, optional } from './identities.ts'
import { integer, optionalInteger, optionalText, text, type Row } from './row.ts'

export interface SearchIndex {
  readonly id: string
  readonly displayName: string
  readonly description: string
  readonly status: 'open' | 'delete_pending'
  /** Without one it is a trial index. */
  readonly subscriptionId: string | null
  readonly createdAt: number
  /** When its content changed last. */
  readonly modifiedAt: number | null
}

/** The roles on an index, the strongest first. */
export const indexRoles = ['owner', 'admin', 'writer'] as const

export type IndexRole = (typeof indexRoles)[number]

export interface SearchRole {
  readonly id: string
  readonly index: string
  readonly role: IndexRole
  /** A URN of an identity or a group. */
  readonly principal: string
  readonly createdAt: number
}

export interface SearchIndexes {
  put(index: SearchIndex): void
  find(id: string): SearchIndex | undefined
  all(): readonly SearchIndex[]
  /** False when the principal has the role. */
  addRole(role: SearchRole): boolean
  roles(index: string): readonly SearchRole[]
  removeRole(id: string): void
  /** How many trial indexes a principal owns. */
  countTrials(principal: string): number
}

export function searchIndexesIn(database: DatabaseSync): SearchIndexes {
  const put = database.prepare(`
    INSERT INTO search_indexes VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, description = excluded.description, status = excluded.status,
      subscription_id = excluded.subscription_id, modified_at = excluded.modified_at`)
  const find = database.prepare('SELECT * FROM search_indexes WHERE id = ?')
  const all = database.prepare('SELECT * FROM search_indexes ORDER BY rowid')
  const addRole = database.prepare('INSERT OR IGNORE INTO search_roles VALUES (?, ?, ?, ?, ?)')
  const roles = database.prepare('SELECT * FROM search_roles WHERE index_id = ? ORDER BY rowid')
  const removeRole = database.prepare('DELETE FROM search_roles WHERE id = ?')
  const trials = database.prepare(`
    SELECT count(*) AS count FROM search_roles r, search_indexes i
    WHERE r.index_id = i.id AND r.role = 'owner' AND r.principal = ? AND i.subscription_id IS NULL AND i.status = 'open'`)
  return {
    put: (i) => {
      const about = [i.id, i.displayName, i.description, i.status]
      put.run(...about, i.subscriptionId, i.createdAt, i.modifiedAt)
    },
    find: (id) => optional(find.get(id), toIndex),
    all: () => all.all().map(toIndex),
    addRole: (r) => Number(addRole.run(r.id, r.index, r.role, r.principal, r.createdAt).changes) === 1,
    roles: (index) => roles.all(index).map(toRole),
    removeRole: (id) => void removeRole.run(id),
    countTrials: (principal) => count(trials.get(principal)),
  }
}

const toIndex = (row: Row): SearchIndex => ({
  id: text(row, 'id'),
  displayName: text(row, 'display_name'),
  description: text(row, 'description'),
  status: text(row, 'status') === 'open' ? 'open' : 'delete_pending',
  subscriptionId: optionalText(row, 'subscription_id'),
  createdAt: integer(row, 'created_at'),
  modifiedAt: optionalInteger(row, 'modified_at'),
})

function toRole(row: Row): SearchRole {
  const role = text(row, 'role')
  return {
    id: text(row, 'id'),
    index: text(row, 'index_id'),
    role: indexRoles.find((known) => known === role) ?? 'writer',
    principal: text(row, 'principal'),
    createdAt: integer(row, 'created_at'),
  }
}
