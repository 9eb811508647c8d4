// What users can import is decided by hand and reviewed: package.json, the files and the committed lists of names must
// agree, so that nothing becomes public, or vanishes, by accident. `--update` writes the lists anew.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exportedNames } from './lib/exported-names.ts'
import { runAlone } from './lib/report.ts'
import { filesBelow, foldersIn } from './lib/source.ts'

interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
}

/** In the kit each file at the top of src is an entry; elsewhere only what package.json names. */
const everyFileIsAnEntry = new Set(['pierhead'])
const programs = new Set(['cli.ts'])

/** Where exports, files and the lists under packages/NAME/api differ. */
export function checkExports(root: string): string[] {
  return compare(root, false)
}

function compare(root: string, update: boolean): string[] {
  return foldersIn(root, 'packages').flatMap((folder) => {
    const home = `packages/${folder}`
    const file = join(root, home, 'package.json')
    if (!existsSync(file)) return []
    // npm's own file format.
    const { exports = {}, name } = JSON.parse(readFileSync(file, 'utf8')) as Manifest
    const entries = Object.keys(exports).filter((key) => !key.endsWith('.json'))
    const findings = entries.flatMap((key) => [
      ...checkConditions(`${home}/package.json`, key, exports[key]),
      ...checkNames(root, `${home}/src/${stem(key)}.ts`, update),
    ])
    return [...findings, ...(everyFileIsAnEntry.has(name) ? unlisted(root, home, entries) : [])]
  })
}

function checkConditions(path: string, key: string, found: unknown): string[] {
  const name = stem(key)
  const wanted = { 'pierhead-source': `./src/${name}.ts`, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` }
  if (JSON.stringify(found) === JSON.stringify(wanted)) return []
  return [`${path}: the entry ${key} must be ${JSON.stringify(wanted)}, in this order`]
}

function checkNames(root: string, source: string, update: boolean): string[] {
  if (!existsSync(join(root, source))) return [`${source}: package.json exports it, but there is no such file`]
  const list = source.replace('/src/', '/api/').replace(/\.ts$/, '.txt')
  const file = join(root, list)
  const names = exportedNames(root, source)
  if (update) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, names.map((name) => `${name}\n`).join(''))
    return []
  }
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  const differences = [
    ...names.filter((name) => !known.includes(name)).map((name) => `+ ${name}`),
    ...known.filter((name) => name && !names.includes(name)).map((name) => `- ${name}`),
  ]
  if (differences.length === 0) return []
  return [`${list}: ${differences.join(', ')}; if that is meant, run: node tools/check-exports.ts --update`]
}

function unlisted(root: string, home: string, entries: readonly string[]): string[] {
  const listed = new Set(entries.map((key) => `${home}/src/${stem(key)}.ts`))
  const isEntry = (path: string) => /^[^/]+\/[^/]+\/src\/(session-store\/)?[^/]+$/.test(path)
  const files = filesBelow(root, [`${home}/src`], ['.ts']).filter(isEntry)
  return files
    .filter((path) => !listed.has(path) && !programs.has(path.split('/').at(-1) ?? ''))
    .map((path) => `${path}: an entry by its place, but package.json does not export it`)
}

function stem(key: string): string {
  return key === '.' ? 'index' : key.replace(/^\.\//, '')
}

if (import.meta.main && process.argv.includes('--update')) compare(join(import.meta.dirname, '..'), true)
runAlone(import.meta.main, checkExports)
