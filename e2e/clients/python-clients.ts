import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the official Python clients are installed: a virtual environment outside the repository. */
export const pythonFolder =
  process.env['PIERHEAD_PYTHON_CLIENTS'] ?? join(homedir(), '.cache', 'pierhead', 'python-clients')

/** The interpreter with globus-sdk and globus-cli, or why there is none. */
export type PythonClients =
  | { readonly available: true; readonly python: string; readonly globus: string }
  | { readonly available: false; readonly reason: string }

/**
 * Finds the clients, and installs them from PyPI when they are missing and that works.
 *
 * @throws Error instead of an answer when `CI` or `PIERHEAD_REQUIRE` says that nothing may be skipped
 */
export function findPythonClients(): PythonClients {
  const python = join(pythonFolder, 'bin', 'python')
  const globus = join(pythonFolder, 'bin', 'globus')
  if (!existsSync(globus)) install(python)
  if (existsSync(globus)) return { available: true, python, globus }
  const reason = `globus-sdk and globus-cli could not be installed in ${pythonFolder} (python3, venv and PyPI are needed)`
  if (process.env['CI'] === 'true' || process.env['PIERHEAD_REQUIRE'] === '1') throw new Error(reason)
  return { available: false, reason }
}

function install(python: string): void {
  const quiet = { stdio: 'ignore', timeout: 240_000 } as const
  if (spawnSync('python3', ['-m', 'venv', pythonFolder], quiet).status !== 0) return
  spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'globus-sdk', 'globus-cli'], quiet)
}

/** Runs a script to its end and gives what it printed. @throws Error with all output when it fails */
export function runPython(
  python: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`The script ended with ${code}:\n${output}`))
    })
  })
}
