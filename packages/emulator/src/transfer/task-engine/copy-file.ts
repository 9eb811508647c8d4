import { createHash, hash as hashOnce, type Hash } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  futimesSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
  type Stats,
} from 'node:fs'
import type { Directory } from '../../collections/directory.ts'
import { codeOf } from '../file-failure.ts'
import { atDestination, CopyFailure } from './failure.ts'
import { isUpToDate } from './sync-level.ts'

/** What is to be copied where, and how. */
export interface CopyOrder {
  readonly from: Directory
  readonly name: string
  readonly to: Directory
  readonly target: string
  /** The name to write under until the file is whole. */
  readonly draft: string
  /** The algorithm whose checksum is wanted, as `node:crypto` calls it. */
  readonly algorithm: string | null
  /** Whether the copy is read again and compared. */
  readonly verify: boolean
  readonly externalChecksum: string | null
  readonly preserveTimestamp: boolean
  /** Whether to flip one byte on disk before it is read again. */
  readonly corrupt: boolean
  /** What of the destination makes a copy needless, see `isUpToDate`. */
  readonly syncLevel: number | null
  /** The most bytes that the destination takes. */
  readonly quotaLeft: number
}

export interface CopyStep {
  readonly bytes: number
  readonly checksummed: number
  readonly done: boolean
}

const CHUNK = 1024 * 1024
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
const WRITE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

const buffer = Buffer.allocUnsafeSlow(CHUNK)
const zeros = Buffer.alloc(CHUNK)

/**
 * One file on its way. It is written under another name and renamed when it is whole and checked, so that its final name never belongs to
 * half a file.
 */
export class FileCopy {
  readonly #order: CopyOrder
  readonly #source: number
  readonly #target: number
  readonly #before: Stats
  readonly #hash: Hash | undefined
  /** Checks the copy; made once the source was read. */
  #verification: Hash | undefined
  #position = 0
  #verified = 0
  #hole = false
  checksum: string | null = null

  private constructor(order: CopyOrder, source: number, before: Stats) {
    this.#order = order
    this.#source = source
    this.#before = before
    this.#target = atDestination(() => openDraft(order.to, order.draft))
    this.#hash = order.algorithm === null || before.size <= CHUNK ? undefined : createHash(order.algorithm)
  }

  /** Opens both sides; undefined when the destination needs no copy. @throws with code `ELOOP` when the source is a link */
  static open(order: CopyOrder): FileCopy | undefined {
    const source = openSync(order.from.place(order.name), READ)
    try {
      const before = fstatSync(source)
      if (!before.isFile()) throw new CopyFailure('NOT_A_FILE', 'only regular files are copied')
      if (order.syncLevel !== null && isCurrent(order, before)) {
        closeSync(source)
        return undefined
      }
      if (before.size > order.quotaLeft)
        throw new CopyFailure('QUOTA_EXCEEDED', `the quota leaves ${order.quotaLeft} bytes`, 'destination')
      return new FileCopy(order, source, before)
    } catch (error) {
      closeSync(source)
      throw error
    }
  }

  get size(): number {
    return this.#position
  }

