import type { EmulatorContext } from '../../context.ts'
import type { Subtask } from '../../world/subtasks.ts'
import { isFinished, type Task } from '../../world/tasks.ts'
import { paces } from '../options.ts'
import type { CollectionRoots } from '../roots.ts'
import { eventsIn } from './events.ts'
import { describeCode, type Failure } from './failure.ts'
import type { MoverPool, MoverRun } from './mover-pool.ts'
import { findObstacle, rightsCheck, type Obstacle } from './obstacles.ts'
import type { JobResult, Report } from './protocol.ts'
import { recordReport, retryDelay } from './record-report.ts'
import { runOptions, toJob } from './run-options.ts'

/** What the engine works with. */
export interface EngineSurroundings extends Omit<EmulatorContext, 'transfer'> {
  readonly roots: CollectionRoots
}

/** What a running task shares with the engine. */
export interface RunControl {
  /** Why it must end; work that is under way is given up at once. */
  stop: 'cancel' | 'fail' | 'yield' | 'close' | undefined
  /** Whether the task ran before, perhaps in an emulator that was killed. */
  readonly resumed: boolean
  /** Each ends a wait before its time. */
  readonly waits: Set<AbortController>
  /** Speeds that tests force on collections, in bytes per second. */
  readonly speeds: ReadonlyMap<string, number>
  /** When the task may move bytes again. */
  nextSlice: number
  /** How many of the next files shall be spoiled on disk. */
  corruptions: number
  /** The last subtask that was taken for the first time. */
  cursor: number
  /** Those that are being worked on. */
  readonly inFlight: Set<number>
}

/** How a run of a task ended. */
export type RunEnd = 'done' | 'failed' | 'expired' | 'cancel' | 'fail' | 'yield' | 'inactive' | 'close'

const PARALLEL = 2
const BATCH = 1024

/** Works on a task until there is nothing left, or until it has to stop. What is done is in the world whenever this waits. */
export async function runTask(
  id: string,
  control: RunControl,
  around: EngineSurroundings & { pool: MoverPool },
): Promise<RunEnd> {
  const batches = new Set<Promise<void>>()
  let broken: unknown
  if (control.resumed) await sweep(requireTask(id, around), around)
  let blocked = 0
  let isRuled = false
  for (;;) {
    if (isClosing(control)) return 'close'
    const end = broken === undefined ? endOf(requireTask(id, around), control, around) : undefined
    if (broken !== undefined || end !== undefined) {
      control.stop ??= 'yield'
      await Promise.all(batches)
      if (broken instanceof Error) throw broken
      return end ?? 'yield'
    }
    const task = requireTask(id, around)
    const obstacle = findObstacle(task, around)
    if (obstacle !== undefined) {
      await Promise.all(batches)
      if (blocked === 0) isRuled = notePause(task, obstacle, around)
      meet(task, obstacle, around)
      if (obstacle.kind === 'inactive') return 'inactive'
      await wait(control, waitFor(obstacle, blocked++, around), { task, around })
      continue
    }
    if (blocked > 0) resume(task, isRuled, around)
    blocked = 0
    const subtasks = take(task, control, around)
    if (subtasks.length > 0) {
      const batch = runBatch(id, subtasks, { control, around }).catch((error: unknown) => (broken = error))
      const tracked: Promise<void> = batch.then(() => void batches.delete(tracked))
      batches.add(tracked)
      if (batches.size < PARALLEL) continue
    }
    if (batches.size > 0) await Promise.race(batches)
    else if (around.world.subtasks.nextDue(id) === undefined)
      return requireTask(id, around).condition.fatal ? 'failed' : 'done'
    else await wait(control, (around.world.subtasks.nextDue(id) ?? 0) - around.clock.now(), { task, around })
  }
}

/** Why the task ends now, if it does. */
function endOf(task: Task, { stop }: RunControl, { clock }: EngineSurroundings): RunEnd | undefined {
  if (stop !== undefined) return stop
  if (isFinished(task)) return 'yield'
  if (task.condition.fatal !== null) return 'failed'
  return task.deadline <= clock.now() ? 'expired' : undefined
}

/** Takes work that is due and allowed. What is not allowed fails here, and so does what a test told to fail. */
function take(task: Task, control: RunControl, { world, clock, behaviour }: EngineSurroundings): readonly Subtask[] {
  const now = clock.now()
  const limit = batchSize(task, control, behaviour)
  const taken = nextSubtasks(task, control, { world, now, limit })
  const failures = refuse(taken, task, { world, clock })
  if (failures.length > 0) {
    const subtasks = new Map(taken.map((subtask) => [subtask.id, subtask]))
    const report = { results: failures, begun: [], bytes: 0, checksummed: 0, finished: true }
    const forcedFaults = task.condition.forcedFaults.slice(1)
    const condition = { ...task.condition, forcedFaults }
    world.transaction(() => recordReport({ ...task, condition }, report, { world, now, behaviour, subtasks }))
  }
  const failed = new Set(failures.map(({ id }) => id))
  const allowed = taken.filter(({ id }) => !failed.has(id))
  for (const { id } of allowed) control.inFlight.add(id)
  return allowed
}

