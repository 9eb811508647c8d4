import type { Task, TaskProgress } from '../../world/tasks.ts'
import { eventsIn } from './events.ts'
import { reportProgress, type EngineSurroundings } from './run-task.ts'

type End = 'done' | 'failed' | 'expired' | 'cancel'

/** Writes the end of a task: what was not done, the last events, and the state that never changes again. */
export function endTask(task: Task, end: End, around: EngineSurroundings): void {
  const { world, clock } = around
  const now = clock.now()
  const events = eventsIn(world)
  world.transaction(() => {
    const progress: TaskProgress = { ...task.progress, retrying: 0 }
    if (end === 'done') {
      if (task.type === 'TRANSFER') reportProgress(task, around)
      events.plain('SUCCEEDED', JSON.stringify({ files_succeeded: task.progress.filesTransferred }, null, 2))(
        task.id,
        now,
      )
    } else if (end === 'cancel') {
      progress.canceled += world.subtasks.endAll(task.id, 'canceled')
      events.plain('CANCELED', 'Canceled by the task owner', true)(task.id, now)
    } else if (end === 'expired') {
      progress.expired += world.subtasks.endAll(task.id, 'expired')
      events.plain('EXPIRED', 'The deadline of the task has passed', true)(task.id, now)
    } else progress.failed += world.subtasks.endAll(task.id, 'failed')
    const state = end === 'done' ? 'succeeded' : 'failed'
    const condition = { ...task.condition, trouble: null, fatal: fatalError(task, end, around) }
    world.tasks.save({ ...task, state, progress, completedAt: now, condition })
  })
}

function fatalError({ condition }: Task, end: End, { behaviour }: EngineSurroundings): Task['condition']['fatal'] {
  if (end === 'expired') return { code: 'EXPIRED', description: 'deadline passed' }
  if (end !== 'cancel') return condition.fatal
  return behaviour.cancelledFatalError === 'null' ? null : { code: 'CANCELED', description: 'canceled' }
}
