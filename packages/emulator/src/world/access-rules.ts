import type { DatabaseSync } from 'node:sqlite'
import { optional } from './identities.ts'
import { integer, optionalInteger, text, type Row } from './row.ts'

export const principalTypes = ['identity', 'group', 'all_authenticated_users', 'anonymous'] as const

export type PrincipalType = (typeof principalTypes)[number]

/** Lets somebody read, or read and write, below a path of a guest collection. */
export interface AccessRule {
  readonly id: string
  readonly collection: string
  readonly principalType: PrincipalType
  /** Empty for everybody. */
  readonly principal: string
  /** Begins and ends with a slash. */
  readonly path: string
  readonly permissions: 'r' | 'rw'
  readonly createdAt: number
  readonly expiresAt: number | null
}

export interface AccessRules {
  /** False when the same principal has a rule for the path. */
  add(rule: AccessRule): boolean
  find(collection: string, id: string): AccessRule | undefined
  /** Those in force at that time, by path. */
  list(collection: string, now: number): readonly AccessRule[]
  update(rule: AccessRule): void
  remove(collection: string, id: string): boolean
}

export function accessRulesIn(database: DatabaseSync): AccessRules {
  const add = database.prepare('INSERT OR IGNORE INTO access_rules VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const find = database.prepare('SELECT * FROM access_rules WHERE collection = ? AND id = ?')
  const list = database.prepare(
    'SELECT * FROM access_rules WHERE collection = ? AND coalesce(expires_at, ?) >= ? ORDER BY path, rowid',
  )
  const update = database.prepare('UPDATE access_rules SET permissions = ?, expires_at = ? WHERE id = ?')
  const remove = database.prepare('DELETE FROM access_rules WHERE collection = ? AND id = ?')
  return {
    add: (r) => {
      const place = [r.id, r.collection, r.principalType, r.principal, r.path]
      return Number(add.run(...place, r.permissions, r.createdAt, r.expiresAt).changes) === 1
    },
    find: (collection, id) => optional(find.get(collection, id), toRule),
    list: (collection, now) => list.all(collection, now, now).map(toRule),
    update: (rule) => void update.run(rule.permissions, rule.expiresAt, rule.id),
    remove: (collection, id) => Number(remove.run(collection, id).changes) === 1,
  }
}

function toRule(row: Row): AccessRule {
  const type = text(row, 'principal_type')
  return {
    id: text(row, 'id'),
    collection: text(row, 'collection'),
    principalType: principalTypes.find((known) => known === type) ?? 'identity',
    principal: text(row, 'principal'),
    path: text(row, 'path'),
    permissions: text(row, 'permissions') === 'rw' ? 'rw' : 'r',
    createdAt: integer(row, 'created_at'),
    expiresAt: optionalInteger(row, 'expires_at'),
  }
}
