import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createUserAgent, demo, startEmulator, type RunningEmulator } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPythonClients, runPython } from './python-clients.ts'

const clients = findPythonClients()
if (!clients.available)
  console.warn(`Skipped: Transfer driven by the official Python clients, because ${clients.reason}`)

const transfer = 'urn:globus:auth:scope:transfer.api.globus.org:all'
/** What globus-cli wants of Globus Auth before it does anything. */
const authScopes = [
  'openid',
  'profile',
  'email',
  ...['view_identity_set', 'manage_projects'].map((name) => `urn:globus:auth:scope:auth.globus.org:${name}`),
].join(' ')
const { collections: c, people } = demo

describe.skipIf(!clients.available)('Transfer, driven by clients that nobody here wrote', () => {
  let emulator: RunningEmulator
  let folder: string
  let env: Record<string, string>

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pierhead-clients-'))
    emulator = await startEmulator({ port: 0, hosts: ['127.0.0.1'], dataDir: join(folder, 'data') })
    addFiles(emulator)
    const consents = [c.tidalSurveyArchive, c.campusClusterScratch].map(
      (id) => `*https://auth.globus.org/scopes/${id}/data_access`,
    )
    const full = await logIn(emulator, people.maya, `${authScopes} ${transfer}[${consents.join(' ')}]`)
    // Another app, so that the consents given to the first one do not count.
    const bare = await logIn(emulator, people.maya, transfer, {
      client: demo.clients.exampleApp,
      redirect: 'http://localhost:5000/login',
    })
    const sam = await logIn(emulator, people.sam, transfer)
    // After the logins: one of Maya's would wake the task that lost its own.
    const forced = await forceStates(emulator, tokenFor(full, 'transfer.api.globus.org'))
    const paths = Object.fromEntries(emulator.info().collections.map(({ id, root }) => [nameOf(id), root]))
    writeFileSync(
      join(folder, 'world.json'),
      JSON.stringify({
        collections: c,
        people,
        paths,
        tokens: full,
        forced,
        client: { client_id: demo.clients.portal, client_secret: secretOf(emulator, demo.clients.portal) },
        token: tokenFor(full, 'transfer.api.globus.org'),
        token_without_consent: tokenFor(bare, 'transfer.api.globus.org'),
        sam_token: tokenFor(sam, 'transfer.api.globus.org'),
      }),
    )
    env = { ...emulator.info().env, WORLD: join(folder, 'world.json'), HOME: folder }
  })

  afterAll(async () => {
    await emulator.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('answers globus-sdk-python', { timeout: 120_000 }, async () => {
    expect(await run('transfer.py')).toContain('13 steps')
  })

  it('answers globus-cli', { timeout: 300_000 }, async () => {
    expect(await run('transfer-cli.py')).toContain('9 steps')
  })

  function run(script: string): Promise<string> {
    return clients.available ? runPython(clients.python, [join(import.meta.dirname, script)], env) : Promise.resolve('')
  }
})

type Token = Record<string, unknown>

interface App {
  readonly client: string
  readonly redirect: string
}

const portal: App = { client: demo.clients.portal, redirect: 'http://localhost:8888/login' }

function addFiles(emulator: RunningEmulator): void {
  const files: readonly (readonly [collection: string, file: string, content: string | Buffer])[] = [
    [c.tidalSurveyArchive, 'survey/a.csv', 'time,level\n'],
    [c.tidalSurveyArchive, 'survey/b.csv', 'time,level\n1,2\n'],
    [c.tidalSurveyArchive, 'survey/photo.bin', Buffer.alloc(2_500_000, 'photo')],
    [c.tideCrewWorkspace, 'results/table.csv', 'x'],
    [c.mayasLaptop, 'notes.txt', 'x'],
  ]
  for (const [id, file, content] of files) {
    const path = emulator.info().collections.find((collection) => collection.id === id)?.root ?? ''
    mkdirSync(join(path, file, '..'), { recursive: true })
    writeFileSync(join(path, file), content)
  }
}

/** Tasks in the states that tests can force, and what people must be shown about them. */
async function forceStates(emulator: RunningEmulator, token: string): Promise<object[]> {
  const submit = async (destination: string, file: string): Promise<string> => {
    const answer = await fetch(`${emulator.origin}/v0.10/transfer`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        submission_id: crypto.randomUUID(),
        source_endpoint: c.tidalSurveyArchive,
        destination_endpoint: destination,
        DATA: [{ DATA_TYPE: 'transfer_item', source_path: '/survey/a.csv', destination_path: file }],
      }),
    })
    // The documented answer; a refusal has no task_id and fails below.
    const { task_id } = (await answer.json()) as { task_id: string }
    return task_id
  }
  const { engine } = emulator.transfer
  const offline = await submit(c.samsLaptop, '/offline.csv')
  emulator.world.collections.change(c.mayasLaptop, { online: false })
  const paused = await submit(c.mayasLaptop, '/paused.csv')
  engine.pause(paused, true)
  const failed = await submit(c.mayasLaptop, '/failed.csv')
  await engine.fail(failed, 'ENDPOINT_ERROR')
  const inactive = await submit(c.mayasLaptop, '/inactive.csv')
  engine.inactivate(inactive)
  emulator.world.collections.change(c.mayasLaptop, { online: true })
  engine.wake()
  return [
    { task: offline, shows: 'GC_NOT_CONNECTED', event: 'GC_NOT_CONNECTED' },
    { task: paused, shows: 'PAUSED', event: 'PAUSED' },
    { task: failed, shows: 'FAILED', event: 'ENDPOINT_ERROR' },
    { task: inactive, shows: 'INACTIVE', event: 'NO_CREDENTIALS' },
  ]
}

async function logIn(emulator: RunningEmulator, person: string, scope: string, app: App = portal): Promise<Token[]> {
  const { client, redirect } = app
  const url = new URL('/v2/oauth2/authorize', emulator.origin)
  const query = { client_id: client, redirect_uri: redirect, response_type: 'code', access_type: 'offline', scope }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const back = await createUserAgent().authorize(url, { as: person })
  const answer = await fetch(`${emulator.origin}/v2/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: redirect,
    }),
    headers: { authorization: `Basic ${Buffer.from(`${client}:${secretOf(emulator, client)}`).toString('base64')}` },
  })
  // The token response of RFC 6749 with Globus's `other_tokens`.
  const { other_tokens: others, ...first } = (await answer.json()) as Token & { other_tokens: Token[] }
  const expires_at_seconds = Math.floor(Date.now() / 1000) + 3600
  return [first, ...others].map((token) => ({ ...token, expires_at_seconds }))
}

const tokenFor = (tokens: readonly Token[], server: string): string =>
  String(tokens.find((token) => token['resource_server'] === server)?.['access_token'])

const secretOf = (emulator: RunningEmulator, client: string): string => emulator.world.clients.secrets(client)[0] ?? ''

const nameOf = (id: string): string => Object.entries(c).find(([, value]) => value === id)?.[0] ?? id
