import { posix } from 'node:path'
import { parseSync } from 'rolldown/utils'
import { readSource } from './source.ts'

/** The names that a module exports, `type` before those that exist for the compiler only; sorted. */
export function exportedNames(root: string, path: string): string[] {
  return [...new Set(namesOf(root, path))].sort()
}

function namesOf(root: string, path: string): string[] {
  const { module } = parseSync(path, readSource(root, path).text)
  return module.staticExports
    .flatMap((statement) => statement.entries)
    .flatMap((entry) => {
      const from = entry.moduleRequest?.value
      if (entry.exportName.kind === 'None' && from !== undefined) return starOf(root, path, from)
      const name = entry.exportName.kind === 'Default' ? 'default' : (entry.exportName.name ?? '')
      return [entry.isType ? `type ${name}` : name]
    })
}

function starOf(root: string, path: string, from: string): string[] {
  if (!from.startsWith('.')) return [`* from ${from}`]
  return namesOf(root, posix.join(posix.dirname(path), from)).filter((name) => name !== 'default')
}
