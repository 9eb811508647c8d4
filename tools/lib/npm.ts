import { spawnSync } from 'node:child_process'

/** Runs npm, without scripts of packages, in a folder. Returns what it printed; throws with its own words. */
export function npm(cwd: string, args: readonly string[]): string {
  const script = process.env['npm_execpath'] ?? ''
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  // npm names itself in npm_execpath; other package managers do too.
  const [program, first] = /npm-cli\.[cm]?js$/.test(script) ? [process.execPath, [script]] : ['npm', []]
  const options = { cwd, encoding: 'utf8', timeout: 600_000, shell: process.platform === 'win32' } as const
  const { status, stdout, stderr, error } = spawnSync(program, [...first, ...args, ...quiet], options)
  if (status !== 0) throw new Error(`npm ${args[0] ?? ''} failed in ${cwd}: ${error?.message ?? stderr}`)
  return stdout
}
