import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseCli } from '../src/cli-options.ts'
import { createUserAgent, demo, type EmulatorInfo } from '../src/index.ts'
import { basic, PORTAL_REDIRECT, tokensOf, containing, json } from './support.ts'

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

let folder: string
let running: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pierhead-emulator-'))
})

afterEach(async () => {
  await stop('SIGKILL')
  rmSync(folder, { recursive: true })
})

interface Output {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const launch = (args: readonly string[]): { child: ChildProcess; output: Promise<Output> } => {
  const child = spawn(process.execPath, ['--conditions=pierhead-source', CLI, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  return { child, output: once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr })) }
}

const start = async (...args: string[]): Promise<{ info: EmulatorInfo; output: Promise<Output> }> => {
  const { child, output } = launch(['--port', '0', '--info', 'info.json', ...args])
  running = child
  await vi.waitFor(() => expect(existsSync(join(folder, 'info.json'))).toBe(true), { timeout: 60_000 })
  const info = await json<EmulatorInfo>(new Response(readFileSync(join(folder, 'info.json'))))
  return { info, output }
}

const stop = async (signal: NodeJS.Signals): Promise<void> => {
  const child = running
  running = undefined
  if (child === undefined || child.exitCode !== null) return
  const closed = once(child, 'close')
  child.kill(signal)
  await closed
  if (signal === 'SIGKILL') rmSync(join(folder, 'info.json'), { force: true })
}

const credentials = (info: EmulatorInfo): string => {
  const portal = info.clients.find(({ client_id }) => client_id === demo.clients.portal)
  return basic(demo.clients.portal, portal?.client_secret ?? '')
}

