import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNode } from './child.mjs'

/** Numbers of one run. */
export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** How a run ended. */
export interface TestRun extends TestCounts {
  /** The exit code of the runner; 1 when a signal ended it. */
  readonly code: number
}

/** What a run is given. */
export interface TestRunOptions {
  /** Folder with vitest's configuration and node_modules. */
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Print nothing. Default false: the usual report. */
  readonly quiet?: boolean
  /** Milliseconds until the run is ended as failed. Default: none. */
  readonly timeout?: number
}

/** Runs vitest once and counts its tests. */
export async function runVitest(args: readonly string[], options: TestRunOptions): Promise<TestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-tests-'))
  const report = join(folder, 'report.json')
  const reporters = ['--reporter=json', `--outputFile.json=${report}`, ...(options.quiet ? [] : ['--reporter=default'])]
  const command = [join(options.cwd, 'node_modules/vitest/vitest.mjs'), 'run', ...args, ...reporters]
  try {
    const code = await run(command, options)
    return { code, ...countTests(report) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(command: readonly string[], options: TestRunOptions): Promise<number> {
  const { cwd, env, quiet = false, timeout } = options
  const child = startNode(process.execPath, command, { cwd, env, stdout: quiet ? 'pipe' : 'inherit' })
  child.stdout?.resume()
  const timer = timeout === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeout)
  const pass = () => child.kill('SIGTERM')
  process.on('SIGTERM', pass).on('SIGINT', pass)
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      clearTimeout(timer)
      process.off('SIGTERM', pass).off('SIGINT', pass)
      resolve(code ?? 1)
    })
  })
}

/** Reads the counts of vitest's JSON report. A run that left none has counted nothing. */
function countTests(report: string): TestCounts {
  try {
    // vitest's documented report; each field is checked to be a number below.
    const found = JSON.parse(readFileSync(report, 'utf8')) as Record<string, unknown>
    const count = (name: string) => (typeof found[name] === 'number' ? found[name] : 0)
    const skipped = count('numPendingTests') + count('numTodoTests')
    return { passed: count('numPassedTests'), failed: count('numFailedTests'), skipped }
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }
  }
}
