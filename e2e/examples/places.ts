import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { npm } from '../../tools/lib/npm.ts'
import type { PackedPackage } from '../../tools/lib/pack.ts'
import { root } from '../../tools/lib/root.ts'
import { folderOf, type Example } from './table.ts'

const made = new Set(['node_modules', 'dist', '.next', '.env'])

/** Installs what the example's lock file names, where the example stands. */
export function installInPlace(example: Example): string {
  const folder = folderOf(example)
  if (example.copiesKit === true) npm(root, ['run', 'build', '--workspace', 'pierhead'])
  npm(folder, ['ci'])
  return folder
}

/** Copies the example to an empty folder, and installs it there with a packed package in place of this repository's. */
export function installCopy(example: Example, kit: PackedPackage, into: string): string {
  const folder = join(into, example.name)
  mkdirSync(folder)
  cpSync(folderOf(example), folder, { recursive: true, filter: (path) => !made.has(basename(path)) })
  npm(folder, ['install', kit.tarball])
  return folder
}

/** Leaves the settings where people keep them. */
export function writeSettings(folder: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(join(folder, '.env'), lines.join(''), { mode: 0o600 })
}
