import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { root as repository } from '../lib/root.ts'
import { nextFreePort } from '../lib/ports.ts'
import { makeServers } from './fixture-servers.ts'
import { isRunning, type Program, startProgram, until } from './processes.ts'

interface Start extends Program {
  readonly root: string
  readonly port: number
  readonly emulatorPort: number
}

let firstPort = 22_000 + (process.pid % 1000) * 10

/** A tree with this repository's tooling around the fixture servers. */
function makeRepository(more: Readonly<Record<string, string>> = {}): string {
  const { root } = makeServers(more)
  mkdirSync(join(root, 'tools'))
  for (const folder of ['lib', 'tasks'])
    cpSync(join(repository, 'tools', folder), join(root, 'tools', folder), { recursive: true })
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
  return root
}

async function start(
  options: { root?: string; args?: string[]; env?: NodeJS.ProcessEnv; task?: string } = {},
): Promise<Start> {
  const root = options.root ?? makeRepository()
  firstPort += 10
  const port = await nextFreePort(firstPort)
  const emulatorPort = await nextFreePort(firstPort + 5)
  const env = {
    PORT: String(port),
    EMULATOR_PORT: String(emulatorPort),
    PIERHEAD_GLOBUS: '',
    SESSION_SECRET: '',
    ...options.env,
  }
  const file = join(root, 'tools/tasks', `${options.task ?? 'start'}.ts`)
  return { ...startProgram([process.execPath, file, ...(options.args ?? [])], env, root), root, port, emulatorPort }
}

/** What the portal was started with. */
async function portalOf(port: number): Promise<{ pid: number; env: Record<string, string> }> {
  const response = await fetch(`http://127.0.0.1:${port}/`)
  // The fixture's own answer.
  return (await response.json()) as { pid: number; env: Record<string, string> }
}

async function pidsOf({ port, emulatorPort }: Start): Promise<number[]> {
  const emulator = await fetch(`http://127.0.0.1:${emulatorPort}/`)
  return [Number(await emulator.text()), (await portalOf(port)).pid]
}

test('S1.33 starts both and says which Globus, where, who and what to try', async () => {
  const program = await start()
  await program.printed(/Ctrl-C/)
  const output = program.output()
  expect(output).toContain(`Globus   a local emulator at http://127.0.0.1:${program.emulatorPort} (`)
  expect(output).toContain(`Portal   http://localhost:${program.port}\n`)
  expect(output).toMatch(/Maya Okafor +maya@harbour\.example +Harbour University\n/)
  expect(output).not.toContain('Harbour Portal')
  expect(output).not.toContain('tide-tables')
  expect(output).toMatch(/1\. Open .*\n.*Choose Maya Okafor, then Allow\.\n/)
  expect(output).toContain('a line of the portal\n')
  expect(output).not.toContain('portal ready')
})

test('prints passwords only when asked to', async () => {
  const program = await start({ args: ['--show-passwords'] })
  await program.printed(/Ctrl-C/)
  expect(program.output()).toMatch(/maya@harbour\.example +Harbour University +tide-tables\n/)
})

test('gives the portal its client, its redirect, its secret and its data', async () => {
  const program = await start()
  await program.printed(/Ctrl-C/)
  const { env } = await portalOf(program.port)
  expect(env).toMatchObject({
    GLOBUS_CLIENT_ID: 'portal',
    GLOBUS_CLIENT_SECRET: 'hush',
    GLOBUS_REDIRECT_URI: `http://localhost:${program.port}/login`,
    GLOBUS_SDK_SERVICE_URL_AUTH: `http://127.0.0.1:${program.emulatorPort}/`,
    PIERHEAD_DATA: join(program.root, '.pierhead'),
  })
  expect(env.SESSION_SECRET).toMatch(/^[\w-]{43}$/)
})

test.each([{ SESSION_STORE_URL: 'redis://127.0.0.1:6379' }, { NODE_ENV: 'production' }])(
  'makes no secret up for a portal that shares its sessions or is in production: %o',
  async (env) => {
    const program = await start({ env })
    await program.printed(/Ctrl-C/)
    expect((await portalOf(program.port)).env).not.toHaveProperty('SESSION_SECRET')
  },
)

test('keeps the data between starts and forgets it with --fresh', async () => {
  const root = makeRepository()
  const startsSeen: string[] = []
  const secrets: string[] = []
  for (const args of [[], [], ['--fresh']]) {
    const program = await start({ root, args })
    await program.printed(/Ctrl-C/)
    const { env } = await portalOf(program.port)
    startsSeen.push(env.STARTS ?? '')
    secrets.push(env.SESSION_SECRET ?? '')
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
  }
  expect(startsSeen).toEqual(['+', '++', '+'])
  expect(secrets[1]).toBe(secrets[0])
  expect(secrets[2]).not.toBe(secrets[0])
})

test('moves to the next free ports and says so', async () => {
  const wanted = { port: await nextFreePort(19_000 + (process.pid % 900)), host: '127.0.0.1' }
  const occupant = createServer().listen(wanted)
  onTestFinished(() => void occupant.close())
  const program = await start({ env: { PORT: String(wanted.port) } })
  const [, port] = await program.printed(/Port \d+ is busy: the portal uses (\d+), and the emulator knows/)
  await program.printed(/Ctrl-C/)
  expect((await portalOf(Number(port))).env.GLOBUS_REDIRECT_URI).toBe(`http://localhost:${port}/login`)
})

