import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { capability } from '../../tools/lib/capability.ts'
import { endProgram } from '../../tools/lib/deadline.ts'
import { root } from '../../tools/lib/root.ts'

export type Server = 'apache' | 'nginx'

/** What the command prints for these arguments. */
export function printedConfig(args: readonly string[]): string {
  const cli = join(root, 'packages/pierhead/src/cli.ts')
  return execFileSync(process.execPath, [cli, 'proxy-config', ...args], { encoding: 'utf8' })
}

/** A proxy that is running. */
export interface Front {
  stop(): Promise<void>
}

/** Starts a server of our own around one site, as Debian's own main file would include it. */
export async function startFront(server: Server, { folder, site, port }: FrontOptions): Promise<Front> {
  const program = capability(server)
  if (!program.available) throw new Error(program.reason)
  mkdirSync(join(folder, 'logs'), { recursive: true })
  // Started by root, the workers are another user.
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'site.conf'), site)
  writeFileSync(join(folder, 'main.conf'), main[server](folder))
  const args = server === 'apache' ? ['-D', 'FOREGROUND', '-f'] : ['-p', folder, '-e', join(folder, 'log'), '-c']
  const child = spawn(program.path, [...args, join(folder, 'main.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
  const kill = (): void => void child.kill('SIGTERM')
  process.once('exit', kill)
  await untilListening(child, port, join(folder, 'log'))
  return {
    async stop() {
      process.off('exit', kill)
      await endProgram(child, 'SIGTERM')
    },
  }
}

export interface FrontOptions {
  /** Its own folder, empty. */
  readonly folder: string
  readonly site: string
  readonly port: number
}

/** The modules that the printed instructions turn on, and those that Debian has on anyway. */
const modules = ['mpm_event', 'authz_core', 'alias', 'reqtimeout', 'ssl', 'headers', 'proxy', 'proxy_http']
const isRoot = process.getuid?.() === 0

const main: Readonly<Record<Server, (folder: string) => string>> = {
  apache: (folder) => `ServerRoot "${folder}"
ServerName localhost
PidFile "${folder}/pid"
ErrorLog "${folder}/log"
DefaultRuntimeDir "${folder}"
Define APACHE_LOG_DIR "${folder}/logs"
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
${isRoot ? 'User www-data\nGroup www-data' : ''}
Include "${folder}/site.conf"
`,
  nginx: (folder) => `${isRoot ? 'user www-data;' : ''}
daemon off;
pid ${folder}/pid;
error_log ${folder}/log;
events {}
http {
  access_log ${folder}/logs/access;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include ${folder}/site.conf;
}
`,
}

async function untilListening(child: ChildProcess, port: number, log: string): Promise<void> {
  let said = ''
  child.stderr?.on('data', (part) => (said += String(part)))
  for (let tries = 0; tries < 600 && child.exitCode === null; tries += 1) {
    if (await answers(port)) return
    await delay(100)
  }
  child.kill('SIGTERM')
  throw new Error(`The proxy does not listen:\n${said}${existsSync(log) ? readFileSync(log, 'utf8') : ''}`)
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const done = (is: boolean): void => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => done(true)).once('error', () => done(false))
  })
}
