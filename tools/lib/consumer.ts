// An application somewhere else that installs the packed packages and nothing of this repository.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { npm } from './npm.ts'
import type { PackedPackage } from './pack.ts'
import { root } from './root.ts'

/** An empty project with the packed packages installed, without optional peers. */
export function createConsumer(folder: string, packed: readonly PackedPackage[]): void {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  npm(folder, ['install', ...packed.map(({ tarball }) => tarball)])
}

/** Installs the packages' optional peers, at the versions that this repository tests with, and Node's types. */
export function installPeers(folder: string, packed: readonly PackedPackage[]): void {
  const peers = packed.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}))
  const wanted = [...peers, '@types/node'].map((name) => `${name}@${testedVersion(name)}`)
  // Next's compiler is optional, and larger than everything else.
  npm(folder, ['install', '--omit=optional', ...wanted])
}

/** What `import` takes: `pierhead`, `pierhead/node` and so on. Documents in JSON are left to {@link documentsOf}. */
export function entriesOf(packed: readonly PackedPackage[]): string[] {
  return keysOf(packed).filter((entry) => !entry.endsWith('.json'))
}

export function documentsOf(packed: readonly PackedPackage[]): string[] {
  return keysOf(packed).filter((entry) => entry.endsWith('.json'))
}

/** Imports and requires every entry. Returns what went wrong. */
export function importAll(node: string, folder: string, packed: readonly PackedPackage[]): string[] {
  const file = join(folder, 'import-all.mjs')
  const all = { entries: entriesOf(packed), documents: documentsOf(packed) }
  writeFileSync(file, `const { entries, documents } = ${JSON.stringify(all)}\n${importing}`)
  return run(node, folder, [file])
}

/** Somebody logs in at the packed emulator by the packed kit. Returns what went wrong. */
export function logIn(node: string, folder: string): string[] {
  const file = join(folder, 'log-in.mjs')
  writeFileSync(file, readFileSync(join(root, 'tools/fixtures/log-in.mjs'), 'utf8'))
  const cli = join(folder, 'node_modules/@pierhead/emulator/dist/cli.js')
  return [...run(node, folder, [file]), ...run(node, folder, [cli, '--help'])]
}

/** Compiles a file that uses every entry, declarations included. Returns what the compiler says. */
export function compileAll(
  folder: string,
  resolution: 'node16' | 'bundler',
  packed: readonly PackedPackage[],
): string[] {
  const entries = entriesOf(packed)
  const lines = entries.map((entry, index) => `import * as entry${index} from '${entry}'`)
  const use = `export const entries: readonly object[] = [${entries.map((_, index) => `entry${index}`).join(', ')}]`
  writeFileSync(join(folder, 'all.ts'), [...lines, use, ''].join('\n'))
  writeFileSync(join(folder, 'app.ts'), readFileSync(join(root, 'tools/fixtures/app.ts'), 'utf8'))
  const module = resolution === 'node16' ? 'node16' : 'esnext'
  const options = {
    strict: true,
    noEmit: true,
    target: 'es2022',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
  }
  const compilerOptions = { ...options, module, moduleResolution: resolution, skipLibCheck: false }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['all.ts', 'app.ts'] }))
  const said = run(process.execPath, folder, [join(root, 'node_modules/typescript/bin/tsc'), '--pretty', 'false'])
  // One declaration file of @globus/sdk 6.2 imports without an ending, which node16 refuses.
  const isOurs = (line: string): boolean => !/^(tsc: )?node_modules\/@globus\/sdk\//.test(line)
  return said.flatMap((text) => text.split('\n')).filter(isOurs)
}

/** Brings Nodes by npm's binary packages; returns their programs. Throws where there are none for this machine. */
export function bringNodes(folder: string, versions: readonly string[]): string[] {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const home = join(folder, 'nodes')
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{"private":true}')
  npm(home, ['install', ...versions.map((version) => `node-${version}@npm:node-${system}-${process.arch}@${version}`)])
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  return versions.map((version) => join(home, 'node_modules', `node-${version}`, 'bin', program))
}

function keysOf(packed: readonly PackedPackage[]): string[] {
  return packed.flatMap(({ manifest: { name, exports } }) =>
    Object.keys(exports).map((key) => (key === '.' ? name : `${name}/${key.slice(2)}`)),
  )
}

/** Next is installed for its example only. */
function testedVersion(name: string): string {
  const lock = name === 'next' ? 'examples/next/package-lock.json' : 'package-lock.json'
  // npm's own file format.
  const { packages } = JSON.parse(readFileSync(join(root, lock), 'utf8')) as {
    packages: Readonly<Record<string, { readonly version: string }>>
  }
  const { version } = packages[`node_modules/${name}`] ?? {}
  if (version === undefined) throw new Error(`${lock} has no ${name}`)
  return version
}

function run(node: string, cwd: string, args: readonly string[]): string[] {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] }
  const options = { cwd, env, encoding: 'utf8', timeout: 60_000 } as const
  const { status, stdout, stderr, error } = spawnSync(node, args, options)
  if (status === 0) return []
  return [`${basename(args[0] ?? '')}: ${error?.message ?? ''}${stdout}${stderr}`.trim()]
}

const importing = `
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
for (const entry of entries) {
  const imported = await import(entry).catch((error) => {
    throw new Error('cannot import ' + entry, { cause: error })
  })
  if (Object.keys(imported).length === 0) throw new Error(entry + ' exports nothing')
  if (Object.keys(require(entry)).length === 0) throw new Error(entry + ' cannot be required')
}
for (const entry of documents) if (typeof require(entry) !== 'object') throw new Error(entry + ' is no document')
`
