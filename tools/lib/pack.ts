// What is published is built anew in a folder of its own: nothing of an older build, no test and no source can slip in,
// and the manifest keeps only what means something to those who install it.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { npm } from './npm.ts'
import { root } from './root.ts'

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly files: readonly string[]
  readonly engines: { readonly node: string }
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface PackedPackage {
  readonly manifest: Manifest
  /** The folder that was packed. */
  readonly folder: string
  readonly tarball: string
  /** Paths of the files in the tarball. */
  readonly files: readonly string[]
}

/** Builds `packages/NAME` below `into` and packs it there. Throws with the compiler's or npm's own words. */
export function packPackage(name: string, into: string): PackedPackage {
  const source = join(root, 'packages', name)
  const folder = join(into, name)
  mkdirSync(folder, { recursive: true })
  build(source, join(folder, 'dist'))
  const { text, manifest } = publishedManifest(join(source, 'package.json'))
  writeFileSync(join(folder, 'package.json'), text)
  const others = manifest.files.filter((file) => file !== 'dist').map((file) => join(source, file))
  for (const file of [join(root, 'LICENSE'), ...others]) {
    if (!existsSync(file)) throw new Error(`packages/${name}/package.json names ${basename(file)}, which is missing`)
    copyFileSync(file, join(folder, basename(file)))
  }
  // The format of `npm pack --json`.
  const [packed] = JSON.parse(npm(folder, ['pack', '--json', '--pack-destination', into])) as [Packed]
  const files = packed.files.map(({ path }) => path)
  return { manifest, folder, tarball: join(into, packed.filename), files }
}

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

function build(source: string, outDir: string): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const args = [tsc, '-p', join(source, 'tsconfig.build.json'), '--outDir', outDir, '--pretty', 'false']
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 300_000 })
  if (status !== 0) throw new Error(`The build of ${source} failed:\n${stdout}`)
}

/** Without the condition that leads to sources, and without what only this repository needs. */
function publishedManifest(file: string): { text: string; manifest: Manifest } {
  const repositoryOnly = new Set(['pierhead-source', 'devDependencies', 'scripts'])
  const keep = (key: string, value: unknown): unknown => (repositoryOnly.has(key) ? undefined : value)
  // npm's own file format; the check of the exports knows these packages to have the keys of `Manifest`.
  const manifest = JSON.parse(readFileSync(file, 'utf8'), keep) as Manifest
  return { text: `${JSON.stringify(manifest, null, 2)}\n`, manifest }
}
