import { spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createEmulator, demo } from '../../src/index.ts'
import { createTransferRig, item } from './support.ts'

const { collections: c, people } = demo
const ROUNDS = Number(process.env['PIERHEAD_KILL_ROUNDS'] ?? 8)

const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

/** Starts the emulator as a program on that data and waits until it listens. */
function start(dataDir: string): Promise<ChildProcess> {
  const cli = join(import.meta.dirname, '../../src/cli.ts')
  const options = [
    '--port',
    '0',
    '--host',
    '127.0.0.1',
    '--data',
    dataDir,
    '--no-sample-data',
    '--pace',
    'demo',
    '--quiet',
  ]
  const child = spawn(process.execPath, [cli, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error('it ended')))
    child.stdout.once('data', () => resolve(child))
  })
}

it(
  'goes on after kill -9 at any moment, and a final name never belongs to half a file',
  { timeout: 600_000 },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'pierhead-kill-'))
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    const files = new Map(
      Array.from({ length: 40 }, (_, index) => [`f${index}`, Buffer.alloc(1_000_003 + index * 50_000, `${index},`)]),
    )
    let task = ''
    {
      const rig = createTransferRig({ dataDir })
      for (const [name, content] of files) await rig.write(c.oddNames, `s/${name}`, content)
      const maya = await rig.as(people.maya)
      rig.emulator.world.collections.change(c.tenThousandBuoys, { online: false })
      const ends = { source_endpoint: c.oddNames, destination_endpoint: c.tenThousandBuoys }
      task = await maya.transfer({ ...ends, DATA: [item('/s/', '/d/')], verify_checksum: true })
      rig.emulator.close()
    }
    const world = createEmulator({ dataDir })
    world.world.collections.change(c.tenThousandBuoys, { online: true })
    world.close()
    const target = join(dataDir, 'collections', 'ten-thousand-buoys', 'd')
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = await start(dataDir)
      await new Promise((resolve) => setTimeout(resolve, randomInt(250)))
      child.removeAllListeners('exit')
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      for (const name of namesIn(target).filter((one) => !one.startsWith('.'))) {
        expect(digest(readFileSync(join(target, name)))).toBe(digest(files.get(name) ?? Buffer.alloc(0)))
      }
    }
    const emulator = createEmulator({ dataDir })
    onTestFinished(() => emulator.close())
    const ended = await emulator.transfer.engine.ended(task)
    expect(ended.state).toBe('succeeded')
    expect(ended.progress).toMatchObject({ files: 40, filesTransferred: 40, succeeded: 42, total: 42 })
    expect(namesIn(target).toSorted()).toEqual(Array.from(files.keys()).toSorted())
  },
)

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
