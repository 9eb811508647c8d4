import type { DatabaseSync } from 'node:sqlite'
import { integer, optionalText, strings, text, type Row } from './row.ts'

/** What a rule can stop. */
export const pausable = [
  'ls',
  'mkdir',
  'symlink',
  'rename',
  'task_delete',
  'task_transfer_write',
  'task_transfer_read',
] as const

export type Pausable = (typeof pausable)[number]

/** An administrator's order to stop some operations on a collection, for one person or for all. */
export interface PauseRule {
  readonly id: string
  readonly collection: string
  readonly identity: string | null
  readonly message: string
  readonly operations: readonly Pausable[]
  readonly startedAt: number
}

export interface PauseRules {
  put(rule: PauseRule): void
  /** The rules for one person. */
  effective(collection: string, identities: readonly string[]): readonly PauseRule[]
  removeAll(collection: string): number
}

export function pauseRulesIn(database: DatabaseSync): PauseRules {
  const put = database.prepare('INSERT OR REPLACE INTO pause_rules VALUES (?, ?, ?, ?, ?, ?)')
  const list = database.prepare('SELECT * FROM pause_rules WHERE collection = ? ORDER BY rowid')
  const removeAll = database.prepare('DELETE FROM pause_rules WHERE collection = ?')
  return {
    put: (r) => void put.run(r.id, r.collection, r.identity, r.message, JSON.stringify(r.operations), r.startedAt),
    effective: (collection, identities) =>
      list
        .all(collection)
        .map(toRule)
        .filter(({ identity }) => identity === null || identities.includes(identity)),
    removeAll: (collection) => Number(removeAll.run(collection).changes),
  }
}

function toRule(row: Row): PauseRule {
  const operations = strings(row, 'operations')
  return {
    id: text(row, 'id'),
    collection: text(row, 'collection'),
    identity: optionalText(row, 'identity'),
    message: text(row, 'message'),
    operations: pausable.filter((name) => operations.includes(name)),
    startedAt: integer(row, 'started_at'),
  }
}
