// A reference that is written by hand ages. This one is made from the declarations that are published, and must be what
// was committed; `--update` writes it anew. `npm run test:packages` asks.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { packPackage, type PackedPackage } from './lib/pack.ts'
import { referenceOf } from './lib/reference.ts'
import { root } from './lib/root.ts'
import { foldersIn } from './lib/source.ts'

const homeOf = ({ manifest: { name } }: PackedPackage): string => `docs/reference/${name.split('/').at(-1)}`

/** Pages of the reference that are missing, differ or belong to no entry. */
export async function checkReference(packed: PackedPackage): Promise<string[]> {
  const home = homeOf(packed)
  const pages = await referenceOf(packed, home)
  const committed = existsSync(join(root, home)) ? readdirSync(join(root, home)).map((name) => `${home}/${name}`) : []
  const wrong = [
    ...pages.filter(({ path, text }) => !committed.includes(path) || read(path) !== text).map(({ path }) => path),
    ...committed.filter((path) => !pages.some((page) => page.path === path)),
  ]
  return wrong.map((path) => `${path} is not what the declarations say; run: node tools/check-reference.ts --update`)
}

async function update(packed: PackedPackage): Promise<void> {
  const home = homeOf(packed)
  rmSync(join(root, home), { recursive: true, force: true })
  for (const { path, text } of await referenceOf(packed, home)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

if (import.meta.main) {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-reference-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const name of foldersIn(root, 'packages')) {
    const packed = packPackage(name, folder)
    const findings = process.argv.includes('--update') ? await update(packed) : await checkReference(packed)
    for (const finding of findings ?? []) console.error(finding)
    if (findings !== undefined && findings.length > 0) process.exitCode = 1
  }
}
