import type { EmulatorContext } from '../context.ts'
import { isFinished, type Task } from '../world/tasks.ts'
import { requestOf } from './task-engine/task-request.ts'
import { optionalTimestamp, timestamp } from './timestamps.ts'
import { isPaused } from './task-engine/obstacles.ts'

/** How long a fault shows after it was met. */
const TROUBLE_SHOWS = 15 * 60_000

/** How long events and lists of files are kept. */
export const HISTORY: number = 30 * 86_400_000

/** The document of a task, with every key that has been seen (8.2 of the notes on the Transfer API). */
export function taskDocument(task: Task, context: EmulatorContext): Readonly<Record<string, unknown>> {
  const request = requestOf(task)
  const name = (id: string | null): string | null =>
    id === null ? null : (context.world.collections.find(id)?.displayName ?? null)
  return {
    DATA_TYPE: 'task',
    task_id: task.id,
    type: task.type,
    status: statusOf(task),
    label: task.label,
    owner_id: task.owner,
    username: userName(task.owner),
    request_time: timestamp(task.requestedAt),
    completion_time: optionalTimestamp(task.completedAt),
    deadline: timestamp(task.deadline),
    source_endpoint_id: task.source,
    source_endpoint_display_name: name(task.source),
    source_endpoint: null,
    destination_endpoint_id: task.destination,
    destination_endpoint_display_name: name(task.destination),
    destination_endpoint: null,
    // Seen null for people whose account at the storage has one name only.
    source_local_user: null,
    source_local_user_status: null,
    destination_local_user: null,
    destination_local_user_status: null,
    source_base_path: request.sourceBasePath,
    destination_base_path: request.destinationBasePath,
    sync_level: request.syncLevel,
    encrypt_data: request.encryptData,
    verify_checksum: request.verifyChecksum,
    preserve_timestamp: request.preserveTimestamp,
    delete_destination_extra: request.deleteDestinationExtra,
    recursive_symlinks: task.type === 'DELETE' ? null : request.recursiveSymlinks,
    skip_source_errors: request.skipSourceErrors,
    fail_on_quota_errors: request.failOnQuotaErrors,
    filter_rules: request.filterRules?.map((rule) => ({ DATA_TYPE: 'filter_rule', ...rule })) ?? null,
    ...counters(task, context.clock.now()),
    ...conditionOf(task, context),
    canceled_by_admin: null,
    canceled_by_admin_message: null,
    history_deleted: task.completedAt !== null && task.completedAt + HISTORY < context.clock.now(),
    command: 'API 0.10',
  }
}

/** `ACTIVE`, `INACTIVE`, `SUCCEEDED` or `FAILED`; a cancelled task has failed. */
export function statusOf({ state }: Task): string {
  if (state === 'succeeded' || state === 'failed' || state === 'inactive') return state.toUpperCase()
  return 'ACTIVE'
}

function counters(task: Task, now: number): object {
  const { progress, condition } = task
  const milliseconds = (task.completedAt ?? now) - (condition.startedAt ?? task.requestedAt)
  const ended =
    progress.succeeded + progress.skipped + progress.expired + progress.canceled + progress.failed + progress.retrying
  return {
    files: progress.files,
    directories: progress.directories,
    symlinks: progress.symlinks,
    files_skipped: progress.filesSkipped,
    files_transferred: progress.filesTransferred,
    bytes_transferred: progress.bytesTransferred,
    bytes_checksummed: progress.bytesChecksummed,
    effective_bytes_per_second: Math.floor((progress.bytesTransferred * 1000) / Math.max(1, milliseconds)),
    faults: progress.faults,
    subtasks_total: progress.total,
    subtasks_pending: Math.max(0, progress.total - ended),
    subtasks_retrying: progress.retrying,
    subtasks_succeeded: progress.succeeded,
    subtasks_expired: progress.expired,
    subtasks_canceled: progress.canceled,
    subtasks_failed: progress.failed,
    subtasks_skipped_errors: progress.skipped,
  }
}

function conditionOf(task: Task, context: EmulatorContext): object {
  const finished = isFinished(task)
  const { trouble, fatal } = task.condition
  const paused = !finished && isPaused(task, context)
  const met = trouble !== null && trouble.at > context.clock.now() - TROUBLE_SHOWS ? trouble : null
  const inactive = task.state === 'inactive'
  const [code, description] = inactive
    ? ['NO_CREDENTIALS', 'credentials needed']
    : paused
      ? ['PAUSED', 'paused by administrator']
      : met !== null
        ? [met.code, met.description]
        : task.state === 'queued'
          ? ['Queued', 'Queued']
          : ['OK', 'OK']
  return {
    is_paused: paused,
    is_ok: finished ? null : !inactive && met === null && !paused,
    nice_status: finished ? null : code,
    nice_status_short_description: finished ? null : description,
    nice_status_expires_in: finished ? null : inactive ? 0 : -1,
    nice_status_details: null,
    fatal_error: fatal,
  }
}

/** `u_` and the owner's UUID as base32 without padding, as in recorded tasks. */
function userName(owner: string): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
  const bits = Array.from(Buffer.from(owner.replaceAll('-', ''), 'hex'), (byte) =>
    byte.toString(2).padStart(8, '0'),
  ).join('')
  return `u_${(bits.match(/.{1,5}/g) ?? []).map((part) => alphabet[Number.parseInt(part.padEnd(5, '0'), 2)] ?? '').join('')}`
}
