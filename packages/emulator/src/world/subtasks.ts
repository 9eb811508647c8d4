import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { count } from './identities.ts'
import { integer, optionalInteger, optionalText, text, type Row } from './row.ts'

/**
 * What there is to do. `item`: look at what was submitted. `directory`: make it and list what is in it. `file`: copy. `symlink`: make one.
 * `delete`: remove a tree. `extra`: remove what the source does not have.
 */
export const subtaskKinds = ['item', 'directory', 'file', 'symlink', 'delete', 'extra'] as const

export type SubtaskKind = (typeof subtaskKinds)[number]

/** A unit of work that is to be found. */
export interface NewSubtask {
  readonly kind: SubtaskKind
  readonly source: string
  readonly destination: string | null
  /** What the item says beside its paths, as JSON. */
  readonly options: string | null
}

export interface Subtask extends NewSubtask {
  readonly id: number
  readonly task: string
  readonly size: number | null
  readonly checksum: string | null
  readonly attempts: number
  readonly errorCode: string | null
  readonly errorDetails: string | null
  readonly errorTime: number | null
}

export interface SubtaskError {
  readonly code: string
  readonly details: string
  readonly at: number
}

export interface Subtasks {
  add(task: string, subtask: NewSubtask): void
  /** Adds what was found in a directory, at once. */
  addAll(task: string, subtasks: readonly NewSubtask[]): void
  /** Up to that many pending ones behind that id which were never tried, oldest first. */
  fresh(task: string, after: number, limit: number): readonly Subtask[]
  /** Up to that many which were tried before and are due again. */
  due(task: string, now: number, limit: number): readonly Subtask[]
  /** When the next one is due; undefined when none is pending. */
  nextDue(task: string): number | undefined
  /** Notes that a deletion found what it removes: if it is done again, nothing may be left. */
  begin(id: number): void
  succeed(id: number, size: number | null, checksum: string | null): void
  /** Lets one be tried again at that time. */
  retry(id: number, at: number, error: SubtaskError): void
  end(id: number, state: 'skipped' | 'failed', error: SubtaskError): void
  /** Ends all that have not ended; says how many. */
  endAll(task: string, state: 'canceled' | 'expired' | 'failed'): number
  /** The first pending files: what a killed emulator left half written is among them. */
  firstFiles(task: string, limit: number): readonly Subtask[]
  countRetrying(task: string): number
  /** Lets every waiting one be tried at once. */
  hurry(task: string): void
  /** Ended ones after that id: files in the state. */
  page(task: string, state: 'succeeded' | 'skipped', after: number, limit: number): readonly Subtask[]
}

/** What is needed to work on one, in the order of `toWork`; the rest matters to history only. */
const WORK = 'id, kind, source, destination, options, attempts'

export function subtasksIn(database: DatabaseSync): Subtasks {
  const add = database.prepare(
    `INSERT INTO subtasks (task, kind, state, source, destination, options) VALUES (?, ?, 'pending', ?, ?, ?)`,
  )
  const addAll = database.prepare(
    `INSERT INTO subtasks (task, kind, state, source, destination, options)
     SELECT ?, value ->> 0, 'pending', value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`,
  )
  const fresh = database.prepare(
    `SELECT ${WORK} FROM subtasks WHERE task = ? AND state = 'pending' AND id > ? AND attempts = 0 ORDER BY id LIMIT ?`,
  )
  const due = database.prepare(
    `SELECT ${WORK} FROM subtasks INDEXED BY subtasks_tried WHERE task = ? AND state = 'pending' AND attempts > 0 AND retry_at <= ? LIMIT ?`,
  )
  fresh.setReturnArrays(true)
  due.setReturnArrays(true)
  const nextDue = database.prepare(`SELECT min(retry_at) AS due FROM subtasks WHERE task = ? AND state = 'pending'`)
  const begin = database.prepare(
    `UPDATE subtasks SET options = json_set(options, '$.ignoreMissing', json('true')) WHERE id = ?`,
  )
  const succeed = database.prepare(`UPDATE subtasks SET state = 'succeeded', size = ?, checksum = ? WHERE id = ?`)
  return {
    add: (task, s) => void add.run(task, s.kind, s.source, s.destination, s.options),
    addAll: (task, subtasks) => {
      const rows = subtasks.map(({ kind, source, destination, options }) => [kind, source, destination, options])
      addAll.run(task, JSON.stringify(rows))
    },
    fresh: (task, after, limit) => workIn(fresh, task, [task, after, limit]),
    due: (task, now, limit) => workIn(due, task, [task, now, limit]),
    nextDue: (task) => {
      const due = nextDue.get(task)?.['due']
      return typeof due === 'number' ? due : undefined
    },
    begin: (id) => void begin.run(id),
    succeed: (id, size, checksum) => void succeed.run(size, checksum, id),
    ...endingsIn(database),
    ...recoveryIn(database),
    page: pageIn(database),
  }
}