test('a second start beside the first keeps its own data and says so', async () => {
  const root = makeRepository()
  const first = await start({ root })
  await first.printed(/Ctrl-C/)
  const second = await start({ root })
  await second.printed(/Ctrl-C/)
  expect(second.output()).toContain(
    `is in use by process ${first.child.pid}: this start keeps its data in ${join(root, '.pierhead-2')}.`,
  )
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends everything at %s', async (signal) => {
  const program = await start()
  await program.printed(/Ctrl-C/)
  const pids = await pidsOf(program)
  program.child.kill(signal)
  expect(await program.ended).toBe(0)
  expect(pids.filter(isRunning)).toEqual([])
  expect(existsSync(join(program.root, '.pierhead/running.pid'))).toBe(false)
})

test('leaves nothing behind when it is killed without a chance to clean up', async () => {
  const program = await start()
  await program.printed(/Ctrl-C/)
  const pids = await pidsOf(program)
  program.child.kill('SIGKILL')
  expect(await until(() => (pids.some(isRunning) ? undefined : 'all gone'))).toBe('all gone')
})

test.each([
  ['emulator', 'The emulator ended (exit code 3).'],
  ['portal', 'The portal ended (exit code 4).'],
])('stops the other and says why when the %s dies', async (which, reason) => {
  const program = await start()
  await program.printed(/Ctrl-C/)
  const pids = await pidsOf(program)
  const port = which === 'portal' ? program.port : program.emulatorPort
  await fetch(`http://127.0.0.1:${port}/crash`).catch(() => undefined)
  expect(await program.ended).toBe(1)
  expect(program.output()).toContain(reason)
  expect(pids.filter(isRunning)).toEqual([])
})

test('fails with the reason when the portal does not come up', async () => {
  const program = await start({ root: makeRepository({ 'apps/portal/src/main.ts': 'process.exit(7)' }) })
  expect(await program.ended).toBe(1)
  expect(program.output()).toBe('The portal ended (exit code 7).\n')
})

test('reads .env, which never overrides the environment', async () => {
  const root = makeRepository({ '.env': 'PIERHEAD_GLOBUS=production\nGLOBUS_CLIENT_ID=from-file\nPORT=1\n' })
  const program = await start({ root, env: { PIERHEAD_GLOBUS: 'preview', GLOBUS_CLIENT_SECRET: '' } })
  expect(await program.ended).toBe(1)
  expect(program.output()).toMatch(/^PIERHEAD_GLOBUS=preview uses the real Globus and needs/)
  expect(program.output()).not.toContain('GLOBUS_CLIENT_ID:')
})

test('with the real Globus starts the portal alone, without addresses of the emulator', async () => {
  const client = { GLOBUS_CLIENT_ID: 'own', GLOBUS_CLIENT_SECRET: 'own-secret' }
  const root = makeRepository({ 'packages/emulator/src/cli.ts': 'process.exit(9)' })
  const port = await nextFreePort(18_000 + (process.pid % 900))
  const env = {
    ...client,
    PIERHEAD_GLOBUS: 'production',
    PORT: '',
    GLOBUS_REDIRECT_URI: `http://localhost:${port}/login`,
    GLOBUS_SDK_SERVICE_URL_TRANSFER: 'http://127.0.0.1:8889/transfer',
  }
  const program = await start({ root, env })
  await program.printed(/Globus {3}the real one \(production\)/)
  const portal = await portalOf(port)
  expect(portal.env).toMatchObject({ ...client, GLOBUS_SDK_SERVICE_URL_AUTH: 'https://auth.globus.org/' })
  expect(portal.env.GLOBUS_SDK_SERVICE_URL_TRANSFER).toBeUndefined()
})

test('names an option that it does not know', async () => {
  const program = await start({ args: ['--fersh'] })
  expect(await program.ended).toBe(1)
  expect(program.output()).toContain("Unknown option '--fersh'")
})

test('S1.29 dev starts the portal anew when its source or the kit changes, and both for the emulator', async () => {
  const program = await start({ task: 'dev' })
  await program.printed(/Ctrl-C/)
  const before = await pidsOf(program)
  writeFileSync(join(program.root, 'packages/pierhead/src/index.ts'), 'export const changed = 1\n')
  await program.printed(/started anew after a change in packages\/pierhead\/src/)
  const between = await pidsOf(program)
  expect([between[0] === before[0], between[1] === before[1]]).toEqual([true, false])
  writeFileSync(join(program.root, 'packages/emulator/src/more.ts'), '')
  await program.printed(/started anew after a change in packages\/emulator\/src/)
  const after = await pidsOf(program)
  expect([after[0] === between[0], after[1] === between[1]]).toEqual([false, false])
  program.child.kill('SIGINT')
  expect(await program.ended).toBe(0)
  expect(after.filter(isRunning)).toEqual([])
})

test('dev survives a slip in the source and recovers with the next change', async () => {
  const program = await start({ task: 'dev' })
  await program.printed(/Ctrl-C/)
  const main = join(program.root, 'apps/portal/src/main.ts')
  const spare = join(program.root, 'spare.ts')
  cpSync(main, spare)
  writeFileSync(main, 'this is not a program')
  await program.printed(/The portal ended \(exit code 1\)/)
  cpSync(spare, main)
  rmSync(spare)
  await program.printed(/started anew/)
  expect((await portalOf(program.port)).pid).toBeGreaterThan(0)
})
