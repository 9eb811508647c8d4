import { execFile } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { capability } from './capability.ts'
import { endProgram } from './deadline.ts'
import { startProgram, type OwnServer } from './own-server.ts'

export interface PostgresServer extends OwnServer {
  readonly folder: string
  /** For `new Pool({ connectionString })`. */
  readonly url: string
}

export interface PostgresServerOptions {
  /** Further settings: `{ default_transaction_read_only: 'on' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** The folder and port of a server that was stopped with its data kept, to start it again. */
  readonly again?: { readonly folder: string; readonly port: number }
}

const run = promisify(execFile)

/** Starts a PostgreSQL server with a new, empty database cluster that does not wait for the disk. */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const program = capability('postgres')
  if (!program.available) throw new Error(program.reason)
  const binaries = dirname(realpathSync(program.path))
  const user = await serverUser()
  const folder = options.again?.folder ?? (await makeCluster(binaries, user))
  const fixed = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', shared_buffers: '32MB' }
  const settings = Object.entries({ ...fixed, ...options.settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const child = await startProgram({
    path: join(binaries, 'postgres'),
    args: (port) => ['-D', folder, '-p', String(port), ...settings],
    ready: 'ready to accept',
    ...(user === undefined ? {} : { user }),
    ...(options.again === undefined ? {} : { port: options.again.port }),
  })
  return {
    ...child,
    folder,
    url: `postgres://postgres@127.0.0.1:${child.port}/postgres`,
    async stop({ keepData = false } = {}) {
      await endProgram(child.process, 'SIGINT')
      if (!keepData) await rm(folder, { recursive: true, force: true })
    },
  }
}

async function makeCluster(binaries: string, user: Awaited<ReturnType<typeof serverUser>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pierhead-postgres-'))
  if (user !== undefined) await chown(folder, user.uid, user.gid)
  await chmod(folder, 0o700)
  const options = ['--auth=trust', '--no-sync', '--username=postgres', '--encoding=UTF8', '--locale=C']
  await run(join(binaries, 'initdb'), ['-D', folder, ...options], { ...user, cwd: folder })
  return folder
}

/** PostgreSQL refuses to run as root; Debian's package makes a user for it. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (what) => Number((await run('id', [what, 'postgres'])).stdout)),
  )
  if (uid === undefined || gid === undefined) throw new Error('There is no user postgres.')
  return { uid, gid }
}
