import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import * as z from 'zod'
import { count, optional } from './identities.ts'
import { transferTableNames } from './transfer-schema.ts'
import { integer, optionalInteger, optionalText, text, truth, type Row } from './row.ts'

/** Where a task is. The first three are `ACTIVE` or `INACTIVE` outside; the last two never change again. */
export const taskStates = ['queued', 'running', 'inactive', 'succeeded', 'failed'] as const

export type TaskState = (typeof taskStates)[number]

/** What a task has found and done so far; the numbers never go back, except `retrying`. */
export interface TaskProgress {
  files: number
  directories: number
  symlinks: number
  filesSkipped: number
  filesTransferred: number
  bytesTransferred: number
  bytesChecksummed: number
  faults: number
  total: number
  succeeded: number
  retrying: number
  skipped: number
  expired: number
  canceled: number
  failed: number
}

const progress: z.ZodType<TaskProgress> = z.object({
  files: z.number(),
  directories: z.number(),
  symlinks: z.number(),
  filesSkipped: z.number(),
  filesTransferred: z.number(),
  bytesTransferred: z.number(),
  bytesChecksummed: z.number(),
  faults: z.number(),
  total: z.number(),
  succeeded: z.number(),
  retrying: z.number(),
  skipped: z.number(),
  expired: z.number(),
  canceled: z.number(),
  failed: z.number(),
})

export const noProgress = (total: number): TaskProgress => ({
  files: 0,
  directories: 0,
  symlinks: 0,
  filesSkipped: 0,
  filesTransferred: 0,
  bytesTransferred: 0,
  bytesChecksummed: 0,
  faults: 0,
  total,
  succeeded: 0,
  retrying: 0,
  skipped: 0,
  expired: 0,
  canceled: 0,
  failed: 0,
})

/** A code of Transfer and what it means. */
export interface Problem {
  code: string
  description: string
}

const problem = z.object({ code: z.string(), description: z.string() })

/** How a task is doing. */
export interface TaskCondition {
  startedAt: number | null
  /** The newest trouble, and when it was met. */
  trouble: (Problem & { at: number }) | null
  fatal: Problem | null
  paused: boolean
  /** Whether it was told to make no progress, without a reason that shows. */
  stalled: boolean
  /** When it lost the right to work. */
  inactiveAt: number | null
  progressAt: number | null
  /** Codes of faults to come, which tests ask for. */
  forcedFaults: string[]
}

const condition: z.ZodType<TaskCondition> = z.object({
  startedAt: z.number().nullable(),
  trouble: problem.extend({ at: z.number() }).nullable(),
  fatal: problem.nullable(),
  paused: z.boolean(),
  stalled: z.boolean(),
  inactiveAt: z.number().nullable(),
  progressAt: z.number().nullable(),
  forcedFaults: z.array(z.string()),
})

export const freshCondition: Readonly<TaskCondition> = {
  startedAt: null,
  trouble: null,
  fatal: null,
  paused: false,
  stalled: false,
  inactiveAt: null,
  progressAt: null,
  forcedFaults: [],
}

export interface Task {
  readonly id: string
  readonly submissionId: string
  /** The primary identity that submitted it. */
  readonly owner: string
  /** The app by which it was submitted. */
  readonly client: string
  readonly type: 'TRANSFER' | 'DELETE'
  readonly state: TaskState
  /** The collection read from, or the one deleted from. */
  readonly source: string
  readonly destination: string | null
  /** The submitted document, checked and with its defaults, as JSON. */
  readonly request: string
  readonly label: string | null
  readonly requestedAt: number
  readonly completedAt: number | null
  readonly deadline: number
  readonly progress: TaskProgress
  readonly condition: TaskCondition
  /** Whether its owner removed it from the history. */
  readonly removed: boolean
}

export interface Tasks {
  add(task: Task): void
  find(id: string): Task | undefined
  findBySubmission(submissionId: string): Task | undefined
  /** What somebody submitted and did not remove, newest first. */
  ofOwner(owner: string): readonly Task[]
  /** Those that have not ended, oldest first. */
  unfinished(): readonly Task[]
  countUnfinished(owner: string): number
  countInactive(owner: string): number
  /** Whether a task of theirs that has not ended uses the collection. */
  uses(owner: string, collection: string): boolean
  save(task: Task): void
  /** Makes every task older; says how many there are. */
  age(milliseconds: number): number
  /** Forgets tasks, collections and all that belongs to them. */
  forget(): void
}

