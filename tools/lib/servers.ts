import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { startNode, stop } from './child.mjs'
import { type EmulatorInfo, readEmulatorInfo } from './emulator-info.ts'

/** A server process that is ready. */
export interface Server {
  /** Says how the process ended, once it has. */
  readonly ended: Promise<string>
  /** Ends the process, by force after five seconds. */
  stop(): Promise<void>
}

/** What a server is started with. */
export interface ServerOptions {
  /** The file and its arguments. */
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Milliseconds until a server that is not ready is given up. Default 30 seconds. */
  readonly timeout?: number
}

const defaultTimeout = 30_000

/**
 * Starts the emulator; it is ready once its info file is whole.
 * @throws Error when it ends or takes too long before that
 */
export async function startEmulator(
  options: ServerOptions,
  infoFile: string,
): Promise<Server & { info: EmulatorInfo }> {
  // The file of the last run would look like readiness.
  rmSync(infoFile, { force: true })
  const child = startNode(process.execPath, options.command, { cwd: options.cwd, env: options.env })
  const server = serverOf('emulator', child)
  const info = await ready(server, options, async (signal) => {
    for (;;) {
      const found = readEmulatorInfo(infoFile)
      if (found !== undefined) return found
      await delay(10, undefined, { signal })
    }
  })
  return { ...server, info }
}

/**
 * Starts the portal; it is ready once it prints a line that begins with `portal ready`. Its other lines are passed on.
 * @throws Error when it ends or takes too long before that
 */
export async function startPortal(options: ServerOptions): Promise<Server> {
  const child = startNode(process.execPath, options.command, { cwd: options.cwd, env: options.env, stdout: 'pipe' })
  const server = serverOf('portal', child)
  const isReady = new Promise<void>((resolve) => {
    if (child.stdout === null) return
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('portal ready')) resolve()
      else console.log(line)
    })
  })
  await ready(server, options, () => isReady)
  return server
}

function serverOf(name: string, child: ChildProcess): Server {
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`The ${name} cannot be started: ${error.message}.`))
    child.once('exit', (code, signal) => resolve(`The ${name} ended (${signal ?? `exit code ${code}`}).`))
  })
  return { ended, stop: () => stop(child) }
}

async function ready<T>(server: Server, options: ServerOptions, wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const timeout = options.timeout ?? defaultTimeout
  const over = new AbortController()
  const refuse = async (reason: Promise<string>) => {
    throw new Error(await reason)
  }
  const tooLate = delay(timeout, `It was not ready within ${timeout / 1000} s: ${options.command[0]}`, over)
  try {
    return await Promise.race([wait(over.signal), refuse(server.ended), refuse(tooLate)])
  } catch (error) {
    await server.stop()
    throw error
  } finally {
    over.abort()
  }
}