  /** Moves about that many bytes. After `done` the file has its final name. */
  step(allowance: number): CopyStep {
    try {
      if (this.#verification !== undefined) return this.#verifySome(allowance)
      const read = this.#copyChunk()
      if (read > 0 && !(read < CHUNK && this.#position === this.#before.size)) {
        return { bytes: read, checksummed: 0, done: false }
      }
      return { ...this.#endOfSource(), bytes: read }
    } catch (error) {
      this.abort()
      throw error
    }
  }

  /** Closes the files and removes what was written. */
  abort(): void {
    closeSync(this.#source)
    closeSync(this.#target)
    removeDraft(this.#order.to, this.#order.draft)
  }

  #copyChunk(): number {
    const read = readSync(this.#source, buffer, 0, CHUNK, this.#position)
    if (read === 0) return 0
    const chunk = buffer.subarray(0, read)
    this.#hash?.update(chunk)
    if (this.#hash === undefined && this.#order.algorithm !== null && this.#position === 0)
      this.checksum = hashOnce(this.#order.algorithm, chunk, 'hex')
    this.#hole = this.#isSparse() && chunk.equals(zeros.subarray(0, read))
    if (!this.#hole) atDestination(() => writeAll(this.#target, chunk, this.#position))
    this.#position += read
    return read
  }

  /** Whether the source has holes: less is on disk than its length says. */
  #isSparse(): boolean {
    return this.#before.blocks * 512 < this.#before.size
  }

  #endOfSource(): Omit<CopyStep, 'bytes'> {
    const after = fstatSync(this.#source)
    if (after.size !== this.#position || after.mtimeMs !== this.#before.mtimeMs) {
      throw new CopyFailure(
        'FILE_SIZE_CHANGED',
        `the file changed while it was copied: ${this.#before.size}, then ${after.size} bytes`,
      )
    }
    if (this.#hole) ftruncateSync(this.#target, this.#position)
    const { algorithm, externalChecksum, corrupt, verify } = this.#order
    if (this.#hash !== undefined) this.checksum = this.#hash.digest('hex')
    else if (algorithm !== null) this.checksum ??= hashOnce(algorithm, '', 'hex')
    if (externalChecksum !== null && this.checksum !== externalChecksum.toLowerCase())
      throw new CopyFailure('EXTERNAL_CHECKSUM_MISMATCH', `expected ${externalChecksum}, found ${this.checksum}`)
    if (corrupt) flipByte(this.#target)
    if (!verify || algorithm === null) return this.#finish(0)
    if (this.#position > CHUNK) {
      this.#verification = createHash(algorithm)
      return { checksummed: 0, done: false }
    }
    const read = readSync(this.#target, buffer, 0, CHUNK, 0)
    this.#compare(hashOnce(algorithm, buffer.subarray(0, read), 'hex'))
    return this.#finish(read)
  }

  #verifySome(allowance: number): CopyStep {
    const from = this.#verified
    while (this.#verified - from < Math.max(allowance, CHUNK)) {
      const read = readSync(this.#target, buffer, 0, CHUNK, this.#verified)
      if (read === 0) {
        this.#compare(this.#verification?.digest('hex') ?? '')
        return { bytes: 0, ...this.#finish(this.#verified - from) }
      }
      this.#verification?.update(buffer.subarray(0, read))
      this.#verified += read
      if (this.#verified - from >= 4 * CHUNK) break
    }
    return { bytes: 0, checksummed: this.#verified - from, done: false }
  }

  #compare(found: string): void {
    if (found !== this.checksum)
      throw new CopyFailure(
        'VERIFY_CHECKSUM',
        `the copy has the checksum ${found}, the source ${this.checksum}`,
        'destination',
      )
  }

  #finish(checksummed: number): Omit<CopyStep, 'bytes'> {
    const { to, draft, target, preserveTimestamp } = this.#order
    if (preserveTimestamp) futimesSync(this.#target, this.#before.atimeMs / 1000, this.#before.mtimeMs / 1000)
    atDestination(() => renameSync(to.place(draft), to.place(target)))
    closeSync(this.#source)
    closeSync(this.#target)
    return { checksummed, done: true }
  }
}

/** Removes what was half written under that name, if anything was. */
export function removeDraft(directory: Directory, draft: string): void {
  try {
    unlinkSync(directory.place(draft))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function openDraft(directory: Directory, draft: string): number {
  try {
    return openSync(directory.place(draft), WRITE, 0o666)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    // An emulator that was killed left it.
    removeDraft(directory, draft)
    return openSync(directory.place(draft), WRITE, 0o666)
  }
}

function writeAll(file: number, chunk: Buffer, position: number): void {
  for (let written = 0; written < chunk.length;) {
    written += writeSync(file, chunk, written, chunk.length - written, position + written)
  }
}

function flipByte(file: number): void {
  const byte = Buffer.alloc(1)
  if (readSync(file, byte, 0, 1, 0) === 0) return
  byte[0] = (byte[0] ?? 0) ^ 1
  writeSync(file, byte, 0, 1, 0)
}

function isCurrent({ syncLevel, from, name, to, target }: CopyOrder, stats: Stats): boolean {
  const existing = to.look(target)
  return isUpToDate(syncLevel ?? 0, {
    from: { directory: from, name, stats },
    to: { directory: to, name: target, stats: existing },
  })
}
