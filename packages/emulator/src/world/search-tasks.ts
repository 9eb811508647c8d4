import type { DatabaseSync } from 'node:sqlite'
import { optional } from './identities.ts'
import { integer, optionalInteger, text, type Row } from './row.ts'

/** A change of an index that is done some time after it was asked for. */
export interface SearchTask {
  readonly id: string
  readonly index: string
  readonly type: string
  readonly state: 'PENDING' | 'SUCCESS' | 'FAILED'
  readonly message: string
  /** What is to be done, in the words of its type; null once it is done. */
  readonly work: unknown
  readonly createdAt: number
  readonly dueAt: number
  readonly completedAt: number | null
}

export interface SearchTasks {
  add(task: SearchTask): void
  find(id: string): SearchTask | undefined
  /** The newest first, at most 1,000. */
  ofIndex(index: string): readonly SearchTask[]
  /** Those that wait and whose time has come, in the order they were asked for. */
  due(now: number): readonly SearchTask[]
  finish(id: string, outcome: Pick<SearchTask, 'state' | 'message' | 'completedAt'>): void
}

export function searchTasksIn(database: DatabaseSync): SearchTasks {
  const add = database.prepare(`
    INSERT INTO search_tasks (id, index_id, type, state, message, work, created_at, due_at, completed_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const find = database.prepare('SELECT * FROM search_tasks WHERE id = ?')
  const ofIndex = database.prepare('SELECT * FROM search_tasks WHERE index_id = ? ORDER BY number DESC LIMIT 1000')
  const due = database.prepare(`SELECT * FROM search_tasks WHERE state = 'PENDING' AND due_at <= ? ORDER BY number`)
  const finish = database.prepare(
    `UPDATE search_tasks SET state = ?, message = ?, completed_at = ?, work = 'null' WHERE id = ?`,
  )
  return {
    add: (t) => {
      const about = [t.id, t.index, t.type, t.state, t.message, JSON.stringify(t.work)]
      add.run(...about, t.createdAt, t.dueAt, t.completedAt)
    },
    find: (id) => optional(find.get(id), toTask),
    ofIndex: (index) => ofIndex.all(index).map(toTask),
    due: (now) => due.all(now).map(toTask),
    finish: (id, { state, message, completedAt }) => void finish.run(state, message, completedAt, id),
  }
}

function toTask(row: Row): SearchTask {
  const state = text(row, 'state')
  return {
    id: text(row, 'id'),
    index: text(row, 'index_id'),
    type: text(row, 'type'),
    state: state === 'SUCCESS' || state === 'FAILED' ? state : 'PENDING',
    message: text(row, 'message'),
    work: JSON.parse(text(row, 'work')),
    createdAt: integer(row, 'created_at'),
    dueAt: integer(row, 'due_at'),
    completedAt: optionalInteger(row, 'completed_at'),
  }
}
