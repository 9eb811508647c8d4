import { deepEqual, equal, ok, partialDeepStrictEqual } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { demo } from '../../src/index.ts'
import { item, type Json, type Person } from '../transfer/support.ts'
import { inspectTree, type Contents } from './files.ts'

const { collections: c } = demo

/** A task that was asked for, and what must come of it. */
interface Entry {
  readonly kind: 'transfer' | 'delete'
  readonly document: Json
  readonly folder: string
  readonly contents: Contents
  /** Known once the emulator has answered. */
  task: string | undefined
}

export interface LedgerOptions {
  /** The directory that all tasks write to. */
  readonly target: string
  /** What is in `/one/` and `/two/` of the source, and what may be in a folder that both are copied to. */
  readonly sources: { readonly one: Contents; readonly two: Contents; readonly either: Contents }
}

const SHARED = 'shared'

/** Every task that was submitted: none may get lost, run twice, or leave half a file. */
export class Ledger {
  readonly figures = { transfers: 0, deletions: 0, repeated: 0, drafts: 0, comparisons: 0 }
  readonly #options: LedgerOptions
  readonly #open: Entry[] = []
  #next = 0

  constructor(options: LedgerOptions) {
    this.#options = options
  }

  get open(): number {
    return this.#open.length
  }

  /** Asks for a copy: every fourth one goes to a folder that others overwrite, the rest to one of their own. */
  async submitTransfer(by: Person): Promise<void> {
    const number = this.#next++
    const source = number % 2 === 0 ? 'one' : 'two'
    const folder = number % 4 === 3 ? SHARED : `copy-${number}`
    const document = {
      DATA_TYPE: 'transfer',
      submission_id: randomUUID(),
      source_endpoint: c.oddNames,
      destination_endpoint: c.tenThousandBuoys,
      verify_checksum: number % 3 > 0,
      DATA: [item(`/${source}/`, `/${folder}/`)],
    }
    const { sources } = this.#options
    const contents = folder === SHARED ? sources.either : sources[source]
    const entry: Entry = { kind: 'transfer', document, folder, contents, task: undefined }
    this.#open.push(entry)
    await this.#send(entry, by)
  }

  /** Asks every task how it is; repeats what was never answered, and clears away what is done. */
  async look(by: Person): Promise<void> {
    for (const entry of Array.from(this.#open)) {
      if (entry.task === undefined) await this.#send(entry, by)
      const { status, body } = await by.get(`/v0.10/task/${entry.task}`)
      deepEqual([status, body['fatal_error']], [200, null])
      ok(['SUCCEEDED', 'ACTIVE'].includes(String(body['status'])), JSON.stringify(body))
      if (body['status'] === 'SUCCEEDED') await this.#settle(entry, body, by)
    }
  }

  /** Compares every file that bears a final name with what it must be. */
  compare(): void {
    for (const folder of new Set(this.#open.map((entry) => entry.folder))) {
      const { either, one, two } = this.#options.sources
      const [number] = /\d+$/.exec(folder) ?? []
      const contents = number === undefined ? either : Number(number) % 2 === 0 ? one : two
      const { names, wrong, drafts } = inspectTree(join(this.#options.target, folder), contents)
      deepEqual({ folder, wrong }, { folder, wrong: [] })
      this.figures.comparisons += names.length
      this.figures.drafts += drafts.length
    }
  }

  async #settle(entry: Entry, task: Json, by: Person): Promise<void> {
    this.#open.splice(this.#open.indexOf(entry), 1)
    const path = join(this.#options.target, entry.folder)
    if (entry.kind === 'delete') {
      this.figures.deletions += 1
      equal(existsSync(path), false)
      return
    }
    this.figures.transfers += 1
    const files = entry.contents.size
    const counters = { files, files_transferred: files, directories: 2, subtasks_total: files + 3, faults: 0 }
    partialDeepStrictEqual(task, { ...counters, subtasks_succeeded: files + 3, is_ok: null, nice_status: null })
    const { names, wrong } = inspectTree(path, entry.contents)
    deepEqual({ names: names.toSorted(), wrong }, { names: [...entry.contents.keys()].toSorted(), wrong: [] })
    if (entry.folder !== SHARED) await this.#submitDelete(entry, by)
  }

  async #submitDelete({ folder, contents }: Entry, by: Person): Promise<void> {
    const document = {
      DATA_TYPE: 'delete',
      submission_id: randomUUID(),
      endpoint: c.tenThousandBuoys,
      recursive: true,
      DATA: [{ DATA_TYPE: 'delete_item', path: `/${folder}/` }],
    }
    const entry: Entry = { kind: 'delete', document, folder, contents, task: undefined }
    this.#open.push(entry)
    await this.#send(entry, by)
  }

  async #send(entry: Entry, by: Person): Promise<void> {
    const { status, body } = await by.send('POST', `/v0.10/${entry.kind}`, entry.document)
    const isRepeated = status === 200
    deepEqual([status, body['code']], isRepeated ? [200, 'Duplicate'] : [202, 'Accepted'])
    if (isRepeated) this.figures.repeated += 1
    entry.task = String(body['task_id'])
  }
}
