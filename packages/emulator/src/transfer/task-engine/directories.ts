import { mkdirSync } from 'node:fs'
import type { Directory } from '../../collections/directory.ts'
import { findPlace, openDirectory, type Root } from '../../collections/tree.ts'
import type { VirtualPath } from '../../collections/virtual-path.ts'
import { codeOf } from '../file-failure.ts'

/** Directories that a run keeps open: files that follow each other mostly share theirs. */
export class OpenDirectories implements Disposable {
  readonly #open = new Map<string, Directory>()
  readonly #limit = 8

  /** The directory at that path, which stays open until others need the room. */
  existing(root: Root, path: string): Directory {
    return this.#remember(`<${root.path}\0${path}`, () => openDirectory(root, partsOf(path)))
  }

  /** The directory at that path; it and its parents are made where they are missing. */
  made(root: Root, path: string): Directory {
    return this.#remember(`>${root.path}\0${path}`, () => makeDirectories(root, partsOf(path)))
  }

  [Symbol.dispose](): void {
    for (const directory of this.#open.values()) directory.close()
    this.#open.clear()
  }

  #remember(key: string, open: () => Directory): Directory {
    const known = this.#open.get(key)
    if (known !== undefined) return known
    const directory = open()
    const [oldest] = this.#open
    if (oldest !== undefined && this.#open.size >= this.#limit) {
      this.#open.delete(oldest[0])
      oldest[1].close()
    }
    this.#open.set(key, directory)
    return directory
  }
}

/** Splits a path that the engine itself made into the directory it is in and its name. */
export function splitPath(path: string): { readonly parent: string; readonly name: string } {
  const slash = path.lastIndexOf('/')
  return { parent: path.slice(0, slash + 1), name: path.slice(slash + 1) }
}

/** The components of such a path. */
export const partsOf = (path: string): string[] => path.split('/').filter((name) => name !== '')

function makeDirectories(root: Root, path: VirtualPath): Directory {
  try {
    return openDirectory(root, path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || path.length === 0) throw error
  }
  makeDirectories(root, path.slice(0, -1)).close()
  using place = findPlace(root, path, true)
  try {
    if (place.name !== null) mkdirSync(place.directory.place(place.name))
  } catch (error) {
    // Another thread may have made it in between.
    if (codeOf(error) !== 'EEXIST') throw error
  }
  return openDirectory(root, path)
}
