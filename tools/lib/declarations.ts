import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { type ParseResult, parseSync } from 'rolldown/utils'
import { isNode, type SyntaxNode, visitNodes } from './source.ts'

/** One name of a module, as its declaration file has it. */
export interface Declaration {
  readonly name: string
  /** Path of the file inside the package. */
  readonly file: string
  /** The text of its doc comment, without its frame; empty when there is none. */
  readonly comment: string
  /** Overloads one below the other; `export` is left out. */
  readonly text: string
  /** Other names that it mentions. */
  readonly mentions: readonly string[]
  /** Members of an interface that have no doc comment. */
  readonly silentMembers: readonly string[]
}

/** Declaration files of a package, as the compiler wrote them. */
export interface Declarations {
  /** What a file exports, re-exports included, in its order. */
  exportsOf(file: string): readonly Declaration[]
  /** What a name means inside a file; undefined when it comes from elsewhere. */
  find(file: string, name: string): Declaration | undefined
}

interface Module {
  readonly own: ReadonlyMap<string, Declaration>
  readonly imports: ReadonlyMap<string, Source>
  readonly exports: readonly (Source & { readonly name: string })[]
  readonly stars: readonly string[]
}

/** Where a name comes from: without a file, from the same one. */
interface Source {
  readonly file: string | undefined
  readonly imported: string
}

export function readDeclarations(folder: string): Declarations {
  const known = new Map<string, Module>()
  const moduleOf = (file: string): Module => {
    const found = known.get(file) ?? readModule(file, readFileSync(posix.join(folder, file), 'utf8'))
    known.set(file, found)
    return found
  }
  const follow = (here: string, { file, imported }: Source): Declaration | undefined => {
    if (file === undefined) return find(here, imported)
    const target = moduleOf(file).exports.find(({ name }) => name === imported)
    return target === undefined ? undefined : follow(file, target)
  }
  const find = (file: string, name: string): Declaration | undefined => {
    const { own, imports } = moduleOf(file)
    const source = imports.get(name)
    return own.get(name) ?? (source && follow(file, source))
  }
  const exportsOf = (file: string): readonly Declaration[] => {
    const { exports, stars } = moduleOf(file)
    // Each overload is an export.
    return [...new Set([...exports.flatMap((one) => follow(file, one) ?? []), ...stars.flatMap(exportsOf)])]
  }
  return { exportsOf, find }
}

function readModule(file: string, text: string): Module {
  const parsed = parseSync(file, text)
  const resolve = (from: string): string | undefined =>
    from.startsWith('.') ? posix.join(posix.dirname(file), from).replace(/\.[jt]s$/, '.d.ts') : undefined
  const { staticImports, staticExports } = parsed.module
  const imports = staticImports.flatMap(({ moduleRequest, entries }) => {
    const target = resolve(moduleRequest.value)
    if (target === undefined) return []
    return entries.map(
      ({ importName, localName }) => [localName.value, { file: target, imported: importName.name ?? '' }] as const,
    )
  })
  const entries = staticExports.flatMap((statement) => statement.entries)
  const exports = entries.flatMap(({ exportName, importName, localName, moduleRequest }) => {
    const name = exportName.name
    if (name === null) return []
    const from = moduleRequest === null ? undefined : resolve(moduleRequest.value)
    return [{ name, file: from, imported: (from === undefined ? localName.name : importName.name) ?? name }]
  })
  const stars = entries.flatMap(({ exportName, moduleRequest }) =>
    exportName.kind === 'None' && moduleRequest !== null ? (resolve(moduleRequest.value) ?? []) : [],
  )
  return { own: ownDeclarations(file, text, parsed), imports: new Map(imports), exports, stars }
}

function ownDeclarations(file: string, text: string, { program, comments }: ParseResult): Map<string, Declaration> {
  const found = new Map<string, Declaration>()
  const commentBefore = (start: number): string => {
    const comment = comments.find(
      ({ type, end }) => type === 'Block' && text.slice(end, start).trim() === '' && end <= start,
    )
    return comment?.value.startsWith('*') ? textOf(comment.value) : ''
  }
  // ESTree as the parser documents it; each field is looked at before it is used.
  for (const statement of program.body as unknown as SyntaxNode[]) {
    const node = isNode(statement['declaration']) ? statement['declaration'] : statement
    for (const name of namesOf(node)) {
      const before = found.get(name)
      const own = text.slice(statement.start, statement.end).replace(/^export /, '')
      found.set(name, {
        name,
        file,
        comment: before?.comment ?? commentBefore(statement.start),
        text: withoutPrivates(before === undefined ? own : `${before.text}\n${own}`),
        mentions: [...new Set([...(before?.mentions ?? []), ...mentionsOf(node)])],
        silentMembers: membersOf(node).flatMap(({ start, name: member }) =>
          commentBefore(start) === '' ? [member] : [],
        ),
      })
    }
  }
  return found
}

function namesOf(node: SyntaxNode): string[] {
  if (isNode(node['id'])) return [String(node['id']['name'])]
  const { declarations } = node
  return Array.isArray(declarations) ? declarations.filter(isNode).flatMap(namesOf) : []
}

function mentionsOf(node: SyntaxNode): string[] {
  const names: string[] = []
  visitNodes(node, (inner) => {
    const named = inner['typeName'] ?? inner['exprName'] ?? inner['superClass'] ?? inner['expression']
    if (isNode(named) && named.type === 'Identifier') names.push(String(named['name']))
  })
  return names
}

function membersOf(node: SyntaxNode): { start: number; name: string }[] {
  const body = node.type === 'TSInterfaceDeclaration' && isNode(node['body']) ? node['body']['body'] : []
  return Array.isArray(body)
    ? body
        .filter(isNode)
        .flatMap(({ start, key }) => (isNode(key) && 'name' in key ? [{ start, name: String(key['name']) }] : []))
    : []
}

function textOf(comment: string): string {
  const lines = comment.replace(/^\*/, '').split('\n')
  return lines
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim()
}

function withoutPrivates(text: string): string {
  return text.replaceAll(/^ +(#private|private \w+);\n/gm, '')
}
