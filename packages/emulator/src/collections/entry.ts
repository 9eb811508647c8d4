import type { Stats } from 'node:fs'
import type { Directory } from './directory.ts'
import { findPlace, type Root } from './tree.ts'
import type { VirtualPath } from './virtual-path.ts'

/** What an entry is, in the words of Transfer. Only `dir` and `file` are ever opened. */
export type EntryType = 'dir' | 'file' | 'invalid_symlink' | 'chr' | 'blk' | 'pipe' | 'other'

/** An entry of a directory. For a link the plain values are those of what it leads to. */
export interface Entry {
  readonly name: string
  readonly type: EntryType
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
  /** Permission bits. */
  readonly mode: number
  readonly link: { readonly target: string; readonly size: number; readonly modified: number } | null
}

/** Where a directory is, for links in it. */
export interface Surroundings {
  readonly root: Root
  readonly path: VirtualPath
}

/** Describes one entry; undefined when it is gone. */
export function describeEntry(directory: Directory, name: string, around: Surroundings): Entry | undefined {
  const stats = directory.look(name)
  if (stats === undefined) return undefined
  if (!stats.isSymbolicLink()) return toEntry(name, stats, null)
  const link = { target: directory.readLink(name), size: stats.size, modified: stats.mtimeMs }
  const target = lookBehind(around, name)
  return target === undefined
    ? { name, type: 'invalid_symlink', size: stats.size, modified: stats.mtimeMs, mode: 0o777, link }
    : toEntry(name, target, link)
}

export function typeOf(stats: Stats): EntryType {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'dir'
  if (stats.isFIFO()) return 'pipe'
  if (stats.isCharacterDevice()) return 'chr'
  return stats.isBlockDevice() ? 'blk' : 'other'
}

/** The stats of what a link leads to, if that is inside and exists. */
function lookBehind({ root, path }: Surroundings, name: string): Stats | undefined {
  try {
    using place = findPlace(root, [...path, name], true)
    return place.name === null ? place.directory.stat() : place.directory.look(place.name)
  } catch {
    return undefined
  }
}

export const toEntry = (name: string, stats: Stats, link: Entry['link']): Entry => ({
  name,
  type: typeOf(stats),
  size: stats.size,
  modified: stats.mtimeMs,
  mode: stats.mode & 0o7777,
  link,
})
