import type { World } from '../../world.ts'
import type { Subtask } from '../../world/subtasks.ts'
import type { Task, TaskCondition, TaskProgress } from '../../world/tasks.ts'
import { paces, type TransferBehaviour } from '../options.ts'
import { eventsIn } from './events.ts'
import { describeCode, fatal, skippable, type Failure } from './failure.ts'
import type { JobResult, Report } from './protocol.ts'
import { requestOf } from './task-request.ts'

/** What happens to a piece of work that failed. */
type Verdict = 'skip' | 'fail' | 'retry'

interface Surroundings {
  readonly world: World
  readonly now: number
  readonly behaviour: TransferBehaviour
  readonly subtasks: ReadonlyMap<number, Subtask>
}

const DAY = 86_400_000

/** Writes what a mover did into the world, all of it or nothing. Runs in the caller's transaction. */
export function recordReport(task: Task, report: Report, around: Surroundings): Task {
  const progress: TaskProgress = { ...task.progress }
  const condition: TaskCondition = { ...task.condition }
  progress.bytesTransferred += report.bytes
  progress.bytesChecksummed += report.checksummed
  const codes = new Set<string>()
  for (const id of report.begun) around.world.subtasks.begin(id)
  for (const result of report.results) {
    if (result.failure === undefined) recordSuccess(task, result, { progress, around })
    else recordFailure(task, result, { progress, condition, codes, around })
  }
  if (report.results.length > 0) progress.retrying = around.world.subtasks.countRetrying(task.id)
  if (progress.retrying === 0 && condition.fatal === null) condition.trouble = null
  const changed = { ...task, progress, condition, deadline: deadlineAfter(task, report, around) }
  around.world.tasks.save(changed)
  return changed
}

function recordSuccess(task: Task, result: JobResult, to: { progress: TaskProgress; around: Surroundings }): void {
  const { progress, around } = to
  around.world.subtasks.succeed(result.id, result.size ?? null, result.checksum ?? null)
  progress.succeeded += 1
  progress.filesSkipped += (result.skipped === true ? 1 : 0) + (result.ignored ?? 0)
  if (result.kind === 'file' && result.skipped !== true) progress.filesTransferred += 1
  progress.files += result.removed?.files ?? 0
  progress.directories += result.removed?.directories ?? 0
  const { found = [] } = result
  if (found.length > 0) around.world.subtasks.addAll(task.id, found)
  progress.total += found.length
  for (const { kind } of found) {
    if (kind === 'file') progress.files += 1
    else if (kind === 'directory') progress.directories += 1
    else if (kind === 'symlink') progress.symlinks += 1
  }
}

function recordFailure(
  task: Task,
  { id, failure }: JobResult,
  to: { progress: TaskProgress; condition: TaskCondition; codes: Set<string>; around: Surroundings },
): void {
  const { progress, condition, codes, around } = to
  if (failure === undefined) return
  const { world, now } = around
  const subtask = around.subtasks.get(id)
  const error = { code: failure.code, details: failure.message, at: now }
  const verdict = judge(task, failure, around.behaviour)
  if (verdict === 'skip') {
    world.subtasks.end(id, 'skipped', error)
    progress.skipped += 1
    return
  }
  progress.faults += 1
  recordFaultEvent(task, failure, { codes, around })
  if (verdict === 'fail') {
    world.subtasks.end(id, 'failed', error)
    progress.failed += 1
    condition.fatal ??= { code: failure.code, description: describeCode(failure.code) }
    return
  }
  condition.trouble = { code: failure.code, description: describeCode(failure.code), at: now }
  world.subtasks.retry(id, now + retryDelay(subtask?.attempts ?? 0, around.behaviour), error)
}

/** One event for each kind of fault in a report: thousands of files with one reason are one piece of news. */
function recordFaultEvent(
  task: Task,
  failure: Failure,
  { codes, around }: { codes: Set<string>; around: Surroundings },
): void {
  if (codes.has(failure.code)) return
  codes.add(failure.code)
  const id = failure.side === 'destination' ? (task.destination ?? task.source) : task.source
  const name = around.world.collections.find(id)?.displayName ?? id
  const step = task.type === 'DELETE' ? 'delete' : failure.side === 'destination' ? 'put' : 'get'
  eventsIn(around.world).fault(failure, { id, name, step })(task.id, around.now)
}

function judge(task: Task, failure: Failure, { missingSource }: TransferBehaviour): Verdict {
  const request = requestOf(task)
  if (request.skipSourceErrors && failure.side === 'source' && skippable.has(failure.code)) return 'skip'
  if (fatal.has(failure.code)) return 'fail'
  if (failure.code === 'QUOTA_EXCEEDED' && request.failOnQuotaErrors) return 'fail'
  const missing = failure.code === 'FILE_NOT_FOUND'
  return missing && (task.type === 'DELETE' || missingSource === 'fail') ? 'fail' : 'retry'
}

/** How long a fault waits before it is tried again. */
export const retryDelay = (attempts: number, { pace }: Pick<TransferBehaviour, 'pace'>): number =>
  paces[pace].retryDelay * 2 ** Math.min(attempts, 4)

/** Work that was done moves the deadline of a transfer to three days from now, unless somebody set it. */
function deadlineAfter(task: Task, { results }: Report, { now }: Surroundings): number {
  const isMoved = task.type === 'TRANSFER' && results.some(({ failure }) => failure === undefined)
  return isMoved && !requestOf(task).fixedDeadline ? Math.max(task.deadline, now + 3 * DAY) : task.deadline
}
