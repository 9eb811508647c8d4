import { type ChildProcess, spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'

/** A program under test: what it printed so far, and how it ended. */
export interface Program {
  readonly child: ChildProcess
  readonly output: () => string
  /** Waits until the output matches. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>
}

/** Starts a program; it is ended with the test. */
export function startProgram(command: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): Program {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env: { ...process.env, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (data) => (output += String(data)))
  child.stderr.on('data', (data) => (output += String(data)))
  let isOver = false
  const ended = new Promise<number | string>((resolve) =>
    child.on('close', (code, signal) => {
      isOver = true
      resolve(signal ?? code ?? '')
    }),
  )
  const find = (pattern: RegExp): RegExpExecArray | undefined => {
    const match = pattern.exec(output) ?? undefined
    if (match === undefined && isOver) throw new Error(`It ended without printing ${String(pattern)}:\n${output}`)
    return match
  }
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, output: () => output, printed: (pattern) => until(() => find(pattern)), ended }
}

/** Waits until the question has an answer; the test's own time limit bounds it. */
export async function until<T>(ask: () => T | undefined): Promise<T> {
  for (;;) {
    const answer = ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** True while a process with this id exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
