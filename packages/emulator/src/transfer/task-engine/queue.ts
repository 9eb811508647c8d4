import type { World } from '../../world.ts'
import type { Task } from '../../world/tasks.ts'
import { requestOf } from './task-request.ts'

/** Whether two tasks may run at once: not when they write to one place. The later one waits. */
export function mayRunBeside(task: Task, other: Task, world: Pick<World, 'collections'>): boolean {
  if (!isSameStorage(task, other, world)) return true
  const [mine, others] = [requestOf(task).destinations, requestOf(other).destinations]
  return !mine.some((one) => others.some((another) => overlap(one, another)))
}

function isSameStorage(task: Task, other: Task, { collections }: Pick<World, 'collections'>): boolean {
  const folder = (one: Task): string => {
    const id = one.destination ?? one.source
    return collections.find(id)?.folder ?? id
  }
  return folder(task) === folder(other)
}

function overlap(one: string, other: string): boolean {
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one]
  return longer === shorter || longer.startsWith(shorter.endsWith('/') ? shorter : `${shorter}/`)
}
