#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { needsPassword } from './auth/needs-password.ts'
import { authorizeUsage, parseAuthorize, runAuthorize } from './cli-authorize.ts'
import { runClient } from './cli-client.ts'
import { runEnv } from './cli-env.ts'
import { execUsage, readExec, runExec } from './cli-exec.ts'
import { trustVariables } from './client-environment.ts'
import { parseCli, usage, type CliOptions } from './cli-options.ts'
import { runWorld } from './cli-world.ts'
import { removeInfo, writeInfo } from './info-file.ts'
import { infoFileIn } from './running-emulator.ts'
import { silentLog, standardErrorLog } from './log.ts'
import { parseSeed } from './seed.ts'
import { startEmulator, type RunningEmulator } from './server.ts'

const [command, ...rest] = process.argv.slice(2)
try {
  if (command === 'client') process.stdout.write(await runClient(rest))
  else if (command === 'env') process.stdout.write(await runEnv(rest))
  else if (command === 'world') process.stdout.write(runWorld(rest))
  else if (command === 'exec') await exec(rest)
  else await (command === 'authorize' ? authorize(rest) : serve())
} catch (error) {
  process.stderr.write(`pierhead-emulator: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function authorize(args: readonly string[]): Promise<void> {
  const cli = parseAuthorize(args)
  process.stdout.write(cli === 'help' ? authorizeUsage : `${await runAuthorize(cli)}\n`)
}

async function exec(args: readonly string[]): Promise<void> {
  const order = await readExec(args, process.env)
  if (order === 'help') {
    process.stdout.write(execUsage)
    return
  }
  const end = await runExec(order)
  if (typeof end === 'number') process.exitCode = end
  else process.kill(process.pid, end)
}

async function serve(): Promise<void> {
  const options = parseCli(process.argv.slice(2))
  if (options.help) process.stdout.write(usage)
  else await run(options)
}

async function run(options: CliOptions): Promise<void> {
  const emulator = await startEmulator({
    port: options.port,
    hosts: options.hosts,
    dataDir: options.dataDir,
    seed: options.seed === undefined ? undefined : parseSeed(readFileSync(options.seed, 'utf8')),
    redirectUris: options.redirectUris,
    origin: options.publicUrl,
    allowHosts: options.allowHosts,
    openInspector: options.openInspector,
    control: options.control,
    collections: options.collections,
    sampleData: options.sampleData,
    dataPorts: options.dataPorts,
    dataOriginTemplate: options.dataOriginTemplate,
    tls: options.tls,
    behaviour: { pace: options.pace, autoLogin: options.autoLogin ?? null, autoConsent: options.autoConsent },
    log: options.quiet ? silentLog : standardErrorLog,
  })
  for (const { name, path, writable } of options.collections) warnAbout(name, path, writable)
  const files = infoFiles(options)
  for (const file of files) writeInfo(file, emulator.info())
  stopOnSignal(emulator, files)
  process.stdout.write(
    `Local Globus emulator at ${emulator.origin} (not affiliated with Globus)\n${filesLine(emulator)}${trustLines(options, emulator)}${automatic(options)}${passwordLines(emulator)}`,
  )
}

/** Where files are served, so that nobody has to look for the ports. */
function filesLine(emulator: RunningEmulator): string {
  const origins = emulator.info().collections.flatMap(({ https_server: server }) => server ?? [])
  const [first, last] = [origins[0], origins.at(-1)]
  return first === undefined
    ? ''
    : `Files of ${origins.length} collections at ${first} to ${last} (HTTPS data access)\n`
}

/** How clients learn to trust the certificates. */
function trustLines({ tls }: CliOptions, emulator: RunningEmulator): string {
  if (!tls) return ''
  const { env } = emulator.info()
  return ['For clients to trust them:', ...trustVariables.map((name) => `  export ${name}=${env[name]}`), ''].join('\n')
}

/** The file that was asked for, and one in the data directory for `env` and `exec`. */
function infoFiles({ info, dataDir }: CliOptions): readonly string[] {
  return [...(dataDir === undefined ? [] : [infoFileIn(dataDir)]), ...(info === undefined ? [] : [info])]
}

/** What a person must know who wonders why no page asks anything. */
function automatic({ autoLogin, autoConsent }: CliOptions): string {
  const login = autoLogin === undefined ? '' : `No login page: everybody is ${autoLogin} (--auto-login)\n`
  return autoConsent ? `${login}No consent page: everything is allowed (--auto-consent)\n` : login
}

/** Who cannot log in by a click alone, and what to type. */
function passwordLines({ world }: RunningEmulator): string {
  const everybody = world.identities.people().flatMap(({ id }) => world.identities.account(id))
  const lines = everybody.flatMap((one) => {
    const reason = needsPassword(one, world)
    return reason === undefined ? [] : [`Password of ${one.username}: ${one.password} (asked for, because ${reason})\n`]
  })
  return lines.join('')
}

function warnAbout(name: string, path: string, writable: boolean): void {
  const what = writable ? 'read, changed and deleted' : 'read'
  process.stderr.write(`warning: everything in ${path} can be ${what} through the collection ${name}\n`)
}

function stopOnSignal(emulator: RunningEmulator, files: readonly string[]): void {
  const stop = (): void => {
    // A second signal must be able to end a process that hangs while closing.
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM')
    for (const file of files) removeInfo(file)
    void emulator.close()
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
}
