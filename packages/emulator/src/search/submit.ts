import { randomUuid } from '../random.ts'
import { ok, type ServiceReply } from '../services/service-route.ts'
import { paces } from '../transfer/options.ts'
import type { SearchIndex } from '../world/search-indexes.ts'
import type { SearchCall } from './call.ts'
import { find } from './find.ts'
import type { Work } from './tasks.ts'

interface Submission {
  readonly index: SearchIndex
  readonly type: string
  readonly work: Work
}

/** Accepts a change of an index, to be made after the queue delay of the pace. @throws SearchError 400 for a query that is none */
export function submit({ index, type, work }: Submission, { context }: SearchCall): ServiceReply {
  const { world, clock, random, behaviour } = context
  if (work.query !== undefined) find([], work.query)
  const now = clock.now()
  const id = randomUuid(random)
  const waiting = { state: 'PENDING', message: 'Task is waiting', completedAt: null } as const
  const dueAt = now + paces[behaviour.pace].queueDelay
  world.searchTasks.add({ ...waiting, id, index: index.id, type, work, createdAt: now, dueAt })
  return ok({ acknowledged: true, task_id: id, success: true, num_documents_ingested: work.entries?.length ?? 0 })
}
