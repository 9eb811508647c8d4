// How fast tasks move bytes, beside `cp -r` and a bare loop of Node, on tmpfs. `node bench/copying.ts [--check] [--rounds N]`.
import { execFileSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createEmulator, createUserAgent, demo, type Emulator } from '@pierhead/emulator'
import { median } from './statistics.ts'

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
})
const ROUNDS = Number(values.rounds)
const { collections: c, people, clients } = demo
const folder = mkdtempSync(join('/dev/shm', 'pierhead-bench-'))
const emulator = createEmulator({ dataDir: folder })
// The threads that move bytes keep no process alive.
const alive = setInterval(() => undefined, 1000)

interface Row {
  readonly what: string
  readonly ours: number
  readonly theirs: number
  readonly budget: number
}

try {
  const token = await logIn(emulator)
  const rows = await measure(token)
  let missed = false
  for (const { what, ours, theirs, budget } of rows) {
    const ratio = theirs / ours
    missed ||= ratio < budget
    console.log(
      `${what.padEnd(58)} ${ours.toFixed(0).padStart(6)} ms  ${theirs.toFixed(0).padStart(6)} ms  ${ratio.toFixed(2)} (at least ${budget})${ratio < budget ? '  MISSED' : ''}`,
    )
  }
  if (values.check && missed) process.exitCode = 1
} finally {
  clearInterval(alive)
  emulator.close()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(token: string): Promise<Row[]> {
  const pathOf = (id: string): string => {
    const collection = emulator.world.collections.find(id)
    if (collection === undefined) throw new Error('no such collection')
    return emulator.transfer.roots.rootOf(collection).path
  }
  const [source, target] = [pathOf(c.oddNames), pathOf(c.tenThousandBuoys)]
  makeLarge(join(source, 'large'))
  makeSmall(join(source, 'small'))
  makeSparse(join(source, 'sparse'))
  const task = (name: string, verify: boolean) => () => runTask(token, name, verify)
  const cp = (name: string) => () => void execFileSync('cp', ['-r', join(source, name), join(target, 'copy')])
  const sum = (name: string) => () => {
    cp(name)()
    execFileSync('sh', ['-c', 'find "$1" -type f -exec md5sum {} + > /dev/null', 'sh', join(target, 'copy')])
  }
  const clean = (): void => rmSync(join(target, 'copy'), { recursive: true, force: true })
  const pair = async (what: string, budget: number, ours: () => unknown, theirs: () => unknown): Promise<Row> => ({
    what,
    budget,
    ...(await interleaved({ ours, theirs, clean })),
  })
  const rows = [
    await pair('4 files of 128 MiB: task / cp -r', 0.6, task('large', false), cp('large')),
    await pair('4 files of 128 MiB: task / bare Node loop', 0.8, task('large', false), () =>
      bareLoop(join(source, 'large'), join(target, 'copy')),
    ),
    await pair('5,000 files of 2 KiB: task / cp -r', 0.4, task('small', false), cp('small')),
    await pair('4 files of 128 MiB, verified: task / cp -r and md5sum', 0.5, task('large', true), sum('large')),
    await pair('5,000 files of 2 KiB, verified: task / cp -r and md5sum', 0.5, task('small', true), sum('small')),
  ]
  await runTask(token, 'sparse', true)
  const { blocks, size } = statSync(join(target, 'copy', 'holes'))
  console.log(`sparse file of ${size} bytes: ${blocks * 512} bytes on disk after the copy`)
  clean()
  return rows
}

interface Contest {
  readonly ours: () => unknown
  readonly theirs: () => unknown
  readonly clean: () => void
}

/** Medians in milliseconds, measured in turn so that both meet the same machine. */
async function interleaved({ ours, theirs, clean }: Contest): Promise<{ ours: number; theirs: number }> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, work] of [
      ['ours', ours],
      ['theirs', theirs],
    ] as const) {
      clean()
      const start = performance.now()
      await work()
      // The first round warms up.
      if (round > 0) times[name].push(performance.now() - start)
    }
  }
  clean()
  return { ours: median(times.ours), theirs: median(times.theirs) }
}

async function runTask(token: string, name: string, verify: boolean): Promise<void> {
  const document = {
    DATA_TYPE: 'transfer',
    submission_id: randomUUID(),
    source_endpoint: c.oddNames,
    destination_endpoint: c.tenThousandBuoys,
    verify_checksum: verify,
    DATA: [{ DATA_TYPE: 'transfer_item', source_path: `/${name}/`, destination_path: '/copy/' }],
  }
  const answer = await emulator.fetch(
    new Request(`${emulator.origin}/v0.10/transfer`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(document),
    }),
  )
  // The documented answer; without a task_id the next line fails.
  const { task_id } = (await answer.json()) as { task_id: string }
  const { state } = await emulator.transfer.engine.ended(task_id)
  if (state !== 'succeeded') throw new Error(`the task ${state}`)
}

/** What the fastest simple program in Node does. */
function bareLoop(from: string, to: string): void {
  mkdirSync(to)
  const buffer = Buffer.allocUnsafeSlow(1024 * 1024)
  for (const name of readdirSync(from)) {
    const [input, output] = [openSync(join(from, name), 'r'), openSync(join(to, name), 'w')]
    for (let read = readSync(input, buffer); read > 0; read = readSync(input, buffer))
      writeSync(output, buffer, 0, read)
    closeSync(input)
    closeSync(output)
  }
}

function makeLarge(path: string): void {
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

function makeSmall(path: string): void {
  mkdirSync(path)
  for (let index = 0; index < 5000; index += 1)
    writeFileSync(join(path, `file-${index}`), Buffer.alloc(2048, `${index},`))
}

function makeSparse(path: string): void {
  mkdirSync(path)
  writeFileSync(join(path, 'holes'), 'beginning')
  truncateSync(join(path, 'holes'), 1_000_000_000)
}

async function logIn(emulator: Emulator): Promise<string> {
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
  const { access_token } = (await answer.json()) as { access_token: string }
  return access_token
}
