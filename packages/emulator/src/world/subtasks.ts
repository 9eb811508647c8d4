import type { DatabaseSync } from 'node:sqlite'
import { count } from './identities.ts'
import { integer, optionalInteger, optionalText, text, type Row } from './row.ts'

/**
 * What there is to do. `item`: look at what was submitted. `directory`: make it and list what is in it. `file`: copy. `symlink`: make one.
 * `delete`: remove a tree. `extra`: remove what the source does not have.
 */
export const subtaskKinds = ['item', 'directory', 'file', 'symlink', 'delete', 'extra'] as const

export type SubtaskKind = (typeof subtaskKinds)[number]

export type SubtaskState = 'pending' | 'running' | 'succeeded' | 'skipped' | 'canceled' | 'expired' | 'failed'

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
  /** Takes up to that many which are due, oldest first, and marks them as running. */
  take(task: string, now: number, limit: number): readonly Subtask[]
  /** When the next one is due; undefined when none is pending. */
  nextDue(task: string): number | undefined
  succeed(id: number, size: number | null, checksum: string | null): void
  /** Puts a running one back, to be tried again at that time. */
  retry(id: number, at: number, error: SubtaskError | undefined): void
  end(id: number, state: 'skipped' | 'failed', error: SubtaskError): void
  /** Ends all that have not ended; says how many. */
  endAll(task: string, state: 'canceled' | 'expired' | 'failed'): number
  /** Makes pending all that a stopped emulator left running, and gives those of files: what it left of them must go. */
  recover(task: string): readonly Subtask[]
  countRetrying(task: string): number
  /** Lets every waiting one be tried at once. */
  hurry(task: string): void
  /** Ended ones after that id: files in the state. */
  page(task: string, state: 'succeeded' | 'skipped', after: number, limit: number): readonly Subtask[]
}

export function subtasksIn(database: DatabaseSync): Subtasks {
  const add = database.prepare(
    `INSERT INTO subtasks (task, kind, state, source, destination, options) VALUES (?, ?, 'pending', ?, ?, ?)`,
  )
  const take = database.prepare(`
    UPDATE subtasks SET state = 'running' WHERE id IN
      (SELECT id FROM subtasks WHERE task = ? AND state = 'pending' AND retry_at <= ? ORDER BY id LIMIT ?) RETURNING *`)
  const nextDue = database.prepare(`SELECT min(retry_at) AS due FROM subtasks WHERE task = ? AND state = 'pending'`)
  const succeed = database.prepare(`UPDATE subtasks SET state = 'succeeded', size = ?, checksum = ? WHERE id = ?`)
  return {
    add: (task, s) => void add.run(task, s.kind, s.source, s.destination, s.options),
    take: (task, now, limit) => take.all(task, now, limit).map(toSubtask),
    nextDue: (task) => {
      const due = nextDue.get(task)?.['due']
      return typeof due === 'number' ? due : undefined
    },
    succeed: (id, size, checksum) => void succeed.run(size, checksum, id),
    ...endingsIn(database),
    ...recoveryIn(database),
    page: pageIn(database),
  }
}

function endingsIn(database: DatabaseSync): Pick<Subtasks, 'retry' | 'end' | 'endAll'> {
  const retry = database.prepare(`
    UPDATE subtasks SET state = 'pending', attempts = attempts + ?, retry_at = ?, error_code = coalesce(?, error_code),
      error_details = coalesce(?, error_details), error_time = coalesce(?, error_time) WHERE id = ?`)
  const end = database.prepare(
    'UPDATE subtasks SET state = ?, error_code = ?, error_details = ?, error_time = ? WHERE id = ?',
  )
  const endAll = database.prepare(`UPDATE subtasks SET state = ? WHERE task = ? AND state IN ('pending', 'running')`)
  return {
    retry: (id, at, error) =>
      void retry.run(error ? 1 : 0, at, error?.code ?? null, error?.details ?? null, error?.at ?? null, id),
    end: (id, state, error) => void end.run(state, error.code, error.details, error.at, id),
    endAll: (task, state) => Number(endAll.run(state, task).changes),
  }
}

function recoveryIn(database: DatabaseSync): Pick<Subtasks, 'recover' | 'countRetrying' | 'hurry'> {
  const recover = database.prepare(
    `UPDATE subtasks SET state = 'pending' WHERE task = ? AND state = 'running' RETURNING *`,
  )
  const retrying = database.prepare(
    `SELECT count(*) AS count FROM subtasks WHERE task = ? AND state IN ('pending', 'running') AND attempts > 0`,
  )
  const hurry = database.prepare(`UPDATE subtasks SET retry_at = 0 WHERE task = ? AND state = 'pending'`)
  return {
    recover: (task) =>
      recover
        .all(task)
        .map(toSubtask)
        .filter(({ kind }) => kind === 'file'),
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

function toSubtask(row: Row): Subtask {
  const kind = text(row, 'kind')
  return {
    id: integer(row, 'id'),
    task: text(row, 'task'),
    kind: subtaskKinds.find((known) => known === kind) ?? 'item',
    source: text(row, 'source'),
    destination: optionalText(row, 'destination'),
    options: optionalText(row, 'options'),
    size: optionalInteger(row, 'size'),
    checksum: optionalText(row, 'checksum'),
    attempts: integer(row, 'attempts'),
    errorCode: optionalText(row, 'error_code'),
    errorDetails: optionalText(row, 'error_details'),
    errorTime: optionalInteger(row, 'error_time'),
  }
}
