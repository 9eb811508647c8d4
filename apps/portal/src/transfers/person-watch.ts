import { isGlobusServiceError, isPierheadError, type LoginSession } from 'pierhead'
import type { TransferClient } from 'pierhead/globus'
import { readEvents, type RateSample, type TaskEvent } from './task-history.ts'
import { isRunning, taskView, type TaskView } from './task-view.ts'

/** Everything that is known of a task, as of now. */
export interface TaskUpdate {
  readonly view: TaskView
  /** Rates between looks at it, oldest first. */
  readonly samples: readonly RateSample[]
  /** Undefined unless somebody watches this task. */
  readonly events: readonly TaskEvent[] | undefined
  /** When it was learned: epoch milliseconds. */
  readonly at: number
}

/** A task with what happened to it. */
export interface KnownTask {
  readonly task: TaskView
  readonly events: readonly TaskEvent[]
}

/** A page, or several of one browser, that want to know. */
export interface Watcher {
  readonly session: LoginSession
  /** When it began: epoch milliseconds. */
  readonly since: number
  /** Tasks whose events are wanted too. */
  readonly watched: readonly string[]
  tell(update: TaskUpdate): void
  /** The service cannot be asked at present; what was told last may be old. */
  trouble(): void
  /** Shows the connection that somebody is there. */
  beat(): void
  end(): void
}

const mostSamples = 300
/** Milliseconds for which what was heard of a running task is as good as new: a page that shows it is told the rest. */
const freshFor = 4000
const nothing = { view: undefined, events: undefined }
/** Looks at the list of tasks are so many steps apart while something runs, and while nothing does. */
const listPeriod = { busy: 2, idle: 10 } as const
const stepsAfterTrouble = 5

/**
 * Follows the tasks of one person, however many pages look at them. Each step asks Transfer for one thing at most: with a step
 * each second that is the limit of requests.
 */
export class PersonWatch {
  readonly watchers = new Set<Watcher>()
  readonly #transfer: (session: LoginSession) => TransferClient
  readonly #now: () => number
  readonly #tasks = new Map<string, TaskUpdate>()
  /** What was known of tasks that have left the list of running ones. */
  readonly #leaving = new Map<string, TaskUpdate>()
  readonly #eventsSeenAt = new Map<string, number>()
  #untilList = 0
  #rest = 0
  #listedAt = 0

  constructor(transfer: (session: LoginSession) => TransferClient, now: () => number) {
    this.#transfer = transfer
    this.#now = now
  }

  /** Begins with what was learned since then: epoch milliseconds. */
  add(watcher: Watcher, since: number): void {
    this.watchers.add(watcher)
    for (const update of this.#tasks.values()) if (update.at >= since) watcher.tell(update)
    this.#untilList = 0
  }

  /** What is known of a task that somebody watches, if it is as good as asking. */
  known(id: string): KnownTask | undefined {
    const { view: task, events } = this.watchers.size > 0 ? (this.#tasks.get(id) ?? nothing) : nothing
    if (task === undefined || events === undefined) return undefined
    return !isRunning(task) || this.#now() - this.#listedAt < freshFor ? { task, events } : undefined
  }

  /** Something new was submitted: look soon. */
  hurry(): void {
    this.#untilList = 0
  }

  async step(): Promise<void> {
    this.#untilList -= 1
    this.#rest -= 1
    const [watcher] = this.watchers
    if (watcher === undefined || this.#rest > 0) return
    try {
      await this.#ask(this.#transfer(watcher.session))
    } catch (error) {
      this.#fail(error, watcher)
    }
  }

  async #ask(transfer: TransferClient): Promise<void> {
    const unknown = this.#watched().find((id) => !this.#tasks.has(id))
    if (unknown !== undefined) return this.#look(transfer, unknown)
    if (this.#untilList <= 0) return this.#list(transfer)
    const stale = this.#watched().find((id) => this.#hasStaleEvents(id))
    if (stale !== undefined) await this.#lookAtEvents(transfer, stale)
  }

  /** Every task that runs, by one request; what ran and is no longer in the list has ended, and is looked at by itself. */
  async #list(transfer: TransferClient): Promise<void> {
    const running = transfer.task.getAll({ filter: 'status:ACTIVE,INACTIVE', limit: 1000 })
    const { items } = await running.collect(1000)
    this.#listedAt = this.#now()
    for (const task of items) this.#take(taskView(task))
    const listed = new Set(items.map((task) => task.task_id))
    const ended = [...this.#tasks.values()].filter(({ view }) => isRunning(view) && !listed.has(view.id))
    this.#untilList = items.length + ended.length > 0 ? listPeriod.busy : listPeriod.idle
    // Asked for in the next steps: until then they are neither running nor known to have ended.
    for (const update of ended) {
      this.#tasks.delete(update.view.id)
      this.#leaving.set(update.view.id, update)
    }
  }

  async #look(transfer: TransferClient, id: string): Promise<void> {
    const before = this.#leaving.get(id)
    if (before !== undefined) this.#tasks.set(id, before)
    this.#leaving.delete(id)
    try {
      this.#take(taskView(await transfer.task.get(id)))
    } catch (error) {
      if (!isGlobusServiceError(error) || error.status !== 404) throw error
      for (const watcher of this.watchers) if (watcher.watched.includes(id)) watcher.end()
    }
  }

  async #lookAtEvents(transfer: TransferClient, id: string): Promise<void> {
    const known = this.#tasks.get(id)
    if (known === undefined) return
    const events = await readEvents(transfer, id)
    this.#eventsSeenAt.set(id, this.#now())
    if (events.length !== known.events?.length) this.#tell({ ...known, events, at: this.#now() })
  }

  #hasStaleEvents(id: string): boolean {
    const known = this.#tasks.get(id)
    if (known === undefined) return false
    const seen = this.#eventsSeenAt.get(id)
    return seen === undefined || isRunning(known.view) || (known.view.completedAt ?? 0) > seen - 2000
  }

  #watched(): string[] {
    return [...new Set([...this.#leaving.keys(), ...[...this.watchers].flatMap(({ watched }) => watched)])]
  }

  #take(view: TaskView): void {
    const before = this.#tasks.get(view.id)
    if (before !== undefined && JSON.stringify(before.view) === JSON.stringify(view)) return
    this.#tell({ view, samples: this.#sample(view, before), events: before?.events, at: this.#now() })
  }

  #sample(view: TaskView, before: TaskUpdate | undefined): readonly RateSample[] {
    const time = this.#now()
    const last = before?.samples.at(-1)
    const seconds = before === undefined ? 0 : (time - (last?.time ?? time)) / 1000
    const moved = Math.max(0, view.bytes - (before?.view.bytes ?? view.bytes))
    const rate = seconds > 0 ? moved / seconds : 0
    return [...(before?.samples ?? []), { time, rate }].slice(-mostSamples)
  }

  #tell(update: TaskUpdate): void {
    this.#tasks.set(update.view.id, update)
    for (const watcher of this.watchers) watcher.tell(update)
  }

  #fail(error: unknown, watcher: Watcher): void {
    if (!isPierheadError(error)) throw error
    this.#rest = stepsAfterTrouble
    // Its own session is over, or Globus wants the person: the page leads them to log in. Another session may still do.
    if (!isGlobusServiceError(error) || error.code === 'globus_token_refused') watcher.end()
    else for (const one of this.watchers) one.trouble()
  }
}
