import { spawn, type ChildProcess } from 'node:child_process'
import { freePort } from './ports.ts'

/** A server program that a test started for itself, on a loopback port of its own. */
export interface OwnServer {
  readonly port: number
  /** Its process, for signals. */
  readonly process: ChildProcess
  /** Ends it, and removes its data unless they are kept for another start. */
  stop(options?: { keepData?: boolean }): Promise<void>
}

export interface OwnProgram {
  readonly path: string
  readonly args: (port: number) => readonly string[]
  /** What it prints when it takes connections. */
  readonly ready: string
  readonly user?: { readonly uid: number; readonly gid: number }
  /** Default: a free one; another after a collision. */
  readonly port?: number
}

/** A busy machine may take this long to start a database. */
const patience = 60_000

/** Starts a program and waits until it says that it is ready. Ends with this process at the latest. */
export async function startProgram(program: OwnProgram): Promise<{ port: number; process: ChildProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = program.port ?? (await freePort())
    const child = spawn(program.path, program.args(port), { stdio: ['ignore', 'pipe', 'pipe'], ...program.user })
    const end = (): void => void child.kill('SIGKILL')
    process.once('exit', end)
    child.once('exit', () => process.off('exit', end))
    const said = await untilReady(child, program.ready)
    if (said === undefined) return { port, process: child }
    // Between looking for a free port and taking it, somebody else may have taken it.
    if (attempt === 3 || !said.includes('in use')) throw new Error(`${program.path} did not start:\n${said}`)
  }
}

/** Undefined: it is ready. Else what it said before it ended. */
function untilReady(child: ChildProcess, ready: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`A server was not ready after ${patience} ms:\n${said}`))
    }, patience)
    const done = (outcome: string | undefined): void => {
      clearTimeout(timer)
      resolve(outcome)
    }
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-10_000)
        if (said.includes(ready)) done(undefined)
      })
    child.once('error', reject)
    child.once('exit', () => done(said))
  })
}
