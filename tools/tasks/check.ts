// `npm run check`: everything about the source that needs no test. All findings are printed, whichever check fails.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkComplaints } from '../check-complaints.ts'
import { checkDocs } from '../check-docs.ts'
import { checkExports } from '../check-exports.ts'
import { checkHygiene } from '../check-hygiene.ts'
import { checkLayers } from '../check-layers.ts'
import { checkSecurity } from '../check-security.ts'
import { checkSeeds } from '../check-seeds.ts'
import { checkSizes } from '../check-sizes.ts'
import type { Check } from '../lib/report.ts'
import { root } from '../lib/root.ts'
import { foldersIn } from '../lib/source.ts'

const builds = foldersIn(root, 'packages').map((name) => ['-p', `packages/${name}/tsconfig.build.json`, '--noEmit'])

/** Scripts for browsers, without the types of Node. */
const clients = foldersIn(root, 'apps').map((name) => ['-p', `apps/${name}/src/client/tsconfig.json`])

const checks: readonly (readonly [name: string, check: () => boolean])[] = [
  ['format', () => tool('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.'])],
  ['lint', () => tool('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--format=unix'])],
  [
    'types',
    () =>
      [['-p', 'tsconfig.json'], ...clients, ...builds].map((args) => tool('typescript/bin/tsc', args)).every(Boolean),
  ],
  ['layers', own(checkLayers)],
  ['sizes', own(checkSizes)],
  ['exports', own(checkExports)],
  ['docs', own(checkDocs)],
  ['seeds', own(checkSeeds)],
  ['complaints', own(checkComplaints)],
  ['security', own(checkSecurity)],
  ['hygiene', own(checkHygiene)],
]

const failed: string[] = []
for (const [name, check] of checks) {
  const start = performance.now()
  const passed = check()
  if (!passed) failed.push(name)
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${Math.round(performance.now() - start)} ms)`)
}
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1

function tool(file: string, args: readonly string[]): boolean {
  const command = [join(root, 'node_modules', file), ...args]
  return spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

function own(check: Check): () => boolean {
  return () => {
    const findings = check(root)
    for (const finding of findings) console.log(finding)
    return findings.length === 0
  }
}
