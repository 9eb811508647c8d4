import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runClient } from '../src/cli-client.ts'
import { createEmulator, startEmulator } from '../src/index.ts'
import { basic } from './support.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pierhead-emulator-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const parse = (lines: string): Record<string, string> =>
  Object.fromEntries(
    lines
      .trim()
      .split('\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

/** A token by the client's own credentials. */
const tokenRequest = (origin: string, env: Record<string, string>): Request =>
  new Request(`${origin}/v2/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'openid' }),
    headers: { authorization: basic(env['GLOBUS_CLIENT_ID'] ?? '', env['GLOBUS_CLIENT_SECRET'] ?? '') },
  })

test('client add writes to the data of an emulator, which knows the client when it starts', () => {
  const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
  const options = ['--name', 'Tide Viewer', '--redirect-uri', 'http://localhost:7000/login', '--data', folder]
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=pierhead-source', cli, 'client', 'add', ...options, '--url', 'http://localhost:9000/'],
    { encoding: 'utf8' },
  )
  expect([status, stderr]).toEqual([0, ''])
  const env = parse(stdout)
  expect(env).toMatchObject({
    GLOBUS_REDIRECT_URI: 'http://localhost:7000/login',
    GLOBUS_SDK_SERVICE_URL_AUTH: 'http://localhost:9000/',
  })
  const emulator = createEmulator({ dataDir: folder })
  try {
    expect(emulator.world.clients.find(env['GLOBUS_CLIENT_ID'] ?? '')).toMatchObject({
      name: 'Tide Viewer',
      clientType: 'confidential_client',
      redirectUris: ['http://localhost:7000/login'],
    })
  } finally {
    emulator.close()
  }
})

test('client add writes to the data of an emulator that runs, which knows the client at once', async () => {
  const emulator = createEmulator({ dataDir: folder })
  try {
    const env = parse(await runClient(['add', '--name', 'Robot', '--type', 'service-account', '--data', folder]))
    expect((await emulator.fetch(tokenRequest(emulator.origin, env))).status).toBe(200)
  } finally {
    emulator.close()
  }
})

test('client add reaches an emulator without data by its control API', async () => {
  await using emulator = await startEmulator({ port: 0, control: true })
  const file = join(folder, 'info.json')
  writeFileSync(file, JSON.stringify(emulator.info()))
  const env = parse(await runClient(['add', '--name', 'Robot', '--type', 'client_identity', '--info', file]))
  expect(env['GLOBUS_SDK_SERVICE_URL_AUTH']).toBe(`${emulator.origin}/`)
  expect((await fetch(tokenRequest(emulator.origin, env))).status).toBe(200)
  await expect(runClient(['add', '--name', ' ', '--info', file])).rejects.toThrow('name is missing')
})

test('client add for a thick client prints no secret', async () => {
  const env = parse(await runClient(['add', '--name', 'Tool', '--type', 'thick-client', '--data', folder]))
  expect(Object.keys(env)).toEqual(['GLOBUS_CLIENT_ID', 'GLOBUS_SDK_SERVICE_URL_AUTH'])
})

test.each([
  [['remove'], 'There is no command client remove'],
  [['add'], '--name is missing'],
  [['add', '--name', 'x', '--type', 'magic'], 'type must be one of portal, thick-client'],
  [['add', '--name', 'x', '--redirect-uri', '/login'], 'is not an absolute address'],
  [['add', '--name', 'x', '--colour', 'red'], "Unknown option '--colour'"],
  [['add', '--name', 'x', '--info', 'a', '--data', 'b'], 'either --data or --info'],
])('client %j is refused, saying why', async (args, message) => {
  const data = args.includes('--data') ? [] : ['--data', folder]
  await expect(runClient([...args, ...(args.length > 1 ? data : [])])).rejects.toThrow(message)
})

test('an info file without the control API is refused, saying what to do', async () => {
  const file = join(folder, 'info.json')
  writeFileSync(file, '{}')
  await expect(runClient(['add', '--name', 'x', '--info', file])).rejects.toThrow('start the emulator with --control')
})

test.each([[[]], [['--help']], [['add', '--help']]])('client %j prints its options', async (args) => {
  expect(await runClient(args)).toContain('--redirect-uri URI')
})
