import { demo } from '../demo.ts'
import type { Emulator } from '../emulator.ts'
import { freshCondition, noProgress, type Task } from '../world/tasks.ts'
import { eventsIn } from '../transfer/task-engine/events.ts'
import type { TaskRequest } from '../transfer/task-engine/task-request.ts'
import { TRANSFER_SCOPE } from '../transfer/caller.ts'
import { dataAccessScope } from '../transfer/consent-required.ts'

const { collections: c, people, clients } = demo
const HOUR = 3_600_000
const DAY = 24 * HOUR

const request: TaskRequest = {
  digest: '',
  syncLevel: null,
  verifyChecksum: true,
  preserveTimestamp: false,
  encryptData: false,
  deleteDestinationExtra: false,
  recursiveSymlinks: 'ignore',
  filterRules: null,
  skipSourceErrors: false,
  failOnQuotaErrors: false,
  fixedDeadline: false,
  sourceBasePath: null,
  destinationBasePath: null,
  destinations: [],
}

/** Gives Maya a past: a finished, a failed, a cancelled and an inactive task, and two that meet trouble again and again. */
export function plantHistory({ world, clock, transfer }: Emulator): void {
  const now = clock.now()
  world.transaction(() => {
    for (const [number, plant] of [finished, failed, cancelled, inactive].entries()) {
      const task = plant(blank(number + 1, now))
      if (world.tasks.find(task.id) !== undefined) continue
      world.tasks.add(task)
      recordPast(task, world)
      if (task.state === 'inactive') addItem(task, ['/run-17/', '/run-17/'], world)
    }
    for (const [number, [destination, path]] of [
      [c.samsLaptop, '/leg-1.raw'],
      [c.quotaCorner, '/leg-1.raw'],
    ].entries()) {
      const task = troubled({ ...blank(number + 5, now), destination: destination ?? null })
      if (world.tasks.find(task.id) !== undefined) continue
      world.tasks.add(task)
      addItem(task, ['/survey-2026/leg-1.raw', path ?? '/'], world)
    }
    allowTroubled({ world, now })
  })
  transfer.engine.wake()
}

function blank(number: number, now: number): Task {
  const tail = `11f0-9c3e-0242ac12000${number}`
  return {
    id: `c1d2e3${number}0-8a11-${tail}`,
    submissionId: `c1d2e3${number}1-8a11-${tail}`,
    owner: people.maya,
    client: clients.portal,
    type: 'TRANSFER',
    state: 'queued',
    source: c.tidalSurveyArchive,
    destination: c.campusClusterScratch,
    request: JSON.stringify(request),
    label: null,
    requestedAt: now - number * DAY,
    completedAt: null,
    deadline: now - number * DAY + DAY,
    progress: noProgress(1),
    condition: freshCondition,
    removed: false,
  }
}

const started = (task: Task): Task['condition'] => ({ ...freshCondition, startedAt: task.requestedAt + 5_000 })

const finished = (task: Task): Task => ({
  ...task,
  label: 'Stations for the cluster',
  state: 'succeeded',
  completedAt: task.requestedAt + 25_000,
  condition: started(task),
  progress: {
    ...noProgress(14),
    files: 12,
    directories: 1,
    filesTransferred: 12,
    bytesTransferred: 504_000,
    bytesChecksummed: 504_000,
    succeeded: 14,
  },
})

const failed = (task: Task): Task => ({
  ...task,
  label: 'Frames of run 17',
  source: c.mayasLaptop,
  destination: c.microscope3,
  state: 'failed',
  completedAt: task.requestedAt + DAY,
  condition: { ...started(task), fatal: { code: 'PERMISSION_DENIED', description: 'permission denied' } },
  progress: { ...noProgress(2), files: 1, succeeded: 1, failed: 1, faults: 12 },
})

const cancelled = (task: Task): Task => ({
  ...task,
  label: 'Whole survey',
  state: 'failed',
  completedAt: task.requestedAt + 9_000,
  condition: started(task),
  progress: { ...noProgress(6), files: 4, directories: 1, bytesTransferred: 21_000_000, succeeded: 2, canceled: 4 },
})

/** Its consent was withdrawn while it ran. */
const inactive = (task: Task): Task => ({
  ...task,
  label: 'Frames of the night',
  source: c.microscope3,
  state: 'inactive',
  deadline: task.requestedAt + 30 * DAY,
  condition: { ...started(task), inactiveAt: task.requestedAt + HOUR },
  progress: { ...noProgress(1), faults: 1 },
})

/** Submitted by a program that only the past knows: what a visitor's app may do stays to be asked. */
const troubled = (task: Task): Task => ({
  ...task,
  client: clients.cli,
  requestedAt: task.requestedAt + 5 * DAY,
  deadline: task.requestedAt + 90 * DAY,
  label: task.destination === c.samsLaptop ? 'For Sam' : 'A copy for the corner',
})

/** Writes the events of what has ended. */
function recordPast(task: Task, world: Emulator['world']): void {
  const events = eventsIn(world)
  const { condition, completedAt } = task
  if (condition.startedAt !== null) events.started(task.type)(task.id, condition.startedAt)
  if (condition.inactiveAt !== null) {
    events.plain('NO_CREDENTIALS', 'The consent that the task worked with is gone', true)(task.id, condition.inactiveAt)
  }
  if (completedAt === null) return
  if (task.state === 'succeeded') events.plain('SUCCEEDED', '{\n  "files_succeeded": 12\n}')(task.id, completedAt)
  else if (condition.fatal === null) events.plain('CANCELED', 'Canceled by the task owner', true)(task.id, completedAt)
  else events.plain(condition.fatal.code, 'the storage is read-only', true)(task.id, completedAt)
}

const addItem = (task: Task, [source, destination]: readonly [string, string], { subtasks }: Emulator['world']): void =>
  subtasks.add(task.id, { kind: 'item', source, destination, options: null })

/** What the program of the two tasks that still run was allowed. */
function allowTroubled({ world, now }: { world: Emulator['world']; now: number }): void {
  const root = world.scopes.find(TRANSFER_SCOPE)
  const below = [c.tidalSurveyArchive, c.quotaCorner].flatMap((id) => world.scopes.find(dataAccessScope(id)) ?? [])
  if (root === undefined) return
  const dependencies = below.map((scope) => ({ scope, optional: true, dependencies: [] }))
  world.consents.grant(
    { client: clients.cli, identity: people.maya },
    [{ scope: root, optional: false, dependencies }],
    now,
  )
}
