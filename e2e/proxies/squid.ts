import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { capability } from '../../tools/lib/capability.ts'
import { endProgram } from '../../tools/lib/deadline.ts'
import { freePort } from '../../tools/lib/ports.ts'

/** An institute's outgoing proxy. */
export interface Squid {
  /** For `HTTPS_PROXY`. */
  readonly url: string
  /** A line for each request that went through. */
  readonly log: () => string
  stop(): Promise<void>
}

const patience = 60_000

/** Starts a squid that lets through what leads to one port of this machine. */
export async function startSquid(globusPort: number): Promise<Squid> {
  const program = capability('squid')
  if (!program.available) throw new Error(program.reason)
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-squid-'))
  // Started by root, it becomes another user.
  chmodSync(folder, 0o777)
  const port = await freePort()
  const log = join(folder, 'access.log')
  writeFileSync(join(folder, 'squid.conf'), configuration({ folder, port, globusPort }))
  const child = spawn(program.path, ['-N', '-f', join(folder, 'squid.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const until = performance.now() + patience
  while (!(await listens(port))) {
    if (child.exitCode !== null || performance.now() > until) throw new Error(`squid did not start:\n${said}`)
    await delay(100)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    async stop() {
      process.off('exit', kill)
      await endProgram(child, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configuration({ folder, port, globusPort }: { folder: string; port: number; globusPort: number }): string {
  return `http_port 127.0.0.1:${port}
pid_filename ${folder}/pid
access_log stdio:${folder}/access.log
cache_log ${folder}/cache.log
coredump_dir ${folder}
cache deny all
acl globus port ${globusPort}
http_access allow globus
http_access deny all
`
}

async function listens(port: number): Promise<boolean> {
  // It refuses what does not lead to Globus: an answer all the same.
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )
}
