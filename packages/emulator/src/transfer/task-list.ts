import type { Task } from '../world/tasks.ts'
import { ok, type Call, type Reply } from './call.ts'
import { parseFilters, type FilterFields } from './filter.ts'
import { readNumber, readOrder, selectFields, type Readers } from './list-query.ts'
import { statusOf, taskDocument } from './task-document.ts'

const MAXIMUM_RESULTS = 1000

const filterFields: FilterFields<Task> = {
  task_id: { kind: 'text', read: ({ id }) => id },
  type: { kind: 'text', read: ({ type }) => type },
  status: { kind: 'text', read: statusOf },
  label: { kind: 'text', read: ({ label }) => label },
  request_time: { kind: 'time', read: ({ requestedAt }) => requestedAt },
  completion_time: { kind: 'time', read: ({ completedAt }) => completedAt },
  owner_id: { kind: 'text', read: ({ owner }) => owner },
  source_endpoint_id: { kind: 'text', read: ({ source }) => source },
  destination_endpoint_id: { kind: 'text', read: ({ destination }) => destination },
  is_paused: { kind: 'text', read: ({ condition }) => String(condition.paused ? 1 : 0) },
}

const orderFields: Readers<Task> = {
  task_id: ({ id }) => id,
  type: ({ type }) => type,
  status: statusOf,
  label: ({ label }) => label,
  request_time: ({ requestedAt }) => requestedAt,
  completion_time: ({ completedAt }) => completedAt,
  deadline: ({ deadline }) => deadline,
}

/** `GET /v0.10/task_list`: the caller's own tasks. */
export function taskList(call: Call): Reply {
  const { query, context, caller } = call
  const { defaultTaskLimit, repeatedFilter: repeated, unknownFilterKey: unknownKey } = context.behaviour
  const matches = parseFilters(query.getAll('filter'), filterFields, { repeated, unknownKey })
  const order = readOrder(query, orderFields)
  const found = context.world.tasks.ofOwner(caller.id).filter((task) => matches(task))
  const sorted = (order === undefined ? found : found.toSorted(order)).slice(0, MAXIMUM_RESULTS)
  const limit = readNumber(query, 'limit', { default: defaultTaskLimit, from: 1, to: MAXIMUM_RESULTS })
  const offset = readNumber(query, 'offset', { default: 0, from: 0, to: MAXIMUM_RESULTS })
  const page = sorted.slice(offset, offset + limit)
  const select = selectFields(query)
  const DATA = page.map((task) => select(taskDocument(task, context)))
  return ok({ DATA_TYPE: 'task_list', length: page.length, limit, offset, total: sorted.length, DATA })
}