function endingsIn(database: DatabaseSync): Pick<Subtasks, 'retry' | 'end' | 'endAll'> {
  const retry = database.prepare(`
    UPDATE subtasks SET attempts = attempts + 1, retry_at = ?, error_code = ?, error_details = ?, error_time = ? WHERE id = ?`)
  const end = database.prepare(
    'UPDATE subtasks SET state = ?, error_code = ?, error_details = ?, error_time = ? WHERE id = ?',
  )
  const endAll = database.prepare(`UPDATE subtasks SET state = ? WHERE task = ? AND state = 'pending'`)
  return {
    retry: (id, at, error) => void retry.run(at, error.code, error.details, error.at, id),
    end: (id, state, error) => void end.run(state, error.code, error.details, error.at, id),
    endAll: (task, state) => Number(endAll.run(state, task).changes),
  }
}

function recoveryIn(database: DatabaseSync): Pick<Subtasks, 'firstFiles' | 'countRetrying' | 'hurry'> {
  const firstFiles = database.prepare(
    `SELECT * FROM subtasks WHERE task = ? AND state = 'pending' AND kind = 'file' ORDER BY id LIMIT ?`,
  )
  const retrying = database.prepare(
    `SELECT count(*) AS count FROM subtasks INDEXED BY subtasks_tried WHERE task = ? AND state = 'pending' AND attempts > 0`,
  )
  const hurry = database.prepare(`UPDATE subtasks SET retry_at = 0 WHERE task = ? AND state = 'pending'`)
  return {
    firstFiles: (task, limit) => firstFiles.all(task, limit).map(toSubtask),
    countRetrying: (task) => count(retrying.get(task)),
    hurry: (task) => void hurry.run(task),
  }
}

function pageIn(database: DatabaseSync): Subtasks['page'] {
  const succeeded = database.prepare(
    `SELECT * FROM subtasks WHERE task = ? AND state = 'succeeded' AND kind = 'file' AND size IS NOT NULL AND id > ? ORDER BY id LIMIT ?`,
  )
  const skipped = database.prepare(
    `SELECT * FROM subtasks WHERE task = ? AND state = 'skipped' AND id > ? ORDER BY id LIMIT ?`,
  )
  return (task, state, after, limit) =>
    (state === 'succeeded' ? succeeded : skipped).all(task, after, limit).map(toSubtask)
}

/** Thousands are read at a time: as arrays they take half the time of objects. */
function workIn(statement: StatementSync, task: string, values: SQLInputValue[]): readonly Subtask[] {
  // `setReturnArrays` makes rows arrays, which the declarations of Node do not know.
  const rows = statement.all(...values) as unknown as readonly WorkRow[]
  return rows.map((row) => toWork(task, row))
}

/** The columns of `WORK` as their types in the STRICT table. */
type WorkRow = readonly [number, string, string, string | null, string | null, number]

function toWork(task: string, [id, kind, source, destination, options, attempts]: WorkRow): Subtask {
  const past = { size: null, checksum: null, errorCode: null, errorDetails: null, errorTime: null }
  return { id, task, kind: kindNamed(kind), source, destination, options, attempts, ...past }
}

const kindNamed = (text: string): SubtaskKind => subtaskKinds.find((known) => known === text) ?? 'item'

const toSubtask = (row: Row): Subtask => ({
  id: integer(row, 'id'),
  task: text(row, 'task'),
  kind: kindNamed(text(row, 'kind')),
  source: text(row, 'source'),
  destination: optionalText(row, 'destination'),
  options: optionalText(row, 'options'),
  size: optionalInteger(row, 'size'),
  checksum: optionalText(row, 'checksum'),
  attempts: integer(row, 'attempts'),
  errorCode: optionalText(row, 'error_code'),
  errorDetails: optionalText(row, 'error_details'),
  errorTime: optionalInteger(row, 'error_time'),
})
