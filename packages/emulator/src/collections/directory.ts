import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  type BigIntStats,
  type Stats,
} from 'node:fs'
import { join } from 'node:path'
import { decodeName, encodeName } from './name-codec.ts'

const isLinux = process.platform === 'linux'

// Linux's O_PATH, which Node does not name: opens a directory as a place to start from, without the right to list it.
const O_PATH = 0o10000000

const OPEN_DIRECTORY =
  constants.O_DIRECTORY | constants.O_NOFOLLOW | (isLinux ? O_PATH : constants.O_RDONLY | constants.O_NONBLOCK)

/** What an entry is: what can be copied, and everything else. */
export interface DirectoryEntry {
  readonly name: string
  readonly kind: 'directory' | 'file' | 'link' | 'other'
}

/**
 * An open directory. Everything in it is reached through the handle (`/proc/self/fd/N/name`, which does what `openat` does), so that
 * nobody can put a link in the place of a parent between a check and a use. Elsewhere than on Linux paths are used and the handle is
 * compared with them, which leaves a gap of microseconds.
 */
export class Directory {
  readonly #handle: number
  readonly #path: string

  private constructor(handle: number, path: string) {
    this.#handle = handle
    this.#path = path
  }

  /** Opens a directory by its path; links in the path are followed. */
  static open(path: string): Directory {
    return new Directory(openSync(path, OPEN_DIRECTORY & ~constants.O_NOFOLLOW), path)
  }

  /** Opens a directory in this one. @throws with code `ENOTDIR` or `ELOOP` for a link */
  enter(name: string): Directory {
    const place = this.#place(name)
    if (typeof place !== 'string') return this.#enterBytes(name, place)
    const directory = new Directory(openSync(place, OPEN_DIRECTORY), join(this.#path, name))
    if (!isLinux) directory.#checkStillThere()
    return directory
  }

  close(): void {
    closeSync(this.#handle)
  }

  /** Where a file of that name is, for the functions of `node:fs`. The last component must never be followed: use `O_NOFOLLOW`. */
  place(name: string): string | Buffer {
    if (name === '' || name === '.' || name === '..' || name.includes('/'))
      throw new TypeError('A name is one component of a path')
    return this.#place(name)
  }

  stat(): Stats {
    return fstatSync(this.#handle)
  }

  /** Tells this directory from all others. */
  identity(): string {
    const { dev, ino } = fstatSync(this.#handle, { bigint: true })
    return `${dev}:${ino}`
  }

  /** What is known of an entry; a link is not followed. Undefined when there is none. */
  look(name: string): Stats | undefined {
    return lstatSync(this.place(name), { throwIfNoEntry: false })
  }

  lookExactly(name: string): BigIntStats | undefined {
    return lstatSync(this.place(name), { throwIfNoEntry: false, bigint: true })
  }

  readLink(name: string): string {
    return decodeName(readlinkSync(this.place(name), 'buffer'))
  }

  /** The names in it, in no order. */
  names(): string[] {
    const place = isLinux ? `/proc/self/fd/${this.#handle}/` : this.#path
    const names = readdirSync(place)
    // Only bytes that are no UTF-8 (or a real U+FFFD) need the slower way.
    return names.some((name) => name.includes('\uFFFD')) ? readdirSync(place, 'buffer').map(decodeName) : names
  }

  /** The names in it and what they are, without a look at each where the file system tells. */
  entries(): readonly DirectoryEntry[] {
    const place = isLinux ? `/proc/self/fd/${this.#handle}/` : this.#path
    const found = readdirSync(place, { withFileTypes: true })
    if (found.some(({ name }) => name.includes('\uFFFD')))
      return this.names().flatMap((name) => {
        const stats = this.look(name)
        return stats === undefined ? [] : [{ name, kind: kindOf(stats) }]
      })
    return found.map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
  }

  #place(name: string): string | Buffer {
    const base = isLinux ? `/proc/self/fd/${this.#handle}/` : `${this.#path}/`
    const encoded = encodeName(name)
    return typeof encoded === 'string' ? base + encoded : Buffer.concat([Buffer.from(base), encoded])
  }

  #enterBytes(name: string, place: Buffer): Directory {
    return new Directory(openSync(place, OPEN_DIRECTORY), join(this.#path, name))
  }

  #checkStillThere(): void {
    const [here, there] = [fstatSync(this.#handle), lstatSync(this.#path)]
    if (here.ino !== there.ino || here.dev !== there.dev) {
      this.close()
      throw Object.assign(new Error('The directory was replaced while it was opened'), { code: 'ELOOP' })
    }
  }
}

function kindOf(entry: Pick<Stats, 'isDirectory' | 'isFile' | 'isSymbolicLink'>): DirectoryEntry['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  return entry.isSymbolicLink() ? 'link' : 'other'
}
