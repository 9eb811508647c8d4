import type { Task } from 'pierhead/globus'

export type TaskState = 'active' | 'paused' | 'inactive' | 'succeeded' | 'failed' | 'cancelled' | 'expired'

export interface TaskEnd {
  readonly id: string
  /** Undefined: the collection is gone, or it may not be seen any more. */
  readonly name: string | undefined
  readonly path: string | undefined
}

/** What pages show of a task of Transfer. Numbers are as of when it was asked for. */
export interface TaskView {
  readonly id: string
  readonly kind: 'transfer' | 'delete'
  readonly state: TaskState
  /** Empty where nobody gave one. A stranger's text. */
  readonly label: string
  readonly source: TaskEnd
  /** Undefined for a deletion. */
  readonly destination: TaskEnd | undefined
  readonly files: number
  readonly filesDone: number
  readonly filesSkipped: number
  readonly bytes: number
  /** Bytes per second over the whole task. */
  readonly rate: number
  readonly faults: number
  /** From 0 to 1, by parts of the work that have ended; undefined while nobody knows how many there are. */
  readonly progress: number | undefined
  /** What keeps it from going on, in the service's words; undefined when nothing does. */
  readonly trouble: { readonly code: string; readonly description: string } | undefined
  /** Epoch milliseconds. */
  readonly requestedAt: number
  readonly completedAt: number | undefined
}

export function taskView(task: Task): TaskView {
  return {
    id: task.task_id,
    kind: task.type === 'DELETE' ? 'delete' : 'transfer',
    state: stateOf(task),
    label: task.label ?? '',
    source: {
      id: task.source_endpoint_id,
      name: task.source_endpoint_display_name ?? undefined,
      path: task.source_base_path ?? undefined,
    },
    destination: destinationOf(task),
    files: task.files,
    filesDone: task.files_transferred ?? 0,
    filesSkipped: task.files_skipped ?? 0,
    bytes: task.bytes_transferred,
    rate: task.effective_bytes_per_second,
    faults: task.faults,
    progress: progressOf(task),
    trouble: troubleOf(task),
    requestedAt: Date.parse(task.request_time),
    completedAt: task.completion_time === null ? undefined : Date.parse(task.completion_time),
  }
}

export const isRunning = ({ state }: Pick<TaskView, 'state'>): boolean =>
  state === 'active' || state === 'paused' || state === 'inactive'

/** Whether "do it again" makes sense. Deletions are not repeated: what is gone is gone. */
export const canRepeat = (task: Pick<TaskView, 'kind' | 'state'>): boolean =>
  task.kind === 'transfer' && !isRunning(task)

/** Transfer says FAILED of a cancelled task and of one whose deadline has passed too, without a fatal error. */
function stateOf(task: Task): TaskState {
  if (task.status === 'ACTIVE') return task.is_paused ? 'paused' : 'active'
  if (task.status === 'INACTIVE') return 'inactive'
  if (task.status === 'SUCCEEDED') return 'succeeded'
  const fatal = fatalOf(task)?.code
  if (fatal !== undefined && fatal !== 'CANCELED') return 'failed'
  const isLate = task.deadline !== null && Date.parse(task.completion_time ?? '') >= Date.parse(task.deadline)
  return fatal === undefined && isLate ? 'expired' : 'cancelled'
}

function destinationOf(task: Task): TaskEnd | undefined {
  const { destination_endpoint_id: id } = task
  if (id === null || task.type === 'DELETE') return undefined
  return {
    id,
    name: task.destination_endpoint_display_name ?? undefined,
    path: task.destination_base_path ?? undefined,
  }
}

function progressOf(task: Task): number | undefined {
  if (task.status === 'SUCCEEDED') return 1
  const { subtasks_total: total, subtasks_pending: pending, subtasks_retrying: retrying } = task
  if (total === 0) return undefined
  // Looking through folders is a part too: of one file that has not begun it would be half.
  const isBegun = task.bytes_transferred > 0 || (task.files_transferred ?? 0) + (task.files_skipped ?? 0) > 0
  if (task.type === 'TRANSFER' && task.files > 0 && !isBegun) return 0
  return Math.max(0, total - pending - retrying) / total
}

function troubleOf(task: Task): TaskView['trouble'] {
  const fatal = fatalOf(task)
  if (fatal !== undefined) return fatal
  const { nice_status: code, nice_status_short_description: description } = task
  if (task.is_ok !== false || code === null) return undefined
  return { code, description: description ?? '' }
}

function fatalOf({ fatal_error: fatal }: Task): TaskView['trouble'] {
  if (fatal === null || !('code' in fatal) || typeof fatal.code !== 'string') return undefined
  const description = 'description' in fatal && typeof fatal.description === 'string' ? fatal.description : ''
  return { code: fatal.code, description }
}
