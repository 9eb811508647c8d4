import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { within } from '../../tools/lib/deadline.ts'

/** A command with all that it starts. */
export interface Program {
  /** Everything it printed. */
  readonly output: () => string
  close(): Promise<void>
}

export interface ProgramOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** What it prints when it is ready. */
  readonly ready: string
}

/** Starts a command of a shell and waits until it is ready. Throws with its own words when it ends before. */
export async function startProgram(command: string, { cwd, env, ready }: ProgramOptions): Promise<Program> {
  // A group of its own: npm hands signals on to a shell only.
  const child = spawn('sh', ['-c', `exec ${command}`], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  let output = ''
  const isReady = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.includes(ready)) isReady.resolve()
    })
  void closed.then(() => isReady.reject(new Error(`${command} ended:\n${output}`)))
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name)
  }
  try {
    await within(`Starting ${command}`, isReady.promise, 240_000)
  } catch (error) {
    signal('SIGKILL')
    throw new Error(output, { cause: error })
  }
  return {
    output: () => output,
    async close() {
      signal('SIGTERM')
      try {
        await within(`Ending ${command}`, closed)
      } catch (error) {
        signal('SIGKILL')
        throw error
      }
    },
  }
}
