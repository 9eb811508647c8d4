// A site of Next.js, built as people build theirs: Next from the lock file of the example, the kit from its package.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { blocksOf } from './markdown.ts'
import { npm } from './npm.ts'
import { packPackage } from './pack.ts'
import { root } from './root.ts'

const site = join(root, 'packages/pierhead/fixtures/next-site')
const example = join(root, 'examples/next')

/** Installs the site that the tests use below `folder`, and gives its place. */
export function installNextSite(folder: string): string {
  const { tarball } = packPackage('pierhead', folder)
  const place = join(folder, 'site')
  cpSync(site, place, { recursive: true })
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(example, file), join(place, file))
  npm(place, ['install', tarball])
  copySource(join(place, 'kit'))
  writeGuide(join(place, 'guide'))
  return place
}

/** The application of docs/nextjs.md, from its blocks and nothing else. */
function writeGuide(into: string): void {
  mkdirSync(into)
  writeFileSync(join(into, 'package.json'), '{ "private": true, "type": "module" }')
  for (const { code, info } of blocksOf(readFileSync(join(root, 'docs/nextjs.md'), 'utf8'))) {
    const title = /^title="([^"]+)"$/.exec(info)?.[1]
    if (title === undefined) continue
    mkdirSync(dirname(join(into, title)), { recursive: true })
    writeFileSync(join(into, title), code)
  }
}

/** The adapter's source is compiled with Next's own declarations, in place of ours. */
function copySource(into: string): void {
  cpSync(join(root, 'packages/pierhead/src'), into, { recursive: true })
  const file = join(into, 'next.ts')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\/\/\/ <reference .*\n/m, ''))
}

/** Builds the site, public below `basePath`. Throws with Next's own words. */
export function buildNextSite(place: string, basePath: string): void {
  build(place, place, { SITE_BASE_PATH: basePath })
}

/** Builds the guide's application, which compiles it. */
export function buildNextGuide(place: string): void {
  build(place, join(place, 'guide'), {})
}

function build(place: string, cwd: string, more: Readonly<Record<string, string>>): void {
  const next = join(place, 'node_modules/next/dist/bin/next')
  const env = { ...process.env, ...more, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [next, 'build'], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 900_000,
  })
  if (status !== 0) throw new Error(`next build failed:\n${stdout}${stderr}`)
}
