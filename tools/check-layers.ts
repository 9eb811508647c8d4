// The parts stay apart only if a program says so: kit and emulator share no code, the kit's layers import downwards,
// and everybody else uses published entries. One import the wrong way would make a misreading cancel itself out.
import { posix } from 'node:path'
import { filesBelow, foldersIn, lineOf, readSource, visit } from './lib/source.ts'
import { runAlone } from './lib/report.ts'
import { kitLayer, kitMayImport, kitMayUse, packageOf, publishedEntries } from './lib/layers.ts'

const kit = 'packages/pierhead'

/** Imports that the design forbids. */
export function checkLayers(root: string): string[] {
  const groups = ['packages', 'apps', 'examples'].flatMap((group) =>
    foldersIn(root, group).map((name) => `${group}/${name}`),
  )
  const published = publishedEntries(root)
  return [...groups, 'e2e', 'bench', 'tools'].flatMap((home) =>
    filesBelow(root, [home], ['.ts', '.mjs', '.js']).flatMap((path) => [
      ...(path.startsWith(`${kit}/src/`) && kitLayer(path) === undefined ? [`${path}: no layer owns it`] : []),
      ...checkFile(root, { home, path, published }),
    ]),
  )
}

interface Importer {
  readonly home: string
  readonly path: string
  readonly published: ReadonlySet<string>
}

function checkFile(root: string, importer: Importer): string[] {
  return importsOf(root, importer.path).flatMap(({ line, target }) => {
    const reason = forbidden(importer, target)
    return reason === undefined ? [] : [`${importer.path}:${line}: imports ${target}: ${reason}`]
  })
}

function forbidden(importer: Importer, target: string): string | undefined {
  const { home, path } = importer
  // Browsers are given this folder and the kit's module for them, and nothing else.
  const client = `${home}/src/client/`
  const isInside = target.startsWith('.') && posix.join(posix.dirname(path), target).startsWith(client)
  if (path.startsWith(client) && !isInside)
    return target === 'pierhead/browser' ? undefined : 'scripts for browsers import each other and pierhead/browser'
  if (target.startsWith('.')) {
    const imported = posix.normalize(posix.join(posix.dirname(path), target))
    // Tests may ask the tooling what the machine can do.
    if (!path.includes('/src/') && imported.startsWith('tools/lib/')) return undefined
    // The sealer is measured against other sealers, and no published entry reaches it alone.
    if (path === 'bench/sealed-values.ts' && imported === `${kit}/src/lib/session/seal.ts`) return undefined
    if (!imported.startsWith(`${home}/`)) return `it is outside ${home}; use a published entry`
    return path.startsWith(`${kit}/src/`) ? kitMayImport(path, imported) : undefined
  }
  if (target.startsWith('node:')) return target === 'node:sqlite' ? kitMayUse(path, target) : undefined
  const name = packageOf(target)
  if (name === 'pierhead' || name.startsWith('@pierhead/')) return ownPackage(importer, target)
  return path.startsWith(`${kit}/src/`) ? kitMayUse(path, name) : undefined
}

function ownPackage({ home, path, published }: Importer, target: string): string | undefined {
  if (/^packages\/[^/]+\/src\//.test(path)) return 'kit and emulator share no code; they meet over HTTP'
  if (!published.has(target)) return 'it is no published entry'
  const isApplication = home.startsWith('apps/') || home.startsWith('examples/')
  const isEmulator = packageOf(target) === '@pierhead/emulator'
  return isApplication && isEmulator && !path.includes('/test/') ? 'an application knows no emulator' : undefined
}

function importsOf(root: string, path: string): { line: number; target: string }[] {
  const source = readSource(root, path)
  const found: { line: number; target: string }[] = []
  visit(source, (node) => {
    // Static and dynamic imports, re-exports and `import('x')` types all carry their target as a literal `source`.
    const target = /^(Import|Export|TSImport)/.test(node.type) ? literal(node.source ?? node.argument) : undefined
    if (target !== undefined) found.push({ line: lineOf(source.text, node.start), target })
  })
  return found
}

function literal(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  if ('value' in node && typeof node.value === 'string') return node.value
  return 'literal' in node ? literal(node.literal) : undefined
}

runAlone(import.meta.main, checkLayers)
