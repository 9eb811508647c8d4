import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runClient } from '../src/cli-client.ts'
import { runEnv } from '../src/cli-env.ts'
import { readExec } from '../src/cli-exec.ts'
import { demo, startEmulator } from '../src/index.ts'

const cli = ['--conditions=pierhead-source', fileURLToPath(new URL('../src/cli.ts', import.meta.url))]
let folder: string
let emulator: ChildProcess
let data: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pierhead-emulator-'))
  data = join(folder, 'data')
  const args = ['--port', '0', '--data', data, '--no-sample-data', '--quiet']
  emulator = spawn(process.execPath, [...cli, ...args], { stdio: 'ignore' })
  await vi.waitUntil(() => existsSync(join(data, 'emulator.json')), { timeout: 60_000 })
})

afterAll(async () => {
  const closed = once(emulator, 'close')
  emulator.kill('SIGTERM')
  await closed
  rmSync(folder, { recursive: true })
})

const variables = async (...args: string[]): Promise<Record<string, string>> =>
  // What runEnv wrote a moment before.
  JSON.parse(await runEnv(['--data', data, '--format', 'json', ...args])) as Record<string, string>

/** Runs a script in Node under `exec`, and gives what it printed. */
const exec = (options: readonly string[], script: string, env: NodeJS.ProcessEnv = process.env) =>
  spawnSync(process.execPath, [...cli, 'exec', '--data', data, ...options, '--', process.execPath, '-e', script], {
    encoding: 'utf8',
    env,
  })

describe('env', () => {
  test('finds the emulator by the file that it keeps in its data while it runs', async () => {
    expect(statSync(join(data, 'emulator.json')).mode & 0o777).toBe(0o600)
    const { GLOBUS_SDK_SERVICE_URL_AUTH: url } = await variables()
    expect((await fetch(`${url}jwk.json`)).status).toBe(200)
  })

  test('knows an app that was registered after the start', async () => {
    const redirect = ['--redirect-uri', 'http://localhost:7000/login']
    const lines = await runClient(['add', '--name', 'Tide Viewer', ...redirect, '--data', data])
    const { GLOBUS_CLIENT_ID: id, GLOBUS_CLIENT_SECRET: secret, ...others } = await variables('--client', 'Tide Viewer')
    expect(lines).toContain(`GLOBUS_CLIENT_ID=${id}\nGLOBUS_CLIENT_SECRET=${secret}\n`)
    expect(others).toHaveProperty('GLOBUS_REDIRECT_URI', 'http://localhost:7000/login')
    expect(lines).toContain(`GLOBUS_SDK_SERVICE_URL_AUTH=${others['GLOBUS_SDK_SERVICE_URL_AUTH']}\n`)
  })

  test('gives Python an environment of its own, and nobody else', async () => {
    expect(await variables('--for', 'python')).toHaveProperty('GLOBUS_SDK_ENVIRONMENT', 'pierhead')
    expect(await variables('--for', 'node')).not.toHaveProperty('GLOBUS_SDK_ENVIRONMENT')
    expect(await variables('--for', 'browser')).not.toHaveProperty('GLOBUS_SDK_ENVIRONMENT')
  })

  test('writes lines that a shell can eval', async () => {
    const expected = await variables('--client', demo.clients.portal)
    const lines = await runEnv(['--data', data, '--client', demo.clients.portal])
    const { stdout } = spawnSync('sh', ['-c', `${lines}env`], { encoding: 'utf8', env: { PATH: process.env['PATH'] } })
    for (const [name, value] of Object.entries(expected)) expect(stdout).toContain(`${name}=${value}\n`)
  })

  test('writes files that Node reads', async () => {
    const expected = await variables('--client', demo.clients.portal)
    for (const format of ['dotenv', 'github']) {
      const file = join(folder, format)
      writeFileSync(file, await runEnv(['--data', data, '--client', demo.clients.portal, '--format', format]))
      const script = `const names = ${JSON.stringify(Object.keys(expected))}
        console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, process.env[name]]))))`
      const { stdout } = spawnSync(process.execPath, [`--env-file=${file}`, '-e', script], { encoding: 'utf8' })
      expect(JSON.parse(stdout)).toEqual(expected)
    }
  })

  test('asks the control API of an emulator that keeps nothing', async () => {
    await using running = await startEmulator({ port: 0, control: true })
    const info = join(folder, 'info.json')
    writeFileSync(info, JSON.stringify(running.info()))
    const { clientId } = running.registerApp({ name: 'Later', type: 'thick-client', redirectUris: [] })
    expect(await runEnv(['--info', info, '--client', 'Later'])).toContain(clientId)
  })

  test.each([
    [['--format', 'xml'], '--format must be one of sh, dotenv, json, github, not xml'],
    [['--for', 'ruby'], '--for must be one of python, node, browser, not ruby'],
    [['--client', 'nobody'], 'There is no client'],
    [['--info', 'x'], 'either --info or --data'],
    [['--colour'], "Unknown option '--colour'"],
  ])('%j is refused, saying why', async (args, message) => {
    await expect(runEnv(['--data', data, ...args])).rejects.toThrow(message)
  })

  test('where no emulator runs is refused, saying what to do', async () => {
    await expect(runEnv(['--data', join(folder, 'none')])).rejects.toThrow(/No emulator runs here.*--url/)
  })
})

