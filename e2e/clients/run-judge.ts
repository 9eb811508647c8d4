import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Judge } from './judges.ts'

/** What a judge said of a feature. */
export interface Outcome {
  readonly feature: string
  readonly outcome: 'pass' | 'fail' | 'not imitated'
  readonly detail: string
}

export interface JudgeRun {
  readonly outcomes: readonly Outcome[]
  /** Why the program ended badly, with the end of what it wrote; undefined when it ended well. */
  readonly crash: string | undefined
}

interface RunOptions {
  /** The interpreter. */
  readonly program: string
  readonly env: Readonly<Record<string, string>>
}

/** A minute on a quiet machine. */
const patience = 1_800_000

/** Runs a judge's program to its end, with a home directory of its own. */
export async function runJudge(judge: Judge, { program, env }: RunOptions): Promise<JudgeRun> {
  const home = mkdtempSync(join(tmpdir(), 'pierhead-judge-'))
  const flags = judge.program.endsWith('.ts')
    ? ['--conditions=pierhead-source', '--disable-warning=ExperimentalWarning']
    : []
  const child = spawn(program, [...flags, join(import.meta.dirname, judge.program)], {
    cwd: home,
    env: { ...process.env, ...env, HOME: home, PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const outcomes: Outcome[] = []
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => {
    const outcome = parseOutcome(line)
    if (outcome === undefined) lines.push(line)
    else outcomes.push(outcome)
  })
  createInterface(child.stderr).on('line', (line) => lines.push(line))
  const timer = setTimeout(() => child.kill('SIGKILL'), patience)
  const ending = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`))
  })
  clearTimeout(timer)
  rmSync(home, { recursive: true, force: true })
  const hasFailed = ending !== undefined || outcomes.some(({ outcome }) => outcome === 'fail')
  if (hasFailed) for (const line of lines.slice(-60)) console.log(`  | ${line}`)
  return { outcomes, crash: ending }
}

function parseOutcome(line: string): Outcome | undefined {
  if (!line.startsWith('{"feature"')) return undefined
  // The judges of this folder print it; support.py and support.ts hold the only two writers.
  return JSON.parse(line) as Outcome
}
