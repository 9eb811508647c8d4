import { draftName } from '../../collections/draft-name.ts'
import { findPlace } from '../../collections/tree.ts'
import { codeOf } from '../file-failure.ts'
import { FileCopy, removeDraft, type CopyOrder } from './copy-file.ts'
import { TreeDeletion } from './delete-tree.ts'
import { OpenDirectories, partsOf, splitPath } from './directories.ts'
import { copySymlink, expandDirectory, expandItem } from './expand.ts'
import { atDestination, CopyFailure, DestinationError, toFailure, type Failure } from './failure.ts'
import { checksumOf } from './sync-level.ts'
import type { Job, JobResult, Order, Report, RunOptions } from './protocol.ts'

/** How long a run works before it reports, so that orders are heard. */
const SLICE = 50

/** The work that is unfinished between two orders. */
type Begun = { readonly job: Job; readonly work: FileCopy | TreeDeletion }

/** Does the jobs of one run, a slice at a time, with calls that wait for the disk: it lives in a thread of its own. */
export class Mover {
  readonly #jobs: Job[] = []
  readonly #directories = new OpenDirectories()
  readonly #now: () => number
  #options: RunOptions | undefined
  #begun: Begun | undefined
  #quotaLeft = Infinity
  #corruptions = 0

  constructor(now: () => number) {
    this.#now = now
  }

  obey(order: Order): Report {
    switch (order.type) {
      case 'start':
        this.#options = order.options
        this.#quotaLeft = order.options.quotaLeft ?? Infinity
        this.#corruptions = order.options.corruptions
        this.#jobs.push(...order.jobs)
        return this.#slice(order.allowance)
      case 'proceed':
        return this.#slice(order.allowance)
      case 'abort':
        return this.#abort()
      default:
        return this.#sweep(order.jobs, order.options)
    }
  }

  #slice(allowance: number): Report {
    const until = this.#now() + SLICE
    const results: JobResult[] = []
    const begun: number[] = []
    let [bytes, checksummed] = [0, 0]
    while (begun.length === 0 && bytes < allowance && this.#now() < until) {
      const job = this.#begun?.job ?? this.#jobs.shift()
      if (job === undefined) break
      try {
        const step = this.#work(job, allowance - bytes)
        bytes += step.bytes
        checksummed += step.checksummed
        if (step.result !== undefined) results.push({ id: job.id, kind: job.kind, ...step.result })
        else if (step.begun === true) begun.push(job.id)
      } catch (error) {
        this.#begun = undefined
        results.push({ id: job.id, kind: job.kind, failure: this.#failureOf(error, job) })
      }
    }
    const finished = this.#begun === undefined && this.#jobs.length === 0
    if (finished) this.#directories[Symbol.dispose]()
    return { results, begun, bytes, checksummed, finished }
  }

  #work(job: Job, allowance: number): Work {
    const options = this.#requireOptions()
    switch (job.kind) {
      case 'item':
        return done(expandItem(job, options))
      case 'directory':
        this.#refuseWriting(options)
        return done(expandDirectory(job, options, this.#directories))
      case 'symlink':
        this.#refuseWriting(options)
        copySymlink(job, options, this.#directories)
        return done({})
      case 'file':
        return this.#copy(job, allowance)
      case 'delete':
        return this.#delete(job, options)
      default:
        return this.#delete(
          { ...job, options: { recursive: true, ignoreMissing: true } },
          { ...options, source: options.destination },
        )
    }
  }

  #copy(job: Job, allowance: number): Work {
    const copy = this.#begun?.work instanceof FileCopy ? this.#begun.work : this.#beginCopy(job)
    if (copy === undefined) return done({ skipped: true })
    this.#begun = { job, work: copy }
    const { bytes, checksummed, done: isDone } = copy.step(allowance)
    if (!isDone) return { bytes, checksummed, result: undefined }
    this.#begun = undefined
    this.#quotaLeft -= copy.size
    return { bytes, checksummed, result: { size: copy.size, checksum: copy.checksum } }
  }

  /** Opens source and destination; undefined when the destination has the file already. */
  #beginCopy(job: Job): FileCopy | undefined {
    const options = this.#requireOptions()
    const [source, destination] = [splitPath(job.source), splitPath(job.destination)]
    const from = this.#directories.existing(options.source, source.parent)
    this.#refuseWriting(options)
    const to = atDestination(() => this.#directories.made(options.destination, destination.parent))
    const order = {
      from,
      name: source.name,
      to,
      target: destination.name,
      draft: draftName(options.task, job.id),
      algorithm: checksumOf(job.options, options),
      verify: options.verify,
      externalChecksum: job.options.externalChecksum ?? null,
      preserveTimestamp: options.preserveTimestamp,
      corrupt: this.#corruptions > 0,
      syncLevel: options.syncLevel,
      quotaLeft: this.#quotaLeft,
    }
    const copy = this.#open(order, job.source)
    if (copy !== undefined && order.corrupt) this.#corruptions -= 1
    return copy
  }

  #open(order: CopyOrder, path: string): FileCopy | undefined {
    try {
      return FileCopy.open(order)
    } catch (error) {
      if (codeOf(error) !== 'ELOOP') throw error
      // A link that is copied as what it leads to.
      using place = findPlace(this.#requireOptions().source, partsOf(path), true)
      if (place.name === null) throw new CopyFailure('NOT_A_FILE', 'the link leads to a directory')
      return FileCopy.open({ ...order, from: place.directory, name: place.name })
    }
  }

  #delete(job: Job, options: RunOptions): Work {
    this.#refuseWriting(options)
    const begun = this.#begun?.work instanceof TreeDeletion ? this.#begun.work : undefined
    const deletion = begun ?? new TreeDeletion(job, options)
    this.#begun = { job, work: deletion }
    // Whoever is killed after removing it must not say later that it was never there.
    if (begun === undefined && job.options.ignoreMissing !== true)
      return { bytes: 0, checksummed: 0, result: undefined, begun: true }
    try {
      if (!deletion.step(100)) return { bytes: 0, checksummed: 0, result: undefined }
      deletion.close()
    } catch (error) {
      deletion.close()
      throw error
    }
    this.#begun = undefined
    return done({ removed: deletion.removed })
  }

