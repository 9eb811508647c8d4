import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createEmulator, createUserAgent, demo, type Emulator, type EmulatorOptions } from '../../src/index.ts'

export const TRANSFER = 'urn:globus:auth:scope:transfer.api.globus.org:all'
const REDIRECT = 'http://localhost:8888/login'

export type Json = Record<string, unknown>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
  /** The list in `DATA`. */
  readonly data: readonly Json[]
}

/** Somebody who calls Transfer. */
export interface Person {
  get(path: string, query?: Record<string, string>): Promise<Answer>
  send(method: string, path: string, body?: object): Promise<Answer>
  /** Submits a transfer and gives the id of its task. */
  transfer(document: Json): Promise<string>
  delete(document: Json): Promise<string>
}

export interface TransferRig {
  readonly emulator: Emulator
  readonly dataDir: string
  as(person: string, collections?: readonly string[]): Promise<Person>
  /** Where a file of a collection is on this machine. */
  path(collection: string, ...names: string[]): string
  write(collection: string, name: string, content: string | Buffer): Promise<void>
  read(collection: string, name: string): Promise<string>
  /** Waits for the end of a task and gives its document. */
  ended(task: string, by: Person): Promise<Json>
}

/** An emulator with a directory of its own, which goes with the test. */
export function createTransferRig(options: EmulatorOptions = {}): TransferRig {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'pierhead-test-'))
  const emulator = createEmulator({ dataDir, ...options })
  onTestFinished(() => {
    emulator.close()
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  })
  const path: TransferRig['path'] = (collection, ...names) => {
    const found = emulator.world.collections.find(collection)
    if (found === undefined) throw new Error('no such collection')
    const { path } = emulator.transfer.roots.rootOf(found)
    return join(path, ...found.base.split('/'), ...names)
  }
  return {
    emulator,
    dataDir,
    path,
    as: async (person, collections = []) => personWith(await logIn(emulator, person, collections), emulator),
    write: async (collection, name, content) => {
      await mkdir(dirname(path(collection, name)), { recursive: true })
      await writeFile(path(collection, name), content)
    },
    read: (collection, name) => readFile(path(collection, name), 'utf8'),
    ended: async (task, by) => {
      await emulator.transfer.engine.ended(task)
      return (await by.get(`/v0.10/task/${task}`)).body
    },
  }
}

/** Logs a person in at the portal, with consent to use those mapped collections, and gives the token for Transfer. */
export async function logIn(emulator: Emulator, person: string, collections: readonly string[]): Promise<string> {
  const access = collections.map((id) => `*https://auth.globus.org/scopes/${id}/data_access`).join(' ')
  const url = new URL('/v2/oauth2/authorize', emulator.origin)
  const scope = access === '' ? TRANSFER : `${TRANSFER}[${access}]`
  const query = { client_id: demo.clients.portal, redirect_uri: REDIRECT, response_type: 'code', scope }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const back = await createUserAgent({ fetch: emulator.fetch }).authorize(url, { as: person })
  const secret = emulator.world.clients.secrets(demo.clients.portal)[0] ?? ''
  const form = { grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '', redirect_uri: REDIRECT }
  const request = new Request(new URL('/v2/oauth2/token', emulator.origin), {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { authorization: `Basic ${Buffer.from(`${demo.clients.portal}:${secret}`).toString('base64')}` },
  })
  const tokens: Json = JSON.parse(await (await emulator.fetch(request)).text())
  return String(tokens['access_token'])
}

export function personWith(token: string, emulator: Pick<Emulator, 'origin' | 'fetch'>): Person {
  const call = async (method: string, path: string, body: object | undefined): Promise<Answer> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const url = new URL(path, emulator.origin)
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
    const response = await emulator.fetch(new Request(url, init))
    const document: Json = JSON.parse(await response.text())
    return { status: response.status, headers: response.headers, body: document, data: listIn(document) }
  }
  const send: Person['send'] = (method, path, body) => call(method, path, body)
  const submit = async (kind: 'transfer' | 'delete', document: Json): Promise<string> => {
    const { body } = await call('GET', '/v0.10/submission_id', undefined)
    const answer = await send('POST', `/v0.10/${kind}`, { DATA_TYPE: kind, submission_id: body['value'], ...document })
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body))
    return String(answer.body['task_id'])
  }
  return {
    get: (path, query = {}) => call('GET', `${path}?${new URLSearchParams(query).toString()}`, undefined),
    send,
    transfer: (document) => submit('transfer', document),
    delete: (document) => submit('delete', document),
  }
}

function listIn(document: Json): Json[] {
  const list = document['DATA']
  return Array.isArray(list) ? list.map((item: unknown) => Object.fromEntries(Object.entries(Object(item)))) : []
}

/** One item of a transfer. */
export const item = (source: string, destination: string, more: Json = {}): Json => ({
  DATA_TYPE: 'transfer_item',
  source_path: source,
  destination_path: destination,
  ...more,
})
