import { deepEqual, equal } from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createEmulator, demo, type Emulator } from '../../src/index.ts'
import { item, logIn, personWith, type Json, type Person } from './support.ts'

const { collections: c, people } = demo
const runs = Number(process.env['PIERHEAD_MODEL_RUNS'] ?? 15)

type Step =
  | { readonly type: 'submit' | 'restart' | 'online' | 'offline' | 'look' }
  | { readonly type: 'cancel' | 'pause' | 'resume' | 'fault' | 'inactivate'; readonly task: number }

const plain = fc.record({ type: fc.constantFrom('submit', 'submit', 'restart', 'online', 'offline', 'look') })
const onTask = fc.record({
  type: fc.constantFrom('cancel', 'pause', 'resume', 'fault', 'inactivate'),
  task: fc.nat({ max: 7 }),
})
const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(plain, onTask), { minLength: 3, maxLength: 25 })

/** What must be true of a task. */
interface Modelled {
  readonly id: string
  readonly number: number
  /** What its end was; it never changes again. */
  end: 'SUCCEEDED' | 'FAILED' | undefined
  cancelled: boolean
}

/** A small world beside the real one: which tasks there are, and which of them may still change. */
class Rig {
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'pierhead-model-'))
  readonly #tasks: Modelled[] = []
  #emulator: Emulator = createEmulator({ dataDir: this.#dataDir })
  #token = ''

  async open(): Promise<void> {
    this.#token = await logIn(this.#emulator, people.maya, [])
    for (let number = 0; number < 8; number += 1) this.#write(number)
  }

  async play(step: Step): Promise<void> {
    if (!('task' in step)) return this.#playPlain(step.type)
    const task = this.#tasks[step.task]
    if (task === undefined) return
    const { engine } = this.#emulator.transfer
    if (step.type === 'cancel') await this.#cancel(task)
    else if (step.type === 'fault') engine.force(task.id, { forcedFaults: ['CONNECTION_RESET'] })
    else if (step.type === 'inactivate') engine.inactivate(task.id)
    else engine.pause(task.id, step.type === 'pause')
    await this.#check(task)
  }

  /** Takes away whatever holds a task up: all that nobody cancelled must succeed. */
  async finish(): Promise<void> {
    await this.#playPlain('restart')
    this.#setOnline(true)
    for (const { id } of this.#tasks) this.#emulator.transfer.engine.pause(id, false)
    // A new login wakes the tasks that lost theirs.
    this.#token = await logIn(this.#emulator, people.maya, [])
    await this.#by().get('/v0.10/task_list')
    for (const task of this.#tasks) {
      await this.#emulator.transfer.engine.ended(task.id)
      const document = await this.#check(task)
      equal(document['status'], task.cancelled ? 'FAILED' : 'SUCCEEDED')
      if (!task.cancelled)
        equal(readFileSync(this.#path(c.tenThousandBuoys, `d${task.number}`), 'utf8'), contentOf(task.number))
    }
    const { body } = await this.#by().get('/v0.10/task_list')
    equal(body['total'], this.#tasks.length)
  }

  close(): void {
    this.#emulator.close()
    rmSync(this.#dataDir, { recursive: true, force: true })
  }

  async #playPlain(type: Step['type']): Promise<void> {
    if (type === 'submit') await this.#submit()
    else if (type === 'restart') {
      this.#emulator.close()
      this.#emulator = createEmulator({ dataDir: this.#dataDir })
    } else if (type !== 'look') this.#setOnline(type === 'online')
    for (const task of this.#tasks) await this.#check(task)
  }

  async #submit(): Promise<void> {
    if (this.#tasks.length >= 8) return
    const number = this.#tasks.length
    const ends = { source_endpoint: c.oddNames, destination_endpoint: c.tenThousandBuoys, verify_checksum: true }
    const id = await this.#by().transfer({ ...ends, DATA: [item(`/s${number}`, `/d${number}`)] })
    this.#tasks.push({ id, number, end: undefined, cancelled: false })
  }

  async #cancel(task: Modelled): Promise<void> {
    const { body } = await this.#by().send('POST', `/v0.10/task/${task.id}/cancel`)
    // Whoever is told that a task is complete finds it so; whoever is told that it was cancelled finds that.
    if (body['code'] === 'Canceled') {
      equal(task.end, undefined)
      task.cancelled = true
      task.end = 'FAILED'
    } else {
      equal(body['code'], 'TaskComplete')
      task.end ??= 'SUCCEEDED'
    }
  }

  async #check(task: Modelled): Promise<Json> {
    const { status, body } = await this.#by().get(`/v0.10/task/${task.id}`)
    equal(status, 200)
    if (task.end !== undefined) equal(body['status'], task.end)
    const isEnded = body['status'] === 'SUCCEEDED' || body['status'] === 'FAILED'
    if (isEnded) task.end = body['status'] === 'SUCCEEDED' ? 'SUCCEEDED' : 'FAILED'
    const found = [body['status'] === 'FAILED', body['is_ok'] === null, body['completion_time'] !== null]
    deepEqual(found, [task.cancelled, isEnded, isEnded])
    equal(sum(body), body['subtasks_total'])
    if (body['is_paused'] === true) equal(isEnded, false)
    return body
  }

  #setOnline(online: boolean): void {
    this.#emulator.world.collections.change(c.tenThousandBuoys, { online })
    this.#emulator.transfer.engine.wake()
  }

  #write(number: number): void {
    const path = this.#path(c.oddNames, `s${number}`)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, contentOf(number))
  }

  #path(collection: string, name: string): string {
    const root = this.#emulator.info().collections.find(({ id }) => id === collection)?.root ?? ''
    return join(root, name)
  }

  #by(): Person {
    return personWith(this.#token, this.#emulator)
  }
}

const contentOf = (number: number): string => `content ${number};`.repeat(10_000 * (number + 1))

/** Every part of a task is in one state. */
function sum(task: Json): number {
  const states = ['pending', 'retrying', 'succeeded', 'expired', 'canceled', 'failed', 'skipped_errors']
  return states.reduce((total, state) => total + Number(task[`subtasks_${state}`]), 0)
}

it(
  'REL-65 keeps its word about every task, whatever happens to them in whatever order',
  { timeout: 600_000 },
  async () => {
    const play = async (order: readonly Step[]): Promise<void> => {
      const rig = new Rig()
      try {
        await rig.open()
        for (const step of order) await rig.play(step)
        await rig.finish()
      } finally {
        rig.close()
      }
    }
    const checked = fc.assert(fc.asyncProperty(steps, play), { numRuns: runs, endOnFailure: true })
    await expect(checked).resolves.toBeUndefined()
  },
)
