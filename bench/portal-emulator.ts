// A local Globus with folders and files for the portal, as a process of its own.
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demo, startEmulator, type RunningEmulator } from '@pierhead/emulator'
import { answerParent } from './child.ts'
import { makeSmall } from './transfer-world.ts'

/**
 * `open` starts it; `file` makes a file of so many bytes, all of them holes; `remove` takes it away; `run` starts a task that
 * goes on for longer than anybody measures; `requests` counts those to Transfer; `close` leaves nothing behind.
 */
export type PortalEmulatorQuestion =
  | { readonly type: 'open'; readonly folder: string; readonly redirectUri: string }
  | { readonly type: 'file'; readonly name: string; readonly bytes: number }
  | { readonly type: 'remove'; readonly name: string }
  | { readonly type: 'run' | 'requests' | 'close' }

/** What the portal and its peers need to know. */
export interface PortalEmulator {
  readonly origin: string
  /** Variables for programs that use it. */
  readonly env: Readonly<Record<string, string>>
  readonly clientId: string
  readonly clientSecret: string
  readonly collection: string
  /** Where the files of the collection are. */
  readonly dataOrigin: string
  /** For Transfer, and for files. */
  readonly tokens: { readonly transfer: string; readonly files: string }
}

/** Entries of the folder `/many/`. */
export const entries = 1000

const person = 'Maya Okafor'
const collection = demo.collections.tideCrewWorkspace

interface Running {
  readonly emulator: RunningEmulator
  readonly folder: string
  readonly root: string
  readonly token: string
}

let running: Running | undefined

answerParent(async (question) => {
  // Sent by portal-scene.ts.
  const order = question as PortalEmulatorQuestion
  if (order.type === 'open') return open(order)
  if (running === undefined) throw new Error('Nothing is open.')
  const { emulator, folder, root } = running
  switch (order.type) {
    case 'file':
      writeFileSync(join(root, order.name), '')
      truncateSync(join(root, order.name), order.bytes)
      return {}
    case 'remove':
      rmSync(join(root, order.name), { force: true })
      return {}
    case 'run':
      return { task: await submit(running) }
    case 'requests':
      return { count: countTransfer(emulator) }
    default:
      await emulator.close()
      rmSync(folder, { recursive: true, force: true })
      return {}
  }
})

async function open({ folder: parent, redirectUri }: { readonly folder: string; readonly redirectUri: string }) {
  const folder = mkdtempSync(join(parent, 'pierhead-bench-'))
  const behaviour = { autoLogin: person, autoConsent: true } as const
  const emulator = await startEmulator({ dataDir: folder, port: 0, hosts: ['127.0.0.1'], behaviour })
  const found = emulator.info().collections.find(({ id }) => id === collection)
  const root = found?.root ?? ''
  mkdirSync(root, { recursive: true })
  makeSmall(join(root, 'many'), entries, 8)
  const app = emulator.registerApp({ name: 'Portal', type: 'portal', redirectUris: [redirectUri] })
  const tokens = await tokensFor(emulator, app.clientId)
  running = { emulator, folder, root, token: tokens.transfer }
  return {
    origin: emulator.origin,
    env: emulator.info().env,
    clientId: app.clientId,
    clientSecret: app.clientSecret ?? '',
    collection,
    dataOrigin: found?.https_server ?? '',
    tokens,
  } satisfies PortalEmulator
}

async function tokensFor(emulator: RunningEmulator, client: string): Promise<PortalEmulator['tokens']> {
  const transfer = 'urn:globus:auth:scope:transfer.api.globus.org:all'
  const files = `https://auth.globus.org/scopes/${collection}/https`
  const issue = async (scopes: string): Promise<string> =>
    (await emulator.issueTokens({ client, identity: person, scopes })).access_token
  return { transfer: await issue(transfer), files: await issue(files) }
}

/** A copy that nothing but its end hurries: at this pace a file of 100 GB takes half an hour. */
async function submit({ emulator, root, token }: Running): Promise<string> {
  emulator.behaviour.pace = 'demo'
  writeFileSync(join(root, 'long'), '')
  truncateSync(join(root, 'long'), 100_000_000_000)
  const document = {
    DATA_TYPE: 'transfer',
    submission_id: randomUUID(),
    source_endpoint: collection,
    destination_endpoint: demo.collections.tenThousandBuoys,
    DATA: [{ DATA_TYPE: 'transfer_item', source_path: '/long', destination_path: '/long' }],
  }
  const answer = await fetch(`${emulator.origin}/v0.10/transfer`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(document),
  })
  // The documented answer.
  const { task_id: task } = (await answer.json()) as { readonly task_id?: string }
  if (task === undefined) throw new Error(`The task was answered ${answer.status}.`)
  return task
}

function countTransfer({ requestCounts }: RunningEmulator): number {
  let sum = 0
  for (const [path, times] of requestCounts) if (path.startsWith('/v0.10/')) sum += times
  return sum
}
