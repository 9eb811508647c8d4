import type { Directory } from '../../collections/directory.ts'
import { findPlace, openDirectory, type Place } from '../../collections/tree.ts'
import { parsePath, PathError, type VirtualPath } from '../../collections/virtual-path.ts'
import { codeOf } from '../file-failure.ts'
import { globPattern } from '../filter.ts'
import { removeEntry } from './expand.ts'
import { CopyFailure } from './failure.ts'
import type { Job, RunOptions } from './protocol.ts'

interface Level {
  readonly directory: Directory
  readonly names: string[]
  readonly name: string
}

const DEEPEST = 500

/** Removes a file or a tree, some entries at a time. Links are removed, never followed. */
export class TreeDeletion {
  readonly removed = { files: 0, directories: 0 }
  readonly #parent: Directory
  readonly #names: string[]
  readonly #recursive: boolean
  readonly #levels: Level[] = []

  /** @throws when nothing is there, unless the job says to ignore that */
  constructor(job: Job, options: RunOptions) {
    const path = parsePath(job.source)
    const name = path.at(-1)
    if (name === undefined) throw new PathError('outside', 'The root of a collection is never deleted')
    this.#recursive = job.options.recursive === true
    const isGlob = job.options.globs === true && /[*?[]/.test(name)
    const place = findParent(options, path, job.options.ignoreMissing === true)
    this.#parent = place?.directory ?? openDirectory(options.source, [])
    this.#names = place === undefined ? [] : matching(place, isGlob ? name : null)
    if (this.#names.length > 0 || job.options.ignoreMissing === true) return
    this.#parent.close()
    throw Object.assign(new Error('missing'), { code: 'ENOENT' })
  }

  /** Removes about that many entries. @returns whether everything is gone */
  step(count: number): boolean {
    for (let left = count; left > 0; left -= 1) {
      const level = this.#levels.at(-1)
      const name = (level?.names ?? this.#names).pop()
      if (name !== undefined) this.#remove(level?.directory ?? this.#parent, name)
      else if (level === undefined) return true
      else this.#leave(level)
    }
    return false
  }

  close(): void {
    for (const { directory } of this.#levels.splice(0)) directory.close()
    this.#parent.close()
  }

  #remove(directory: Directory, name: string): void {
    const stats = directory.look(name)
    if (stats === undefined) return
    if (!stats.isDirectory()) {
      removeEntry(directory, name, false)
      this.removed.files += 1
      return
    }
    if (!this.#recursive) throw new CopyFailure('IS_A_DIRECTORY', 'the path is a directory, and recursive is false')
    if (this.#levels.length >= DEEPEST)
      throw new CopyFailure('LIMIT_EXCEEDED', `the tree is over ${DEEPEST} levels deep`)
    const inside = directory.enter(name)
    this.#levels.push({ directory: inside, names: inside.names(), name })
  }

  #leave(level: Level): void {
    this.#levels.pop()
    level.directory.close()
    const above = this.#levels.at(-1)?.directory ?? this.#parent
    try {
      removeEntry(above, level.name, true)
      this.removed.directories += 1
    } catch (error) {
      // Somebody may have removed it meanwhile.
      if (codeOf(error) !== 'ENOENT') throw error
    }
  }
}

function findParent(options: RunOptions, path: VirtualPath, ignoreMissing: boolean): Place | undefined {
  try {
    return findPlace(options.source, path, false)
  } catch (error) {
    if (ignoreMissing && codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function matching({ directory, name }: Place, glob: string | null): string[] {
  if (glob === null) return name !== null && directory.look(name) !== undefined ? [name] : []
  const pattern = globPattern(glob)
  // As in a shell, a pattern finds hidden files only when it begins with a dot itself.
  return directory.names().filter((one) => pattern.test(one) && (glob.startsWith('.') || !one.startsWith('.')))
}