/** So many that every thread gets a share; under a pace few, so that little is lost when a task is stopped. */
function batchSize({ progress }: Task, { inFlight }: RunControl, { pace }: EngineSurroundings['behaviour']): number {
  const ended = progress.succeeded + progress.skipped + progress.failed
  const share = Math.ceil((progress.total - ended - inFlight.size) / PARALLEL)
  return Math.max(1, Math.min(share, pace === 'instant' ? BATCH : BATCH / 32))
}

/** The next ones that nobody works on: those to be tried again first. */
function nextSubtasks(
  task: Task,
  control: RunControl,
  { world, now, limit }: { world: EngineSurroundings['world']; now: number; limit: number },
): readonly Subtask[] {
  const isFree = ({ id }: Subtask): boolean => !control.inFlight.has(id)
  const again = world.subtasks.due(task.id, now, limit + control.inFlight.size).filter(isFree)
  if (again.length > 0) return again.slice(0, limit)
  for (;;) {
    const found = world.subtasks.fresh(task.id, control.cursor, limit)
    control.cursor = found.at(-1)?.id ?? control.cursor
    const free = found.filter(isFree)
    // Only after a batch was given up the cursor stands before what others work on.
    if (free.length > 0 || found.length < limit) return free
  }
}

function refuse(
  taken: readonly Subtask[],
  task: Task,
  around: Pick<EngineSurroundings, 'world' | 'clock'>,
): JobResult[] {
  const check = rightsCheck(task, around)
  const [code] = task.condition.forcedFaults
  return taken.flatMap((subtask, index) => {
    const forced: Failure | undefined =
      code === undefined || index > 0
        ? undefined
        : { code, side: 'source', path: subtask.source, message: 'forced by a test' }
    const failure = forced ?? check(subtask)
    return failure === undefined ? [] : [{ id: subtask.id, kind: subtask.kind, failure }]
  })
}

interface BatchSurroundings {
  readonly control: RunControl
  readonly around: EngineSurroundings & { readonly pool: MoverPool }
}

async function runBatch(
  id: string,
  subtasks: readonly Subtask[],
  { control, around }: BatchSurroundings,
): Promise<void> {
  const open = new Map(subtasks.map((subtask) => [subtask.id, subtask]))
  const run = around.pool.open()
  const corruptions = Math.min(control.corruptions, subtasks.filter(({ kind }) => kind === 'file').length)
  control.corruptions -= corruptions
  const options = runOptions(requireTask(id, around), corruptions, around)
  const jobs = subtasks.map(toJob)
  let report = await run.send({ type: 'start', jobs, options, allowance: allowance(id, control, around) })
  for (;;) {
    if (!record(id, report, { open, around, control })) return
    if (report.finished) break
    await keepPace(id, report.bytes, { control, around })
    if (
      control.stop !== undefined ||
      requireTask(id, around).condition.paused ||
      requireTask(id, around).condition.stalled
    ) {
      await giveUp(run, open, control)
      return
    }
    report = await run.send({ type: 'proceed', allowance: allowance(id, control, around) })
  }
  if (open.size > 0) throw new Error('A mover lost work')
}

/** Writes a report; false when the emulator is closing and the world with it. */
function record(
  id: string,
  report: Report,
  { open, around, control }: BatchSurroundings & { readonly open: Map<number, Subtask> },
): boolean {
  if (control.stop === 'close') return false
  const { world, clock, behaviour } = around
  const now = clock.now()
  world.transaction(() => {
    const changed = recordReport(requireTask(id, around), report, { world, now, behaviour, subtasks: open })
    for (const { id } of report.results) {
      open.delete(id)
      control.inFlight.delete(id)
    }
    const { startedAt, progressAt } = changed.condition
    if (now - (progressAt ?? startedAt ?? now) < paces[behaviour.pace].progressEvery) return
    reportProgress(changed, around)
  })
  return true
}

/** Writes a progress event. */
export function reportProgress(task: Task, { world, clock }: EngineSurroundings): void {
  const now = clock.now()
  const milliseconds = now - (task.condition.startedAt ?? now)
  eventsIn(world).progress({ bytes: task.progress.bytesTransferred, milliseconds })(task.id, now)
  world.tasks.save({ ...task, condition: { ...task.condition, progressAt: now } })
}

async function giveUp(run: MoverRun, open: ReadonlyMap<number, Subtask>, control: RunControl): Promise<void> {
  await run.send({ type: 'abort' })
  if (control.stop === 'close') return
  for (const id of open.keys()) control.inFlight.delete(id)
  control.cursor = 0
}