describe('exec', () => {
  test('hands over the services and the registration', () => {
    const script =
      'console.log(process.env.GLOBUS_CLIENT_ID, process.env.GLOBUS_SDK_SERVICE_URL_TIMERS, process.argv[1])'
    const { stdout, status } = exec(['--client', 'Harbour Portal'], script)
    expect(stdout).toMatch(new RegExp(`^${demo.clients.portal} http://127\\.0\\.0\\.1:\\d+/ undefined\n$`))
    expect(status).toBe(0)
  })

  test('ends with the exit code of the program', () => {
    expect(exec([], 'process.exit(7)').status).toBe(7)
  })

  test('ends by the signal that ended the program', () => {
    expect(exec([], "process.kill(process.pid, 'SIGKILL')").signal).toBe('SIGKILL')
  })

  test('passes signals on', async () => {
    const script = "process.on('SIGTERM', () => process.exit(3)); setInterval(() => {}, 1000); console.log('ready')"
    const command = [...cli, 'exec', '--data', data, '--', process.execPath, '-e', script]
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] })
    const closed = once(child, 'close')
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await closed).toEqual([3, null])
  })

  test('keeps a program of Node from the environment name that only Python may have', () => {
    const script = 'console.log(process.env.GLOBUS_SDK_ENVIRONMENT)'
    expect(exec([], script, { ...process.env, GLOBUS_SDK_ENVIRONMENT: 'pierhead' }).stdout).toBe('undefined\n')
    expect(exec([], script, { ...process.env, GLOBUS_SDK_ENVIRONMENT: 'preview' }).stdout).toBe('preview\n')
    expect(exec(['--for', 'python'], script).stdout).toBe('pierhead\n')
  })

  test.each([
    ['globus', true],
    ['/usr/bin/python3.11', true],
    ['pytest', true],
    ['npm', false],
    ['node', false],
  ])('takes %s for a Python program: %s', async (command, isPython) => {
    const order = await readExec(['--data', data, '--', command, '--flag'], {})
    expect(order).toMatchObject({ command, args: ['--flag'] })
    expect(JSON.stringify(order).includes('GLOBUS_SDK_ENVIRONMENT')).toBe(isPython)
  })

  test('keeps a proxy out of the way to the emulator', async () => {
    const env = { HTTP_PROXY: 'http://proxy.example', NO_PROXY: 'intranet.example' }
    expect(await readExec(['--data', data, '--', 'node'], env)).toMatchObject({
      env: { HTTP_PROXY: 'http://proxy.example', NO_PROXY: 'intranet.example,127.0.0.1,localhost' },
    })
    expect(JSON.stringify(await readExec(['--data', data, '--', 'node'], {}))).not.toMatch(/no_proxy/i)
  })

  test('says when the program cannot be started', () => {
    const command = [...cli, 'exec', '--data', data, '--', join(folder, 'missing')]
    const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, expect.stringContaining('missing cannot be started')])
  })

  test.each([[['npm']], [[]], [['--']]])('%j is refused without a program after --', async (args) => {
    await expect(readExec(['--data', data, ...args], {})).rejects.toThrow('Give the program after --')
  })
})
