import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'rolldown/utils'

/** A source file as the checks see it. */
export interface Source {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly text: string
}

/** A node of the syntax tree: ESTree with TypeScript's additions. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

const passedOver = new Set(['node_modules', 'dist', 'coverage'])

/** Every file below the folders (relative to the root) whose name ends in one of the endings, in order of path. */
export function filesBelow(root: string, folders: readonly string[], endings: readonly string[]): string[] {
  const files = folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => entriesOf(root, folder))
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
  return files.sort()
}

/** Reads a file of the tree. */
export function readSource(root: string, path: string): Source {
  return { path, text: readFileSync(join(root, path), 'utf8') }
}

/** The names of the folders directly inside a folder; none when it does not exist. */
export function foldersIn(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

/** Parses a file and visits every node of its tree, parents first. */
export function visit({ path, text }: Source, each: (node: SyntaxNode) => void): void {
  const { errors, program } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path} cannot be parsed: ${errors[0].message}`)
  visitNodes(program, each)
}

/** The line of an offset, counted from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Visits every node of a tree, or of a list of trees, parents first. */
export function visitNodes(value: unknown, each: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) for (const one of value) visitNodes(one, each)
  else if (isNode(value)) {
    each(value)
    for (const child of Object.values(value)) if (typeof child === 'object') visitNodes(child, each)
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function entriesOf(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (passedOver.has(entry.name) || entry.name.startsWith('.')) return []
    return entry.isDirectory() ? entriesOf(root, path) : [path]
  })
}
