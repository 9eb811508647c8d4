// A site of Next.js, built as people build theirs: Next from the lock file of the example, the kit from its package.
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
  return place
}

/** The adapter's source is compiled with Next's own declarations, in place of ours. */
function copySource(into: string): void {
  cpSync(join(root, 'packages/pierhead/src'), into, { recursive: true })
  const file = join(into, 'next.ts')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\/\/\/ <reference .*\n/m, ''))
}

/** Builds the site, public below `basePath`. Throws with Next's own words. */
export function buildNextSite(place: string, basePath: string): void {
  const next = join(place, 'node_modules/next/dist/bin/next')
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    SITE_BASE_PATH: basePath,
  } as const
  const options = { cwd: place, env, encoding: 'utf8' } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [next, 'build'], options)
  if (status !== 0) throw new Error(`next build failed:\n${stdout}${stderr}`)
}