const post = (info: EmulatorInfo, form: Record<string, string>): Promise<Response> =>
  fetch(`${info.url}/v2/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { authorization: credentials(info) },
  })

const authorizeUrl = (info: EmulatorInfo, redirect_uri = PORTAL_REDIRECT): URL => {
  const url = new URL('/v2/oauth2/authorize', info.url)
  const parameters = {
    client_id: demo.clients.portal,
    redirect_uri,
    response_type: 'code',
    scope: 'openid',
    access_type: 'offline',
  }
  url.search = new URLSearchParams(parameters).toString()
  return url
}

test('the info file is private and holds what apps and tests need', async () => {
  const { info } = await start('--ephemeral', '--control')
  expect(statSync(join(folder, 'info.json')).mode & 0o777).toBe(0o600)
  expect(Object.keys(info.env)).toEqual(
    ['AUTH', 'TRANSFER', 'GROUPS', 'SEARCH', 'FLOWS', 'COMPUTE', 'TIMER', 'TIMERS'].map(
      (name) => `GLOBUS_SDK_SERVICE_URL_${name}`,
    ),
  )
  expect(new Set(Object.values(info.env))).toEqual(new Set([`${info.url}/`]))
  expect(info.identities.map(({ name, email, organization }) => [name, email, organization])).toContainEqual([
    'Sam',
    null,
    null,
  ])
  expect(info.identities.every(({ password }) => /^[A-Za-z0-9]{16}$/.test(password ?? ''))).toBe(true)
  const secrets = info.clients.map(({ client_id, client_type, client_secret }) => [
    client_id,
    client_type.startsWith('public_'),
    client_secret?.length,
  ])
  expect(secrets).toEqual([
    [demo.clients.portal, false, 44],
    [demo.clients.exampleApp, false, 44],
    [demo.clients.tutorial, true, undefined],
    [demo.clients.cli, true, undefined],
    [demo.clients.browserApp, true, undefined],
    [demo.clients.tideApi, false, 44],
  ])
  expect(info.clients.at(-1)?.scopes).toEqual([demo.scopes.tideApi])
  const keys = ['display_name', 'entity_type', 'high_assurance', 'https_server', 'id', 'owner', 'root']
  expect(info.collections.map((collection) => Object.keys(collection).toSorted())).toContainEqual(keys)
  expect(new URL(info.control?.url ?? '').port).not.toBe(new URL(info.url).port)
})

test('secrets and passwords differ from one world to the next', async () => {
  const { info: one } = await start('--ephemeral')
  await stop('SIGTERM')
  const { info: two } = await start('--ephemeral')
  expect(one.clients[0]?.client_secret).not.toBe(two.clients[0]?.client_secret)
  expect(one.identities[0]?.password).not.toBe(two.identities[0]?.password)
})

describe('REL-66 a restart', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)('after %s forgets nobody', async (signal) => {
    const browser = createUserAgent()
    const first = await start('--data', 'data')
    const back = await browser.authorize(authorizeUrl(first.info), { as: demo.people.maya })
    const code = back.searchParams.get('code') ?? ''
    const tokens = await tokensOf(
      await post(first.info, { grant_type: 'authorization_code', code, redirect_uri: PORTAL_REDIRECT }),
    )
    const unused =
      (await browser.authorize(authorizeUrl(first.info), { as: demo.people.maya })).searchParams.get('code') ?? ''
    const key = await json(await fetch(`${first.info.url}/jwk.json`))
    await stop(signal)

    const { info } = await start('--data', 'data', '--port', new URL(first.info.url).port)
    expect(info.clients).toEqual(first.info.clients)
    expect(info.identities).toEqual(first.info.identities)
    expect(await (await fetch(`${info.url}/jwk.json`)).json()).toEqual(key)
    expect((await post(info, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' })).status).toBe(
      200,
    )
    expect(
      (await post(info, { grant_type: 'authorization_code', code: unused, redirect_uri: PORTAL_REDIRECT })).status,
    ).toBe(200)
    expect((await post(info, { grant_type: 'authorization_code', code, redirect_uri: PORTAL_REDIRECT })).status).toBe(
      400,
    )
    const again = await browser.request(authorizeUrl(info))
    expect(again.headers.get('location')).toMatch(/\?code=/)
  })

  test('keeps its files to their owner', async () => {
    await start('--data', 'data')
    const mode = (name: string): string => (statSync(join(folder, name)).mode & 0o777).toString(8)
    expect(['data', 'data/world.sqlite', 'data/world.sqlite-wal', 'data/world.sqlite-shm'].map(mode)).toEqual([
      '700',
      '600',
      '600',
      '600',
    ])
  })
})

test('REL-34 a signal ends it cleanly and removes the info file, also the one in the data', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { info, output } = await start('--data', 'data')
    expect(await json(new Response(readFileSync(join(folder, 'data/emulator.json'))))).toEqual(info)
    await stop(signal)
    expect(await output).toMatchObject({ code: 0, stdout: containing('not affiliated with Globus') })
    expect(existsSync(join(folder, 'info.json'))).toBe(false)
    expect(existsSync(join(folder, 'data/emulator.json'))).toBe(false)
  }
})

test('a seed adds and replaces people, clients and scopes', async () => {
  const id = '11111111-2222-4333-8444-555555555555'
  const seed = {
    identities: [{ id, username: 'test@globusid.org', name: 'Test Person', password: 'secret' }],
    clients: [
      {
        id: demo.clients.portal,
        name: 'My Portal',
        client_type: 'confidential_client',
        redirect_uris: ['https://portal.example/login'],
        client_secret: 'known',
      },
    ],
    scopes: [
      { id, scope_string: 'https://auth.globus.org/scopes/x/y', client: demo.clients.tideApi, description: 'Do y' },
    ],
  }
  writeFileSync(join(folder, 'seed.json'), JSON.stringify(seed))
  const { info } = await start(
    '--ephemeral',
    '--seed',
    'seed.json',
    '--redirect-uri',
    `${demo.clients.exampleApp}=http://localhost:5001/login`,
  )
  expect(info.identities).toContainEqual({
    id,
    username: 'test@globusid.org',
    password: 'secret',
    password_required: true,
    name: 'Test Person',
    email: null,
    organization: null,
  })
  expect(info.clients.find(({ client_id }) => client_id === demo.clients.portal)).toMatchObject({
    name: 'My Portal',
    client_secret: 'known',
  })
  expect(info.clients.find(({ client_id }) => client_id === demo.clients.exampleApp)?.redirect_uris).toEqual([
    'http://localhost:5000/login',
    'http://localhost:5001/login',
  ])
})

