import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capability } from './capability.ts'
import { endProgram } from './deadline.ts'
import { startProgram, type OwnServer } from './own-server.ts'

export interface RedisServerOptions {
  /** Further lines of its configuration, as arguments: `['--maxmemory', '3mb']`. */
  readonly args?: readonly string[]
  /** The port of a server that was stopped, to start it again. */
  readonly port?: number
  /** Keeps every change there, for another start. Default: nothing is kept. */
  readonly folder?: string
}

/** Starts a Redis server. */
export async function startRedis(options: RedisServerOptions = {}): Promise<OwnServer> {
  const program = capability('redis')
  if (!program.available) throw new Error(program.reason)
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'pierhead-redis-')))
  const keep = options.folder === undefined ? 'no' : 'yes'
  const fixed = ['--bind', '127.0.0.1', '--save', '', '--appendonly', keep, '--dir', folder, '--daemonize', 'no']
  const child = await startProgram({
    path: program.path,
    args: (port) => ['--port', String(port), ...fixed, ...(options.args ?? [])],
    ready: 'eady to accept connections',
    ...(options.port === undefined ? {} : { port: options.port }),
  })
  return {
    ...child,
    async stop() {
      await endProgram(child.process, 'SIGTERM')
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}
