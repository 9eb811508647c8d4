import type { Subtask } from '../world/subtasks.ts'
import type { Task } from '../world/tasks.ts'
import { ok, type Call, type Reply } from './call.ts'
import { badRequest } from './errors.ts'
import { readNumber } from './list-query.ts'
import { conflict } from './open-collection.ts'
import { pauseRuleDocument } from './pause-rules.ts'
import { requireOwnTask } from './task.ts'
import { HISTORY } from './task-document.ts'
import { toJob } from './task-engine/run-options.ts'
import { algorithmNamed } from './task-engine/sync-level.ts'
import { timestamp } from './timestamps.ts'

/** `GET /v0.10/task/ID/event_list`: newest first. */
export function eventList(call: Call): Reply {
  const { query, context } = call
  const task = requireOwnTask(call)
  const isError = readErrorFilter(query)
  const limit = readNumber(query, 'limit', { default: context.behaviour.defaultEventLimit, from: 1, to: 1000 })
  const offset = readNumber(query, 'offset', { default: 0, from: 0, to: Number.MAX_SAFE_INTEGER })
  const kept = isKept(task, call)
  const events = kept ? context.world.taskEvents.list(task.id, { isError, limit, offset }) : []
  return ok({
    DATA_TYPE: 'event_list',
    limit,
    offset,
    length: events.length,
    total: kept ? context.world.taskEvents.count(task.id, isError) : 0,
    DATA: events.map(({ code, isError, description, details, time }) => ({
      DATA_TYPE: 'event',
      code,
      is_error: isError,
      description,
      details,
      time: timestamp(time),
    })),
  })
}

function readErrorFilter(query: URLSearchParams): boolean | undefined {
  const filter =
    query.get('filter') ?? (query.get('filter_is_error') === null ? null : `is_error:${query.get('filter_is_error')}`)
  if (filter === null) return undefined
  const value = /^is_error:([01]|true|false)$/i.exec(filter)?.[1]?.toLowerCase()
  if (value === undefined) throw badRequest(`Invalid filter '${filter}'`)
  return value === '1' || value === 'true'
}

/** `GET /v0.10/task/ID/successful_transfers` */
export function successfulTransfers(call: Call): Reply {
  const task = requireOwnTask(call)
  const { unfinishedSuccesses } = call.context.behaviour
  if (unfinishedSuccesses === 'refuse' && (task.type === 'DELETE' || task.state !== 'succeeded'))
    throw conflict('Conflict', 'Successful transfers are listed for transfers that have succeeded', call.context)
  return page(call, { task, state: 'succeeded', dataType: 'successful_transfers' }, (subtask) => ({
    DATA_TYPE: 'successful_transfer',
    source_path: subtask.source,
    destination_path: subtask.destination,
    size: subtask.size,
    checksum: subtask.checksum,
    checksum_algorithm: subtask.checksum === null ? null : usedAlgorithm(subtask),
    dynamic: false,
  }))
}

/** What the item asked for; files found in a directory are checked by MD5. */
const usedAlgorithm = (subtask: Subtask): string =>
  (algorithmNamed(toJob(subtask).options.algorithm ?? 'MD5') ?? 'md5').toUpperCase()

/** `GET /v0.10/task/ID/skipped_errors` */
export function skippedErrors(call: Call): Reply {
  const task = requireOwnTask(call)
  return page(call, { task, state: 'skipped', dataType: 'skipped_errors' }, (subtask) => ({
    DATA_TYPE: 'skipped_error',
    error_code: subtask.errorCode,
    error_details: subtask.errorDetails,
    error_time: subtask.errorTime === null ? null : timestamp(subtask.errorTime),
    source_path: subtask.source,
    destination_path: subtask.destination,
    is_directory: subtask.kind === 'directory',
    is_symlink: subtask.kind === 'symlink',
    is_delete_destination_extra: subtask.kind === 'extra',
    external_checksum: null,
    checksum_algorithm: null,
  }))
}

interface Pages {
  readonly task: Task
  readonly state: 'succeeded' | 'skipped'
  readonly dataType: string
}

function page(call: Call, { task, state, dataType }: Pages, write: (subtask: Subtask) => object): Reply {
  const { context, query } = call
  const marker = readNumber(query, 'marker', { default: 0, from: 0, to: Number.MAX_SAFE_INTEGER })
  const size = context.behaviour.markerPageSize
  const found = isKept(task, call) ? context.world.subtasks.page(task.id, state, marker, size + 1) : []
  const shown = found.slice(0, size)
  const next_marker = found.length > size ? (shown.at(-1)?.id ?? null) : null
  return ok({ DATA_TYPE: dataType, marker, next_marker, DATA: shown.map(write) })
}

/** `GET /v0.10/task/ID/pause_info` */
export function pauseInfo(call: Call): Reply {
  const { world } = call.context
  const task = requireOwnTask(call)
  const rules = [task.source, ...(task.destination === null ? [] : [task.destination])].flatMap((id) =>
    world.pauseRules.effective(id, call.caller.identities),
  )
  const message = task.condition.paused ? 'Paused by an administrator' : null
  return ok({
    DATA_TYPE: 'pause_info_limited',
    pause_rules: rules.map((rule) => pauseRuleDocument(rule, call.context)),
    source_pause_message: message,
    destination_pause_message: message,
    source_pause_message_share: null,
    destination_pause_message_share: null,
  })
}

const isKept = ({ completedAt }: Task, { context }: Call): boolean =>
  completedAt === null || completedAt + HISTORY >= context.clock.now()