describe('what is wrong is named', () => {
  test.each([
    [['--nonsense'], '--nonsense'],
    [['--ephemeral', '--port', '0', '--seed', 'missing.json'], 'missing.json'],
    [['--ephemeral', '--port', '0', '--redirect-uri', `${demo.clients.portal}=http://portal.example/`], 'uses http'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await launch(args).output
    expect(code).toBe(1)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  test.each([
    [['--port', '80x'], '--port must be a number'],
    [['--port', '65536'], '--port must be a number'],
    [['--data', 'x', '--ephemeral'], 'either --data or --ephemeral'],
    [['--redirect-uri', 'x'], 'CLIENT_ID=URI'],
    [['--control=yes'], '--control'],
    [['surplus'], 'surplus'],
  ])('%j on the command line', (args, message) => {
    expect(() => parseCli(args)).toThrow(message)
  })
})

test('--help tells every option', async () => {
  const { code, stdout } = await launch(['--help']).output
  expect(code).toBe(0)
  const options = [
    'port',
    'host',
    'data',
    'ephemeral',
    'info',
    'seed',
    'redirect-uri',
    'public-url',
    'allow-host',
    'open-inspector',
    'control',
    'collection',
    'data-ports',
    'data-origin-template',
    'tls',
    'pace',
    'sample-data',
    'auto-login',
    'auto-consent',
    'quiet',
    'help',
  ]
  expect(Array.from(stdout.matchAll(/^ {2}--([\w-]+)/gm), ([, name]) => name)).toEqual(options)
})

describe('authorize', () => {
  const url = (origin: string, changes: Record<string, string> = {}): string => {
    const address = new URL('/v2/oauth2/authorize', origin)
    const parameters = { client_id: demo.clients.portal, redirect_uri: PORTAL_REDIRECT, response_type: 'code' }
    address.search = new URLSearchParams({ ...parameters, scope: 'openid', ...changes }).toString()
    return address.href
  }

  test('logs in at a running emulator and prints where the browser goes', async () => {
    const { info } = await start('--ephemeral')
    const done = await launch(['authorize', url(info.url), '--as', 'Maya Okafor']).output
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.stdout).toMatch(/^http:\/\/localhost:8888\/login\?code=\w+\n$/)
    const denied = await launch(['authorize', url(info.url), '--as', demo.people.zoe, '--deny']).output
    expect(denied.code).toBe(1)
    expect(denied.stderr).toContain('access_denied')
  })

  test('prints the bare code where the person would copy it', async () => {
    const { info } = await start('--ephemeral')
    const native = {
      client_id: demo.clients.tutorial,
      redirect_uri: `${info.url}/v2/web/auth-code`,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }
    const { stdout } = await launch(['authorize', url(info.url, native), '--as', 'maya.okafor@harbour.example']).output
    expect(stdout).toMatch(/^\w{30}\n$/)
  })

  test.each([
    [[], 'Give one authorization address'],
    [['nonsense', '--as', 'x'], 'Give one authorization address'],
    [['http://127.0.0.1:1/'], '--as must name who logs in'],
  ])('refuses %j', async (args, words) => {
    expect(await launch(['authorize', ...args]).output).toMatchObject({ code: 1, stderr: containing(words) })
  })
})

test('--auto-login and --auto-consent are said at the start and lead straight back', async () => {
  const { info, output } = await start('--ephemeral', '--auto-login', 'Maya Okafor', '--auto-consent')
  const address = `${info.url}/v2/oauth2/authorize?client_id=${demo.clients.portal}&redirect_uri=${PORTAL_REDIRECT}&response_type=code&scope=openid`
  const first = await fetch(address, { redirect: 'manual' })
  const cookies = first.headers.getSetCookie().map((line) => line.split(';', 1)[0])
  const next = await fetch(new URL(first.headers.get('location') ?? '', info.url), {
    redirect: 'manual',
    headers: { cookie: cookies.join('; ') },
  })
  expect(next.status).toBe(303)
  await stop('SIGTERM')
  const { stdout, stderr } = await output
  expect(stdout).toContain('No login page: everybody is Maya Okafor (--auto-login)')
  expect(stdout).toContain('No consent page: everything is allowed (--auto-consent)')
  expect(stderr).toContain('Maya Okafor is logged in (auto-login) without being asked')
})
