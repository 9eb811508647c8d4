import type { Failure } from './failure.ts'
import { isFinished, type Task, type TaskCondition } from '../../world/tasks.ts'
import { hasConsent } from '../consent-required.ts'
import { paces, RUNNING_TASKS } from '../options.ts'
import { eventsIn } from './events.ts'
import { endTask } from './end-task.ts'
import { createMoverPool, PoolClosed, type MoverPool } from './mover-pool.ts'
import { describeCode } from './failure.ts'
import { mayRunBeside } from './queue.ts'
import { requireTask, runTask, type EngineSurroundings, type RunControl, type RunEnd } from './run-task.ts'

/** Runs the tasks of the world: some at once, the others wait. */
export interface TaskEngine {
  /** Starts what can start. Called after a task was added or anything changed that a task waits for. */
  wake(): void
  /** Somebody was seen with a valid token: tasks that lost their login may go on. */
  noticeCaller(owner: string): void
  /** Ends a task. @returns what the API says about it */
  cancel(id: string): Promise<'Canceled' | 'CancelAccepted' | 'TaskComplete'>
  /** Changes how a task is doing; false for one that has ended. */
  force(id: string, change: Partial<TaskCondition>): boolean
  pause(id: string, paused: boolean): boolean
  /** Takes a task's login away; it goes on when its owner logs in again. */
  inactivate(id: string): boolean
  /** Ends a task as failed with that code. */
  fail(id: string, code: Failure['code']): Promise<boolean>
  /** The most that is written to a collection per second; null lifts the limit. */
  limitSpeed(collection: string, bytesPerSecond: number | null): void
  /** Spoils the next files of a task on disk, after they were written and before they are checked. */
  corrupt(id: string, files: number): boolean
  /** Resolves when the task has ended. */
  ended(id: string): Promise<Task>
  /** Gives up every task and forgets it, with all that Transfer stored. */
  forget(): void
  /** Stops without ending any task; they go on when an emulator opens the same world. */
  close(): Promise<void>
}

export function createTaskEngine(surroundings: EngineSurroundings): TaskEngine {
  return new Engine(surroundings)
}

/** How long a cancellation is waited for, in milliseconds. */
const CANCEL_PATIENCE = 10_000

class Engine implements TaskEngine {
  readonly #around: EngineSurroundings
  readonly #running = new Map<string, RunControl & { ended: Promise<void> }>()
  readonly #speeds = new Map<string, number>()
  readonly #waiting = new Map<string, ((task: Task) => void)[]>()
  readonly #corruptions = new Map<string, number>()
  readonly #timer = { stop: new AbortController(), at: Infinity }
  #pool: MoverPool | undefined
  #closed = false
  #scheduled = false

  constructor(surroundings: EngineSurroundings) {
    this.#around = surroundings
  }

