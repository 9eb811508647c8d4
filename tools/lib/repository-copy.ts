import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { filesBelow } from './source.ts'

/** A copy of a repository that may be changed at will. */
export interface RepositoryCopy {
  readonly root: string
  remove(): void
}

/**
 * Copies what is or would be committed. Dependencies are linked, not copied; the workspaces' own packages resolve to
 * the copy, or a change in the copy would be tested against the original.
 */
export function copyRepository(root: string): RepositoryCopy {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'pierhead-copy-')))
  for (const path of committedFiles(root)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(root, path), join(copy, path))
  }
  for (const folder of ['.', ...workspaceFolders(root)]) linkModules(root, copy, join(folder, 'node_modules'))
  return { root: copy, remove: () => rmSync(copy, { recursive: true, force: true }) }
}

function committedFiles(root: string): string[] {
  if (!existsSync(join(root, '.git'))) return filesBelow(root, [''], [''])
  const git = spawnSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  if (git.status !== 0) throw new Error(`git cannot list the files of ${root}: ${git.stderr}`)
  return git.stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
}

function workspaceFolders(root: string): string[] {
  return filesBelow(root, [''], ['/package.json']).map((path) => dirname(path))
}

function linkModules(root: string, copy: string, folder: string): void {
  const from = join(root, folder)
  if (!existsSync(from)) return
  mkdirSync(join(copy, folder), { recursive: true })
  for (const name of readdirSync(from)) {
    // Caches and .bin: a cache of the original must not serve the copy.
    if (name.startsWith('.')) continue
    if (name.startsWith('@')) linkModules(root, copy, join(folder, name))
    else symlinkSync(target(root, copy, join(from, name)), join(copy, folder, name), 'junction')
  }
}

function target(root: string, copy: string, module: string): string {
  if (!lstatSync(module).isSymbolicLink()) return module
  const place = realpathSync(module)
  const inside = relative(realpathSync(root), place)
  const isWorkspace = !inside.startsWith('..') && !inside.split(sep).includes('node_modules')
  return isWorkspace ? join(copy, inside) : place
}
