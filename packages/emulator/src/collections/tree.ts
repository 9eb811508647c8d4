import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { Directory } from './directory.ts'
import { PathError, type VirtualPath } from './virtual-path.ts'

/** Where a collection lies: a directory of this machine. Plain data, so that it can be sent to another thread. */
export interface Root {
  readonly path: string
  /** Where in that directory the collection begins; no link on the way is followed. */
  readonly base: VirtualPath
}

/** An entry, by the directory it is in. The name is null for the root itself. */
export interface Place extends Disposable {
  readonly directory: Directory
  readonly name: string | null
  /** Where it really is, after all links. */
  readonly path: VirtualPath
}

const MAXIMUM_LINKS = 40

/** Opens the directory where a collection begins. The caller closes it. */
export function openRoot({ path, base }: Root): Directory {
  let directory = Directory.open(path)
  for (const name of base) {
    try {
      const next = directory.enter(name)
      directory.close()
      directory = next
    } catch (error) {
      directory.close()
      throw error
    }
  }
  return directory
}

/** Opens a directory of a collection; links are followed as long as they stay inside. The caller closes it. */
export function openDirectory(root: Root, path: VirtualPath): Directory {
  using place = findPlace(root, path, true)
  return place.name === null ? openRoot(root) : place.directory.enter(place.name)
}

/**
 * Finds an entry without ever leaving the root. Each step is opened by handle and without following links; a link is read, and the walk
 * begins anew with what it says. Whether the entry exists is not checked.
 *
 * @param followLast whether a link at the end is followed too
 * @throws PathError for links that lead outside; errors of the file system with their codes
 */
export function findPlace(root: Root, path: VirtualPath, followLast: boolean): Place {
  let rest = path
  for (let links = 0; links <= MAXIMUM_LINKS; links += 1) {
    const found = walk(root, rest, followLast)
    if ('directory' in found) return { ...found, path: rest, [Symbol.dispose]: () => found.directory.close() }
    rest = found.path
  }
  throw Object.assign(new Error('Too many links'), { code: 'ELOOP' })
}

type Step = Pick<Place, 'directory' | 'name'> | { readonly path: VirtualPath }

function walk(root: Root, path: VirtualPath, followLast: boolean): Step {
  let directory = openRoot(root)
  try {
    for (const [index, name] of path.entries()) {
      const last = index === path.length - 1
      const target = last && !followLast ? undefined : readLinkAt(directory, name)
      if (target !== undefined) {
        const rest = [...followLink(root, path.slice(0, index), target), ...path.slice(index + 1)]
        directory.close()
        return { path: rest }
      }
      if (last) return { directory, name }
      const next = directory.enter(name)
      directory.close()
      directory = next
    }
    return { directory, name: null }
  } catch (error) {
    directory.close()
    throw error
  }
}

function readLinkAt(directory: Directory, name: string): string | undefined {
  return directory.look(name)?.isSymbolicLink() === true ? directory.readLink(name) : undefined
}

/** Where a link leads, as a path of the collection. */
function followLink(root: Root, parent: VirtualPath, target: string): VirtualPath {
  const absolute = target.startsWith('/')
  const base = `${join(realpathSync(root.path), ...root.base)}/`
  if (absolute && !`${target}/`.startsWith(base)) throw leadsOutside()
  const path = absolute ? [] : Array.from(parent)
  for (const name of (absolute ? target.slice(base.length) : target).split('/')) {
    if (name === '' || name === '.') continue
    if (name !== '..') path.push(name)
    else if (path.pop() === undefined) throw leadsOutside()
  }
  return path
}

const leadsOutside = (): PathError => new PathError('outside', 'A link leads out of the collection')
