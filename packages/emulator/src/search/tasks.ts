import type { EmulatorContext } from '../context.ts'
import { ok, param, type ServiceReply } from '../services/service-route.ts'
import type { SearchTask } from '../world/search-tasks.ts'
import { refuseWithout, requireCaller, requireRole, searchTime, WRITERS, type SearchCall } from './call.ts'
import { notFound } from './errors.ts'
import { find } from './find.ts'
import type { MetaEntry } from './ingest.ts'
import type { Matching } from './request.ts'

/** What a task does to its index. */
export interface Work {
  readonly entries?: readonly MetaEntry[]
  readonly subjects?: readonly string[]
  readonly entry?: { readonly subject: string; readonly id: string | null }
  readonly query?: Matching
}

type Worlds = Pick<EmulatorContext, 'world' | 'clock'>

/**
 * Does what is due, in the order it was asked for. Whoever looks at an index comes by here first, so that no timer is needed and nothing
 * is lost when the emulator ends before.
 */
export function doDueTasks({ world, clock }: Worlds): void {
  for (const task of world.searchTasks.due(clock.now())) {
    world.transaction(() => {
      const changed = world.searchIndexes.find(task.index) === undefined ? undefined : work(task, world)
      const completedAt = Math.max(task.dueAt, task.createdAt)
      const message = changed === undefined ? 'The index is gone' : `${changed} entries changed`
      world.searchTasks.finish(task.id, { state: changed === undefined ? 'FAILED' : 'SUCCESS', message, completedAt })
    })
  }
}

function work({ index: id, work: stored, dueAt }: SearchTask, world: EmulatorContext['world']): number {
  // Written by `submit` alone.
  const { entries = [], subjects = [], entry, query } = (stored ?? {}) as Work
  const { searchEntries, searchIndexes } = world
  for (const one of entries) {
    const about = { index: id, subject: one.subject, id: one.id ?? null, visibleTo: one.visible_to }
    searchEntries.put({ ...about, principalSets: one.principal_sets ?? {}, content: one.content })
  }
  const doomed = [
    ...subjects.flatMap((subject) => searchEntries.ofSubject(id, subject)),
    ...(query === undefined ? [] : find(searchEntries.ofIndex(id), query).found.map((found) => found.entry)),
    ...(entry === undefined ? [] : [entry]),
  ]
  const removed = doomed.filter((one) => searchEntries.remove(id, one.subject, one.id)).length
  const index = searchIndexes.find(id)
  if (index !== undefined) searchIndexes.put({ ...index, modifiedAt: dueAt })
  return entries.length + removed
}

/** `GET /v1/task/ID` */
export function getTask(call: SearchCall): ServiceReply {
  requireCaller(call)
  const task = call.context.world.searchTasks.find(param(call, 'task').toLowerCase())
  if (task === undefined) throw notFound('There is no task with this id')
  refuseWithout(WRITERS, task.index, call)
  return ok(taskDocument(task))
}

/** `GET /v1/task_list/INDEX`: the last 1,000. */
export function listTasks(call: SearchCall): ServiceReply {
  const index = requireRole(call, WRITERS)
  return ok({ index_id: index.id, tasks: call.context.world.searchTasks.ofIndex(index.id).map(taskDocument) })
}

const descriptions: Readonly<Record<SearchTask['state'], string>> = {
  PENDING: 'Task is waiting to be done',
  SUCCESS: 'Task succeeded',
  FAILED: 'Task failed',
}

const taskDocument = (task: SearchTask): object => ({
  task_id: task.id,
  task_type: task.type,
  index_id: task.index,
  state: task.state,
  state_description: descriptions[task.state],
  message: task.message,
  additional_details: null,
  creation_date: searchTime(task.createdAt),
  completion_date: task.completedAt === null ? null : searchTime(task.completedAt),
})