  wake(): void {
    if (this.#closed) return
    for (const control of this.#running.values()) wakeRun(control)
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      if (!this.#closed) this.#schedule()
    })
  }

  noticeCaller(owner: string): void {
    const { world } = this.#around
    if (world.tasks.countInactive(owner) === 0) return
    const lastLogin = world.identities.find(owner)?.lastAuthentication ?? 0
    const mine = world.tasks.unfinished().filter((task) => task.owner === owner && task.state === 'inactive')
    for (const task of mine) {
      const since = task.condition.inactiveAt ?? 0
      if (lastLogin > since && this.#hasConsents(task)) this.#reactivate(task)
    }
  }

  async cancel(id: string): Promise<'Canceled' | 'CancelAccepted' | 'TaskComplete'> {
    if (isFinished(requireTask(id, this.#around))) return 'TaskComplete'
    const { clock } = this.#around
    if (!(await this.#stop(id, 'cancel', clock.sleep(CANCEL_PATIENCE)))) return 'CancelAccepted'
    this.#end(id, 'cancel')
    return 'Canceled'
  }

  force(id: string, change: Partial<TaskCondition>): boolean {
    const task = requireTask(id, this.#around)
    if (isFinished(task)) return false
    this.#around.world.tasks.save({ ...task, condition: { ...task.condition, ...change } })
    this.wake()
    return true
  }

  pause(id: string, paused: boolean): boolean {
    const task = requireTask(id, this.#around)
    if (task.condition.paused === paused || !this.force(id, { paused })) return false
    const { world, clock } = this.#around
    const record = eventsIn(world).plain(paused ? 'PAUSED' : 'UNPAUSED', paused ? 'Paused by an administrator' : '')
    record(id, clock.now())
    // A paused task has 90 days, one that goes on has one.
    const deadline = clock.now() + (paused ? 90 : 1) * 86_400_000
    world.tasks.save({ ...requireTask(id, this.#around), deadline })
    return true
  }

  inactivate(id: string): boolean {
    const { world, clock } = this.#around
    if (!this.force(id, { inactiveAt: clock.now() })) return false
    eventsIn(world).plain(
      'NO_CREDENTIALS',
      'The credential that the task worked with has expired',
      true,
    )(id, clock.now())
    if (!this.#running.has(id)) world.tasks.save({ ...requireTask(id, this.#around), state: 'inactive' })
    return true
  }

  async fail(id: string, code: string): Promise<boolean> {
    if (!this.force(id, { fatal: { code, description: describeCode(code) } })) return false
    const { world, clock } = this.#around
    eventsIn(world).plain(code, 'Forced by a test', true)(id, clock.now())
    await this.#stop(id, 'fail', undefined)
    this.#end(id, 'failed')
    return true
  }

  limitSpeed(collection: string, bytesPerSecond: number | null): void {
    if (bytesPerSecond === null) this.#speeds.delete(collection)
    else this.#speeds.set(collection, bytesPerSecond)
    this.wake()
  }

  corrupt(id: string, files: number): boolean {
    if (isFinished(requireTask(id, this.#around))) return false
    const control = this.#running.get(id)
    if (control === undefined) this.#corruptions.set(id, files)
    else control.corruptions = files
    return true
  }

  ended(id: string): Promise<Task> {
    const task = requireTask(id, this.#around)
    if (isFinished(task)) return Promise.resolve(task)
    return new Promise((resolve) => this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]))
  }

  forget(): void {
    for (const control of this.#running.values()) {
      control.stop = 'close'
      wakeRun(control)
    }
    this.#running.clear()
    this.#speeds.clear()
    this.#around.world.transaction(() => this.#around.world.tasks.forget())
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#timer.stop.abort()
    for (const control of this.#running.values()) {
      control.stop = 'close'
      wakeRun(control)
    }
    await this.#pool?.close()
  }

  #schedule(): void {
    const { world, clock, behaviour } = this.#around
    const waiting: Task[] = []
    const running = world.tasks.unfinished().filter(({ id }) => this.#running.has(id))
    let next = Infinity
    for (const task of world.tasks.unfinished()) {
      if (this.#running.has(task.id)) continue
      next = Math.min(next, task.deadline)
      if (task.deadline <= clock.now()) this.#end(task.id, 'expired')
      if (task.state === 'inactive' || task.deadline <= clock.now()) continue
      const due = task.requestedAt + paces[behaviour.pace].queueDelay
      const mine = running.filter(({ owner, type }) => owner === task.owner && type === task.type)
      if (due > clock.now()) next = Math.min(next, due)
      else if (
        mine.length < RUNNING_TASKS &&
        [...running, ...waiting].every((other) => mayRunBeside(task, other, world))
      ) {
        running.push(task)
        this.#start(task)
        continue
      }
      waiting.push(task)
    }
    this.#wakeAt(next)
  }

  #start(task: Task): void {
    const { world, clock, roots } = this.#around
    const now = clock.now()
    if (task.condition.startedAt === null) eventsIn(world).started(task.type)(task.id, now)
    const condition = { ...task.condition, startedAt: task.condition.startedAt ?? now }
    world.tasks.save({ ...task, state: 'running', condition })
    this.#pool ??= createMoverPool()
    const corruptions = this.#corruptions.get(task.id) ?? 0
    this.#corruptions.delete(task.id)
    const control: RunControl = {
      stop: undefined,
      resumed: task.condition.startedAt !== null,
      waits: new Set(),
      speeds: this.#speeds,
      nextSlice: 0,
      corruptions,
      cursor: 0,
      inFlight: new Set(),
    }
    const around = { ...this.#around, roots, pool: this.#pool }
    const ended = runTask(task.id, control, around).then(
      (end) => this.#afterRun(task.id, end),
      (error: unknown) => this.#afterDefect(task.id, error),
    )
    this.#running.set(task.id, Object.assign(control, { ended }))
  }

  #afterRun(id: string, end: RunEnd): void {
    if (this.#closed || end === 'close') return
    this.#running.delete(id)
    if (end === 'inactive') this.#around.world.tasks.save({ ...requireTask(id, this.#around), state: 'inactive' })
    else if (end !== 'yield') this.#end(id, end === 'fail' ? 'failed' : end)
    this.wake()
  }

  #afterDefect(id: string, error: unknown): void {
    this.#running.delete(id)
    if (this.#closed || error instanceof PoolClosed || this.#around.world.tasks.find(id) === undefined) return
    this.#around.warn(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    const fatal = { code: 'INTERNAL_ERROR', description: 'the emulator failed' }
    const task = requireTask(id, this.#around)
    this.#around.world.tasks.save({ ...task, condition: { ...task.condition, fatal } })
    this.#end(id, 'failed')
    this.wake()
  }

  #end(id: string, end: 'done' | 'failed' | 'expired' | 'cancel'): void {
    const task = requireTask(id, this.#around)
    if (!isFinished(task)) endTask(task, end, this.#around)
    for (const resolve of this.#waiting.get(id) ?? []) resolve(requireTask(id, this.#around))
    this.#waiting.delete(id)
    this.wake()
  }

  /** Stops a run and waits for it; false when patience ends first. */
  async #stop(id: string, stop: 'cancel' | 'fail', patience: Promise<void> | undefined): Promise<boolean> {
    const control = this.#running.get(id)
    if (control === undefined) return true
    control.stop = stop
    wakeRun(control)
    const ended = control.ended.then(() => true)
    return patience === undefined ? ended : Promise.race([ended, patience.then(() => false)])
  }

  #reactivate(task: Task): void {
    const condition = { ...task.condition, inactiveAt: null, trouble: null }
    this.#around.world.tasks.save({ ...task, state: 'queued', condition })
    this.wake()
  }

  #hasConsents(task: Task): boolean {
    const { world } = this.#around
    const owner = { client: task.client, identity: task.owner }
    return [task.source, task.destination].every((id) => {
      const collection = id === null ? undefined : world.collections.find(id)
      return collection === undefined || hasConsent(collection, owner, { world })
    })
  }

  #wakeAt(time: number): void {
    if (time === Infinity) return
    const { clock } = this.#around
    this.#timer.stop.abort()
    const stop = new AbortController()
    this.#timer.stop = stop
    const milliseconds = Math.min(Math.max(1, time - clock.now()), 0x7fff_ffff)
    void clock.sleep(milliseconds, stop.signal).then(() => {
      if (!stop.signal.aborted) this.wake()
    })
  }
}

function wakeRun({ waits }: RunControl): void {
  for (const wait of waits) wait.abort()
}
