import * as z from 'zod'
import { isFinished, type Task } from '../world/tasks.ts'
import { ok, param, readBody, result, type Call, type Reply } from './call.ts'
import { badRequest, TransferError } from './errors.ts'
import { selectFields } from './list-query.ts'
import { conflict } from './open-collection.ts'
import { commonFields, readDeadline } from './submission.ts'
import { taskDocument } from './task-document.ts'

/** The caller's task. @throws TransferError 404 for one that is unknown or somebody else's */
export function requireOwnTask(call: Call): Task {
  const id = param(call, 'task')
  const task = call.context.world.tasks.find(id.toLowerCase())
  if (task !== undefined && task.owner === call.caller.id && !task.removed) return task
  throw new TransferError(404, call.context.behaviour.unknownTaskCode, `No such task '${id}'`)
}

/** `GET /v0.10/task/ID` */
export const getTask = (call: Call): Reply =>
  ok(selectFields(call.query)(taskDocument(requireOwnTask(call), call.context)))

const changes = z.looseObject({
  DATA_TYPE: z.literal('task').optional(),
  label: commonFields.label,
  deadline: z.string().nullish(),
})

/** `PUT /v0.10/task/ID`: label and deadline, while the task runs. */
export async function updateTask(call: Call): Promise<Reply> {
  const document = await readBody(call, changes)
  const { world, clock } = call.context
  const deadline = readDeadline(document.deadline ?? null, clock.now())
  const task = requireOwnTask(call)
  if (isFinished(task)) throw tooLate('A task that has ended cannot be changed', call)
  const label = document.label === undefined ? task.label : document.label
  world.tasks.save({ ...task, label, deadline: deadline ?? task.deadline })
  call.context.transfer.engine.wake()
  return result(call, ['Updated', 'The task has been updated successfully.'])
}

const answers = {
  Canceled: 'The task has been cancelled successfully.',
  CancelAccepted: 'The task cancellation has been accepted and the task will be cancelled soon.',
  TaskComplete: 'The task completed before the cancel request was processed.',
} as const

/** `POST /v0.10/task/ID/cancel` */
export async function cancelTask(call: Call): Promise<Reply> {
  const task = requireOwnTask(call)
  const code = await call.context.transfer.engine.cancel(task.id)
  return result(call, [code, answers[code]])
}

/** `POST /v0.10/task/ID/remove`: takes a task that has ended out of the history. */
export function removeTask(call: Call): Reply {
  const task = requireOwnTask(call)
  if (!isFinished(task)) throw tooLate('A task that has not ended cannot be removed', call)
  call.context.world.tasks.save({ ...task, removed: true })
  return result(call, ['Removed', 'The task has been removed from the history.'])
}

const tooLate = (message: string, { context }: Call): TransferError =>
  context.behaviour.lateTaskChange === 'Conflict' ? conflict('Conflict', message, context) : badRequest(message)