const COLUMNS =
  'id, submission_id, owner, client, type, state, source, destination, request, label, requested_at, completed_at, deadline, progress, condition, removed'

export function tasksIn(database: DatabaseSync): Tasks {
  const add = database.prepare(`INSERT INTO tasks (${COLUMNS}) VALUES (${COLUMNS.replaceAll(/\w+/g, '?')})`)
  const find = database.prepare('SELECT * FROM tasks WHERE id = ?')
  const findBySubmission = database.prepare('SELECT * FROM tasks WHERE submission_id = ?')
  const ofOwner = database.prepare(
    'SELECT * FROM tasks WHERE owner = ? AND removed = 0 ORDER BY requested_at DESC, rowid DESC',
  )
  const unfinished = database.prepare(
    `SELECT * FROM tasks WHERE state IN ('queued', 'running', 'inactive') ORDER BY rowid`,
  )
  const countUnfinished = database.prepare(
    `SELECT count(*) AS count FROM tasks WHERE owner = ? AND state IN ('queued', 'running', 'inactive')`,
  )
  const countInactive = database.prepare(`SELECT count(*) AS count FROM tasks WHERE owner = ? AND state = 'inactive'`)
  const uses = database.prepare(
    `SELECT count(*) AS count FROM tasks WHERE state IN ('queued', 'running', 'inactive') AND owner = ? AND ? IN (source, destination)`,
  )
  const save = database.prepare(
    'UPDATE tasks SET state = ?, label = ?, completed_at = ?, deadline = ?, progress = ?, condition = ?, removed = ? WHERE id = ?',
  )
  const age = database.prepare(
    'UPDATE tasks SET requested_at = requested_at - :by, completed_at = completed_at - :by, deadline = deadline - :by',
  )
  return {
    add: (task) => void add.run(...toColumns(task)),
    find: (id) => optional(find.get(id), toTask),
    findBySubmission: (id) => optional(findBySubmission.get(id), toTask),
    ofOwner: (owner) => ofOwner.all(owner).map(toTask),
    unfinished: () => unfinished.all().map(toTask),
    countUnfinished: (owner) => count(countUnfinished.get(owner)),
    countInactive: (owner) => count(countInactive.get(owner)),
    uses: (owner, collection) => count(uses.get(owner, collection)) > 0,
    save: (t) => {
      const [progress, condition] = [JSON.stringify(t.progress), JSON.stringify(t.condition)]
      save.run(t.state, t.label, t.completedAt, t.deadline, progress, condition, t.removed ? 1 : 0, t.id)
    },
    age: (by) => Number(age.run({ by: Math.round(by) }).changes),
    forget: () => {
      for (const table of transferTableNames) database.exec(`DELETE FROM ${table}`)
    },
  }
}

const toColumns = (t: Task): SQLInputValue[] => [
  t.id,
  t.submissionId,
  t.owner,
  t.client,
  t.type,
  t.state,
  t.source,
  t.destination,
  t.request,
  t.label,
  t.requestedAt,
  t.completedAt,
  t.deadline,
  JSON.stringify(t.progress),
  JSON.stringify(t.condition),
  t.removed ? 1 : 0,
]

function toTask(row: Row): Task {
  const state = text(row, 'state')
  return {
    id: text(row, 'id'),
    submissionId: text(row, 'submission_id'),
    owner: text(row, 'owner'),
    client: text(row, 'client'),
    type: text(row, 'type') === 'DELETE' ? 'DELETE' : 'TRANSFER',
    state: taskStates.find((known) => known === state) ?? 'failed',
    source: text(row, 'source'),
    destination: optionalText(row, 'destination'),
    request: text(row, 'request'),
    label: optionalText(row, 'label'),
    requestedAt: integer(row, 'requested_at'),
    completedAt: optionalInteger(row, 'completed_at'),
    deadline: integer(row, 'deadline'),
    progress: progress.parse(JSON.parse(text(row, 'progress'))),
    condition: condition.parse(JSON.parse(text(row, 'condition'))),
    removed: truth(row, 'removed'),
  }
}

export const isFinished = ({ state }: Pick<Task, 'state'>): boolean => state === 'succeeded' || state === 'failed'
