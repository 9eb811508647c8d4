import type { DatabaseSync } from 'node:sqlite'
import { count } from './identities.ts'
import { integer, text, truth, type Row } from './row.ts'

/** Something that happened to a task. */
export interface TaskEvent {
  readonly task: string
  readonly code: string
  readonly isError: boolean
  readonly description: string
  /** Text, or JSON as text. */
  readonly details: string
  readonly time: number
}

/** Which events: those that are errors, those that are not, or all. */
export interface EventSelection {
  readonly isError: boolean | undefined
  readonly limit: number
  readonly offset: number
}

export interface TaskEvents {
  add(event: TaskEvent): void
  /** Newest first. */
  list(task: string, selection: EventSelection): readonly TaskEvent[]
  count(task: string, isError: boolean | undefined): number
}

export function taskEventsIn(database: DatabaseSync): TaskEvents {
  const add = database.prepare(
    'INSERT INTO task_events (task, code, is_error, description, details, time) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const list = database.prepare(
    'SELECT * FROM task_events WHERE task = ? AND is_error = coalesce(?, is_error) ORDER BY id DESC LIMIT ? OFFSET ?',
  )
  const total = database.prepare(
    'SELECT count(*) AS count FROM task_events WHERE task = ? AND is_error = coalesce(?, is_error)',
  )
  const flag = (isError: boolean | undefined): number | null => (isError === undefined ? null : Number(isError))
  return {
    add: (e) => void add.run(e.task, e.code, e.isError ? 1 : 0, e.description, e.details, e.time),
    list: (task, { isError, limit, offset }) => list.all(task, flag(isError), limit, offset).map(toEvent),
    count: (task, isError) => count(total.get(task, flag(isError))),
  }
}

const toEvent = (row: Row): TaskEvent => ({
  task: text(row, 'task'),
  code: text(row, 'code'),
  isError: truth(row, 'is_error'),
  description: text(row, 'description'),
  details: text(row, 'details'),
  time: integer(row, 'time'),
})
