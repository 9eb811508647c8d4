// `npm run test:packages`: packs what is published, judges the files, and installs them in a project elsewhere.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkReference } from '../check-reference.ts'
import { bringNodes, compileAll, createConsumer, importAll, installPeers, logIn } from '../lib/consumer.ts'
import { packPackage, type PackedPackage } from '../lib/pack.ts'
import { checkFiles, checkTypes, lintPackage } from '../lib/packed-files.ts'
import { undocumented } from '../lib/reference.ts'
import { root } from '../lib/root.ts'
import { foldersIn } from '../lib/source.ts'

/** Between the oldest that the packages claim to run on and the repository's own. */
const between = '24.9.0'

let failed = 0
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pierhead-packages-')))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const packed = foldersIn(root, 'packages').map((name) => packPackage(name, folder))
for (const one of packed) {
  const { name } = one.manifest
  report(`${name}: ${one.files.length} files, all of which belong there`, checkFiles(one))
  report(`${name}: publint`, await lintPackage(one))
  report(`${name}: are the types wrong`, await checkTypes(one))
  report(`${name}: exported names and options say what they are`, undocumented(one))
  report(`${name}: reference`, await checkReference(one))
}

const consumer = join(folder, 'consumer')
createConsumer(consumer, packed)
report('a login by the installed packages, without optional peers', logIn(process.execPath, consumer))
installPeers(consumer, packed)
report('types of every entry, moduleResolution node16', compileAll(consumer, 'node16', packed))
report('types of every entry, moduleResolution bundler', compileAll(consumer, 'bundler', packed))
tryNode(process.execPath, process.versions.node)
const versions = [...new Set([...packed.map(oldestOf), between])].sort()
try {
  for (const [index, node] of bringNodes(folder, versions).entries()) tryNode(node, versions[index] ?? '')
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  // A machine without binary packages cannot try them; CI has some.
  if (process.env['CI'] === 'true') report(`Node ${versions.join(', ')}`, [reason])
  else console.log(`skipped Node ${versions.join(', ')}: ${reason}`)
}
process.exitCode = failed === 0 ? 0 : 1

/** What the package claims to run on at least: `>=22.13` is 22.13.0. */
function oldestOf({ manifest }: PackedPackage): string {
  return `${manifest.engines.node.replace('>=', '')}.0`
}

function tryNode(node: string, version: string): void {
  // Versions with as many digits compare as text.
  const supported = packed.filter((one) => oldestOf(one) <= version)
  const names = supported.map(({ manifest }) => manifest.name).join(', ')
  report(`Node ${version}: every entry of ${names}`, importAll(node, consumer, supported))
  if (supported.length === packed.length) report(`Node ${version}: a login`, logIn(node, consumer))
}

function report(what: string, findings: readonly string[]): void {
  console.log(`${findings.length === 0 ? 'ok    ' : 'FAILED'} ${what}`)
  for (const finding of findings) console.log(finding)
  failed += findings.length
}
