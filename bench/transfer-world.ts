import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, openSync, closeSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createUserAgent, demo, startEmulator, type RunningEmulator } from '@pierhead/emulator'

const { collections: c, people, clients } = demo

/** An emulator on tmpfs with two collections that a person logs in to. */
export interface TransferWorld {
  readonly emulator: RunningEmulator
  readonly token: string
  /** Where the files of the collections are. */
  readonly source: string
  readonly target: string
  /** Submits a transfer of folders of the source; gives the id of its task. */
  submit(folders: readonly string[], verify: boolean): Promise<string>
  close(): Promise<void>
}

/** The collection that is read, for those that call by themselves. */
export const sourceCollection: string = c.oddNames

export async function openTransferWorld(): Promise<TransferWorld> {
  const folder = mkdtempSync(join('/dev/shm', 'pierhead-bench-'))
  const emulator = await startEmulator({ dataDir: folder, port: 0, hosts: ['127.0.0.1'] })
  const token = await logIn(emulator)
  const pathOf = (id: string): string => {
    const path = emulator.info().collections.find((collection) => collection.id === id)?.root ?? ''
    mkdirSync(path, { recursive: true })
    return path
  }
  return {
    emulator,
    token,
    source: pathOf(c.oddNames),
    target: pathOf(c.tenThousandBuoys),
    submit: (folders, verify) => submit({ emulator, token }, folders, verify),
    close: async () => {
      await emulator.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function submit(
  { emulator, token }: { emulator: RunningEmulator; token: string },
  folders: readonly string[],
  verify: boolean,
): Promise<string> {
  const document = {
    DATA_TYPE: 'transfer',
    submission_id: randomUUID(),
    source_endpoint: c.oddNames,
    destination_endpoint: c.tenThousandBuoys,
    verify_checksum: verify,
    DATA: folders.map((name) => ({
      DATA_TYPE: 'transfer_item',
      source_path: `/${name}/`,
      destination_path: '/copy/',
    })),
  }
  const answer = await emulator.fetch(
    new Request(`${emulator.origin}/v0.10/transfer`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(document),
    }),
  )
  // The documented answer; a refusal has no task_id and fails at the caller.
  return ((await answer.json()) as { task_id: string }).task_id
}

/** Four files of 128 MiB. */
export function makeLarge(path: string): void {
  mkdirSync(path)
  const block = createHash('shake256', { outputLength: 1024 * 1024 })
    .update('large')
    .digest()
  for (const name of ['a', 'b', 'c', 'd']) {
    const file = openSync(join(path, name), 'w')
    for (let count = 0; count < 128; count += 1) writeSync(file, block)
    closeSync(file)
  }
}

/** That many files of so many bytes. */
export function makeSmall(path: string, count: number, bytes: number): void {
  mkdirSync(path)
  for (let index = 0; index < count; index += 1)
    writeFileSync(join(path, `file-${index}`), Buffer.alloc(bytes, `${index},`))
}

/** A file of 1 GB with nothing but a beginning. */
export function makeSparse(path: string): void {
  mkdirSync(path)
  writeFileSync(join(path, 'holes'), 'beginning')
  truncateSync(join(path, 'holes'), 1_000_000_000)
}

async function logIn(emulator: RunningEmulator): Promise<string> {
  const redirect_uri = 'http://localhost:8888/login'
  const scope = 'urn:globus:auth:scope:transfer.api.globus.org:all'
  const query = new URLSearchParams({ client_id: clients.portal, redirect_uri, response_type: 'code', scope })
  const address = `${emulator.origin}/v2/oauth2/authorize?${query.toString()}`
  const back = await createUserAgent({ fetch: emulator.fetch }).authorize(address, { as: people.maya })
  const code = back.searchParams.get('code') ?? ''
  const secret = emulator.world.clients.secrets(clients.portal)[0] ?? ''
  const answer = await emulator.fetch(
    new Request(`${emulator.origin}/v2/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri }),
      headers: { authorization: `Basic ${Buffer.from(`${clients.portal}:${secret}`).toString('base64')}` },
    }),
  )
  // The token response of RFC 6749.
  return ((await answer.json()) as { access_token: string }).access_token
}