  #abort(): Report {
    const work = this.#begun?.work
    if (work instanceof FileCopy) work.abort()
    else work?.close()
    this.#begun = undefined
    this.#jobs.length = 0
    this.#directories[Symbol.dispose]()
    return { results: [], begun: [], bytes: 0, checksummed: 0, finished: true }
  }

  #sweep(jobs: readonly Job[], options: RunOptions): Report {
    for (const job of jobs) {
      try {
        const parent = this.#directories.existing(options.destination, splitPath(job.destination).parent)
        removeDraft(parent, draftName(options.task, job.id))
      } catch (error) {
        // What cannot be reached cannot be swept; the next try will meet the same trouble and say so.
        if (codeOf(error) === undefined) throw error
      }
    }
    return this.#abort()
  }

  #refuseWriting({ refusal }: RunOptions): void {
    if (refusal === null) return
    const code = refusal === 'EROFS' ? 'PERMISSION_DENIED' : 'NO_SPACE_LEFT'
    throw new CopyFailure(code, refusal === 'EROFS' ? 'the storage is read-only' : 'no space left', 'destination')
  }

  #failureOf(error: unknown, job: Job): Failure {
    const isDestination = error instanceof DestinationError
    const side = isDestination ? 'destination' : sideOf(error, job)
    return toFailure(isDestination ? error.cause : error, side, side === 'source' ? job.source : job.destination)
  }

  #requireOptions(): RunOptions {
    if (this.#options === undefined) throw new Error('The run has not started')
    return this.#options
  }
}

interface Work {
  readonly bytes: number
  readonly checksummed: number
  /** Undefined while there is more to do. */
  readonly result: Omit<JobResult, 'id' | 'kind'> | undefined
  /** Whether a deletion waits until the engine knows that it found something. */
  readonly begun?: boolean
}

const done = (result: Omit<JobResult, 'id' | 'kind'>): Work => ({ bytes: 0, checksummed: 0, result })

/** Where an error of the file system happened: space and writing concern the destination. */
function sideOf(error: unknown, job: Job): Failure['side'] {
  const code = codeOf(error)
  if (job.kind === 'delete') return 'source'
  if (job.kind === 'extra') return 'destination'
  return code !== undefined && ['ENOSPC', 'EDQUOT', 'EROFS', 'EISDIR', 'EEXIST', 'EFBIG'].includes(code)
    ? 'destination'
    : 'source'
}
