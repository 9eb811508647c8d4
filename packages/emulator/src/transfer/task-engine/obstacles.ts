import { formatPath, parsePath } from '../../collections/virtual-path.ts'
import type { EmulatorContext } from '../../context.ts'
import type { Collection } from '../../world/collections.ts'
import type { Pausable } from '../../world/pause-rules.ts'
import type { Subtask } from '../../world/subtasks.ts'
import type { Task } from '../../world/tasks.ts'
import { accountOf } from '../account.ts'
import { hasConsent } from '../consent-required.ts'
import { isGuest, rightsOf } from '../rights.ts'
import type { Failure } from './failure.ts'

type Worlds = Pick<EmulatorContext, 'world' | 'clock'>

/** Why a whole task cannot go on for now. */
export type Obstacle =
  | { readonly kind: 'paused' | 'stalled' | 'inactive' }
  | { readonly kind: 'trouble'; readonly failure: Failure; readonly collection: Collection }
  | { readonly kind: 'gone'; readonly id: string }

/** Looks for what stands in the way of a task; undefined when nothing does. */
export function findObstacle(task: Task, context: Worlds): Obstacle | undefined {
  if (task.condition.inactiveAt !== null) return { kind: 'inactive' }
  if (task.condition.paused) return { kind: 'paused' }
  if (task.condition.stalled) return { kind: 'stalled' }
  const owner = { client: task.client, identity: task.owner }
  for (const [id, side] of sidesOf(task)) {
    const collection = context.world.collections.find(id)
    if (collection === undefined || collection.deletedAt !== null) return { kind: 'gone', id }
    if (!hasConsent(collection, owner, context)) return { kind: 'inactive' }
    if (isPausedByRule(task, collection, side, context)) return { kind: 'paused' }
    if (!collection.online) return { kind: 'trouble', collection, failure: offline(collection, side) }
  }
  return undefined
}

/** Whether a task is paused itself, or by a rule of one of its collections. */
export function isPaused(task: Task, context: Worlds): boolean {
  return (
    task.condition.paused ||
    sidesOf(task).some(([id, side]) => {
      const collection = context.world.collections.find(id)
      return collection !== undefined && isPausedByRule(task, collection, side, context)
    })
  )
}

type Side = Failure['side']

const sidesOf = ({ source, destination }: Task): readonly (readonly [string, Side])[] =>
  destination === null
    ? [[source, 'source']]
    : [
        [source, 'source'],
        [destination, 'destination'],
      ]

function isPausedByRule(task: Task, collection: Collection, side: Side, { world }: Worlds): boolean {
  const operation: Pausable =
    task.type === 'DELETE' ? 'task_delete' : side === 'source' ? 'task_transfer_read' : 'task_transfer_write'
  const { identities } = accountOf(task.owner, { world })
  return world.pauseRules.effective(collection.id, identities).some(({ operations }) => operations.includes(operation))
}

function offline(collection: Collection, side: Side): Failure {
  const personal = collection.entityType.startsWith('GCP')
  const code = personal ? 'GC_NOT_CONNECTED' : 'CONNECT_FAILED'
  return { code, side, path: '/', message: `${collection.displayName} is not connected` }
}

/** Checks the owner's rights again for each piece of work: they may have been taken away meanwhile. */
export function rightsCheck(task: Task, context: Worlds): (subtask: Subtask) => Failure | undefined {
  const account = accountOf(task.owner, context)
  const source = context.world.collections.find(task.source)
  const destination = task.destination === null ? undefined : context.world.collections.find(task.destination)
  const sourceRights = source && rightsOf(source, account, context)
  const destinationRights = destination && rightsOf(destination, account, context)
  const [isSourceGuest, isDestinationGuest] = [source, destination].map((one) => one !== undefined && isGuest(one))
  const denied = (side: Side, path: string): Failure => ({
    code: 'PERMISSION_DENIED',
    side,
    path,
    message: side === 'source' && task.type === 'TRANSFER' ? 'reading is not allowed' : 'writing is not allowed',
  })
  const needed = task.type === 'DELETE' ? 'rw' : 'r'
  return ({ kind, source, destination }) => {
    // What was found is written as it is; only what was submitted has to be read.
    const isRead = kind === 'item' || kind === 'delete'
    const place = (path: string): string => (isRead ? canonical(path) : path)
    const held = sourceRights?.at(isSourceGuest === true ? place(source) : '/') ?? 'none'
    if (held !== 'rw' && held !== needed) return denied('source', source)
    if (destination === null || destinationRights === undefined) return undefined
    const writing = destinationRights.at(isDestinationGuest === true ? place(destination) : '/')
    return writing === 'rw' ? undefined : denied('destination', destination)
  }
}

function canonical(path: string): string {
  try {
    return formatPath(parsePath(path))
  } catch {
    return '/'
  }
}
