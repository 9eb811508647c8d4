import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Collection } from '../world/collections.ts'
import { freshCondition, noProgress, type Task } from '../world/tasks.ts'
import type { NewSubtask } from '../world/subtasks.ts'
import { result, type Call, type Reply } from './call.ts'
import { requireConsents } from './consent-required.ts'
import { badRequest, TransferError } from './errors.ts'
import { conflict, requireCollection } from './open-collection.ts'
import { UNFINISHED_TASKS } from './options.ts'
import { requireSession } from './session-required.ts'
import { parseTimestamp } from './timestamps.ts'
import { requestOf, type TaskRequest } from './task-engine/task-request.ts'

/** A truth value that may be left out or null. */
export const optionalFlag: z.ZodType<boolean, boolean | null | undefined> = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)

/** What `POST /transfer` and `/delete` have in common. */
export const commonFields: {
  readonly submission_id: z.ZodType<string>
  readonly label: z.ZodType<string | null | undefined>
  readonly deadline: z.ZodType<string | null | undefined>
  readonly store_base_path_info: z.ZodType<boolean, boolean | null | undefined>
  readonly notify_on_succeeded: z.ZodType<boolean | null | undefined>
  readonly notify_on_failed: z.ZodType<boolean | null | undefined>
  readonly notify_on_inactive: z.ZodType<boolean | null | undefined>
} = {
  submission_id: z.guid().transform((id) => id.toLowerCase()),
  label: z
    .string()
    .max(128)
    .regex(/^(?! )[^\n\r]*(?<! )$/, 'must not hold line breaks or begin or end with a space')
    .nullish(),
  deadline: z.string().nullish(),
  store_base_path_info: optionalFlag,
  notify_on_succeeded: z.boolean().nullish(),
  notify_on_failed: z.boolean().nullish(),
  notify_on_inactive: z.boolean().nullish(),
}

/** What is to be done, checked as far as a document can be without looking at files. */
export interface Submission {
  readonly document: {
    readonly submission_id: string
    readonly label?: string | null | undefined
    readonly deadline?: string | null | undefined
  }
  readonly type: Task['type']
  readonly source: Collection
  readonly destination: Collection | null
  readonly request: Omit<TaskRequest, 'digest' | 'fixedDeadline'>
  readonly items: readonly NewSubtask[]
}

const DAY = 86_400_000

/** The collection of a submission, which the caller may use: consent and login are checked now, paths later. */
export function requireForTask(id: string, call: Call): Collection {
  const collection = requireCollection(id, call)
  if (collection.folder === null)
    throw conflict(
      'NotSupported',
      `'${collection.displayName}' holds no data; use one of its collections`,
      call.context,
    )
  return collection
}

export function requireLogins(collections: readonly Collection[], call: Call): void {
  requireConsents(collections, call)
  for (const collection of collections) requireSession(collection, 'TransferFailed', call)
}

/** The answer to a submission whose id was used before; undefined when it is new. */
export function findDuplicate(submissionId: string, document: object, call: Call): Reply | undefined {
  const { world, behaviour } = call.context
  const known = world.tasks.findBySubmission(submissionId)
  if (known === undefined) return undefined
  // Somebody else's id tells nothing about their task.
  if (known.owner !== call.caller.id) throw conflict('Conflict', 'The submission id is taken', call.context)
  const same = requestOf(known).digest === digestOf(document)
  if (!same && behaviour.reusedSubmission === 'Conflict')
    throw conflict('Conflict', 'The submission id was used for another document', call.context)
  return accepted(known, 'Duplicate', call)
}

/** Stores the task and lets it run. */
export function accept(submission: Submission, document: object, call: Call): Reply {
  const { world, clock, transfer } = call.context
  if (world.tasks.countUnfinished(call.caller.id) >= UNFINISHED_TASKS)
    throw new TransferError(409, 'LimitExceeded', `At most ${UNFINISHED_TASKS} tasks may be unfinished`)
  const now = clock.now()
  const deadline = readDeadline(submission.document.deadline ?? null, now)
  const request: TaskRequest = {
    ...submission.request,
    digest: digestOf(document),
    fixedDeadline: deadline !== undefined,
  }
  const task: Task = {
    id: taskIdOf(submission.document.submission_id),
    submissionId: submission.document.submission_id,
    owner: call.caller.id,
    client: call.caller.client,
    type: submission.type,
    state: 'queued',
    source: submission.source.id,
    destination: submission.destination?.id ?? null,
    request: JSON.stringify(request),
    label: submission.document.label ?? null,
    requestedAt: now,
    completedAt: null,
    deadline: deadline ?? now + DAY,
    progress: noProgress(submission.items.length),
    condition: freshCondition,
    removed: false,
  }
  world.transaction(() => {
    world.tasks.add(task)
    for (const item of submission.items) world.subtasks.add(task.id, item)
  })
  transfer.engine.wake()
  return accepted(task, 'Accepted', call)
}

/** A submitted document apart from its id: what makes two submissions the same. */
const digestOf = (document: object): string => createHash('sha256').update(JSON.stringify(document)).digest('base64url')

/** Task ids are the submission id with its first group one lower, as in every recorded pair. */
function taskIdOf(submissionId: string): string {
  const first = (Number.parseInt(submissionId.slice(0, 8), 16) - 1) >>> 0
  return first.toString(16).padStart(8, '0') + submissionId.slice(8)
}

function accepted(task: Task, code: 'Accepted' | 'Duplicate', call: Call): Reply {
  const kind = task.type === 'TRANSFER' ? 'transfer' : 'delete'
  const message =
    code === 'Accepted'
      ? `The ${kind} has been accepted and a task has been created and queued for execution`
      : `A ${kind} with this submission id was accepted before; no new task was created`
  const href = `task/${task.id}?format=json`
  return result(call, [code, message], {
    status: code === 'Accepted' ? call.context.behaviour.submissionStatus : 200,
    dataType: `${kind}_result`,
    extra: {
      submission_id: task.submissionId,
      task_id: task.id,
      task_link: { DATA_TYPE: 'link', href, rel: 'related', resource: 'task', title: 'related task' },
    },
  })
}

/** Reads a deadline. @throws TransferError 400 for what is no time, or past */
export function readDeadline(text: string | null, now: number): number | undefined {
  if (text === null) return undefined
  const at = parseTimestamp(text)
  if (at === undefined) throw badRequest(`Invalid deadline '${text}'`)
  if (at <= now) throw badRequest('The deadline has passed')
  return at
}
