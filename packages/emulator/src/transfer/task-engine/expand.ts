import { rmdirSync, symlinkSync, unlinkSync, type Stats } from 'node:fs'
import type { Directory, DirectoryEntry } from '../../collections/directory.ts'
import { isDraft } from '../../collections/draft-name.ts'
import { findPlace, openRoot, type Root } from '../../collections/tree.ts'
import { formatPath, parsePath, type VirtualPath } from '../../collections/virtual-path.ts'
import type { NewSubtask, SubtaskKind } from '../../world/subtasks.ts'
import { codeOf } from '../file-failure.ts'
import { globPattern } from '../filter.ts'
import { partsOf, splitPath, type OpenDirectories } from './directories.ts'
import { atDestination, CopyFailure } from './failure.ts'
import type { FilterRule, Job, JobResult, RunOptions } from './protocol.ts'

type Found = Pick<JobResult, 'found' | 'ignored'>

/** Looks at what was submitted: a file, or a directory whose contents are to be copied. */
export function expandItem(job: Job, options: RunOptions): Found {
  const { symlink = false, recursive = null } = job.options
  const source = parsePath(job.source)
  const destination = parsePath(job.destination)
  using place = findPlace(options.source, source, !symlink)
  const stats = place.name === null ? place.directory.stat() : place.directory.look(place.name)
  if (stats === undefined) throw Object.assign(new Error('missing'), { code: 'ENOENT' })
  const kind = itemKind(stats, { symlink, recursive })
  if (kind === 'directory') refuseNesting(options, source, destination)
  return { found: [subtask(kind, source, destination, JSON.stringify(job.options))] }
}

function itemKind(stats: Stats, { symlink, recursive }: { symlink: boolean; recursive: boolean | null }): SubtaskKind {
  if (symlink) {
    if (stats.isSymbolicLink()) return 'symlink'
    throw new CopyFailure('NOT_A_SYMLINK', 'the source is no symbolic link')
  }
  if (stats.isDirectory()) {
    if (recursive === false)
      throw new CopyFailure('IS_A_DIRECTORY', 'the source is a directory, and recursive is false')
    return 'directory'
  }
  if (!stats.isFile()) throw new CopyFailure('NOT_A_FILE', 'only regular files and directories are copied')
  if (recursive === true) throw new CopyFailure('NOT_A_DIRECTORY', 'the source is a file, and recursive is true')
  return 'file'
}

/** Copying a directory into itself would never end. */
function refuseNesting(options: RunOptions, source: VirtualPath, destination: VirtualPath): void {
  const inside = identityAt(options.source, source)
  for (let length = destination.length; length >= 0; length -= 1) {
    if (identityAt(options.destination, destination.slice(0, length)) === inside && inside !== undefined)
      throw new CopyFailure('INVALID_PATH_NAME', 'the destination lies in the source', 'destination')
  }
}

function identityAt(root: Root, path: VirtualPath): string | undefined {
  try {
    using place = findPlace(root, path, true)
    using directory = disposable(place.name === null ? openRoot(root) : place.directory.enter(place.name))
    return directory.value.identity()
  } catch {
    return undefined
  }
}

const disposable = (value: Directory): Disposable & { readonly value: Directory } => ({
  value,
  [Symbol.dispose]: () => value.close(),
})

/** Makes a directory at the destination and finds what is in it at the source. */
export function expandDirectory(job: Job, options: RunOptions, directories: OpenDirectories): Found {
  const [source, destination] = [partsOf(job.source), partsOf(job.destination)]
  const from = directories.existing(options.source, job.source)
  const entries = from.entries().filter(({ name }) => !isDraft(name))
  const to = atDestination(() => directories.made(options.destination, job.destination))
  const found: NewSubtask[] = []
  let ignored = 0
  for (const entry of entries) {
    const { name } = entry
    const kind = entryKind(entry, source, options)
    if (kind === 'ignored') ignored += 1
    else if (kind !== undefined) found.push(subtask(kind, [...source, name], [...destination, name], null))
  }
  if (options.deleteExtra) found.push(...extras(to, destination, new Set(entries.map(({ name }) => name))))
  return { found, ignored }
}

/** What to do with an entry: undefined when the rules leave it out, `ignored` when nothing can be copied of it. */
function entryKind(
  { name, kind }: DirectoryEntry,
  source: VirtualPath,
  options: RunOptions,
): SubtaskKind | 'ignored' | undefined {
  if (!isIncluded(options.filterRules, kind === 'directory' ? 'dir' : 'file', name)) return undefined
  if (kind === 'directory' || kind === 'file') return kind
  if (kind === 'other' || options.symlinks === 'ignore') return 'ignored'
  return options.symlinks === 'keep' ? 'symlink' : followedKind(options.source, [...source, name])
}

/** What a link that is copied as what it leads to turns into; a link to a directory it lies in would never end. */
function followedKind(root: Root, path: VirtualPath): SubtaskKind | 'ignored' {
  using place = findPlace(root, path, true)
  const stats = place.name === null ? place.directory.stat() : place.directory.look(place.name)
  if (stats?.isFile() === true) return 'file'
  if (stats?.isDirectory() !== true) return 'ignored'
  const here = findRealParent(root, path)
  return formatPath(here, true).startsWith(formatPath(place.path, true)) ? 'ignored' : 'directory'
}

function findRealParent(root: Root, path: VirtualPath): VirtualPath {
  using place = findPlace(root, path.slice(0, -1), true)
  return place.path
}

function isIncluded(rules: readonly FilterRule[], type: 'file' | 'dir', name: string): boolean {
  const rule = rules.find((rule) => (rule.type === null || rule.type === type) && globPattern(rule.name).test(name))
  return rule?.method !== 'exclude'
}

function extras(to: Directory, destination: VirtualPath, kept: ReadonlySet<string>): NewSubtask[] {
  return to
    .names()
    .filter((name) => !kept.has(name) && !isDraft(name))
    .map((name) => subtask('extra', [...destination, name], [...destination, name], null))
}

/** Makes a link that says the same as the source's. */
export function copySymlink(job: Job, options: RunOptions, directories: OpenDirectories): void {
  const [source, destination] = [splitPath(job.source), splitPath(job.destination)]
  const target = directories.existing(options.source, source.parent).readLink(source.name)
  atDestination(() => makeLink(directories.made(options.destination, destination.parent), destination.name, target))
}

function makeLink(directory: Directory, name: string, target: string): void {
  const place = directory.place(name)
  try {
    symlinkSync(target, place)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || directory.look(name)?.isDirectory() === true) throw error
    unlinkSync(place)
    symlinkSync(target, place)
  }
}

export const removeEntry = (directory: Directory, name: string, isDirectory: boolean): void =>
  isDirectory ? rmdirSync(directory.place(name)) : unlinkSync(directory.place(name))

const subtask = (
  kind: SubtaskKind,
  source: VirtualPath,
  destination: VirtualPath,
  options: string | null,
): NewSubtask => ({
  kind,
  source: formatPath(source, kind === 'directory'),
  destination: formatPath(destination, kind === 'directory'),
  options,
})