/** What a killed emulator left half written is removed, and the work is done again. */
async function sweep(task: Task, around: EngineSurroundings & { pool: MoverPool }): Promise<void> {
  const left =
    task.progress.total === task.progress.succeeded
      ? []
      : around.world.subtasks.firstFiles(task.id, 2 * PARALLEL * BATCH)
  if (left.length === 0) return
  await around.pool.open().send({ type: 'sweep', jobs: left.map(toJob), options: runOptions(task, 0, around) })
}

const SLICE_SECONDS = 0.2

function speedOf(id: string, { speeds }: RunControl, around: EngineSurroundings): number {
  const pace = paces[around.behaviour.pace]
  const task = requireTask(id, around)
  const target = around.world.collections.find(task.destination ?? task.source)
  const own = pace.slowCollections ? (target?.bytesPerSecond ?? Infinity) : Infinity
  return Math.min(pace.bytesPerSecond ?? Infinity, own, speeds.get(target?.id ?? '') ?? Infinity)
}

function allowance(id: string, control: RunControl, around: EngineSurroundings): number {
  const speed = speedOf(id, control, around)
  return speed === Infinity ? Number.MAX_SAFE_INTEGER : Math.max(1, Math.round(speed * SLICE_SECONDS))
}

async function keepPace(id: string, bytes: number, { control, around }: BatchSurroundings): Promise<void> {
  const speed = speedOf(id, control, around)
  if (speed === Infinity || bytes === 0) return
  const now = around.clock.now()
  control.nextSlice = Math.max(now, control.nextSlice) + (bytes / speed) * 1000
  await wait(control, control.nextSlice - now, { task: requireTask(id, around), around })
}

/** Waits for that long, or until the task's deadline, or until somebody wakes the task. */
async function wait(
  control: RunControl,
  milliseconds: number,
  { task, around }: { task: Task; around: EngineSurroundings },
): Promise<void> {
  if (control.stop !== undefined) return
  const left = Math.max(0, task.deadline - around.clock.now())
  // Timers hold 31 bits.
  const wait = new AbortController()
  control.waits.add(wait)
  await around.clock.sleep(Math.min(Math.max(1, milliseconds), left, 0x7fff_ffff), wait.signal)
  control.waits.delete(wait)
}

function waitFor(obstacle: Obstacle, times: number, { behaviour }: EngineSurroundings): number {
  return obstacle.kind === 'trouble' || obstacle.kind === 'gone' ? retryDelay(times, behaviour) : 3_600_000
}

function meet(task: Task, obstacle: Obstacle, { world, clock }: EngineSurroundings): void {
  const now = clock.now()
  const events = eventsIn(world)
  const { condition, progress } = task
  world.transaction(() => {
    if (obstacle.kind === 'gone') {
      const fatal = { code: 'ENDPOINT_ERROR', description: 'the endpoint has been deleted' }
      events.plain('ENDPOINT_ERROR', `Endpoint ${obstacle.id} has been deleted`, true)(task.id, now)
      world.tasks.save({ ...task, condition: { ...condition, fatal } })
    } else if (obstacle.kind === 'trouble') {
      const { failure, collection } = obstacle
      events.fault(failure, { name: collection.displayName, id: collection.id, step: 'connect' })(task.id, now)
      const trouble = { code: failure.code, description: describeCode(failure.code), at: now }
      const faults = progress.faults + 1
      world.tasks.save({ ...task, progress: { ...progress, faults }, condition: { ...condition, trouble } })
    } else if (obstacle.kind === 'inactive' && condition.inactiveAt === null) {
      events.plain('NO_CREDENTIALS', 'The consent or login that the task worked with is gone', true)(task.id, now)
      world.tasks.save({ ...task, state: 'inactive', condition: { ...condition, inactiveAt: now } })
    }
  })
}

/** Tells people that a rule pauses the task, as a pause of the task itself does; says whether one does. */
function notePause({ id, condition }: Task, { kind }: Obstacle, { world, clock }: EngineSurroundings): boolean {
  if (kind !== 'paused' || condition.paused) return false
  eventsIn(world).plain('PAUSED', 'Paused by a rule of the collection')(id, clock.now())
  return true
}

/** What stood in the way is gone. */
function resume(task: Task, wasRuled: boolean, { world, clock }: EngineSurroundings): void {
  if (wasRuled) eventsIn(world).plain('UNPAUSED', '')(task.id, clock.now())
  world.tasks.save({ ...task, condition: { ...task.condition, trouble: null } })
}

export function requireTask(id: string, { world }: Pick<EngineSurroundings, 'world'>): Task {
  const task = world.tasks.find(id)
  if (task === undefined) throw new Error(`Task ${id} is missing`)
  return task
}

/** Read anew each time: others write it while this waits. */
const isClosing = ({ stop }: RunControl): boolean => stop === 'close'
