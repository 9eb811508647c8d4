// How fast tasks move bytes, beside `cp -r` and a bare loop of Node, on tmpfs.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { answerParent } from './child.ts'
import { makeLarge, makeSmall, makeSparse, openTransferWorld, type TransferWorld } from './transfer-world.ts'

export interface CopyingQuestion {
  readonly rounds: number
}

/** Milliseconds of both sides, round by round. */
export interface Contest {
  readonly id: string
  readonly what: string
  readonly ours: readonly number[]
  readonly theirs: readonly number[]
}

export interface CopyingAnswer {
  readonly contests: readonly Contest[]
  /** Bytes of the copy of a sparse file, and what it takes on disk. */
  readonly sparse: { readonly length: number; readonly onDisk: number }
}

// The question comes from transfer-load.ts.
answerParent(async (question) => measure((question as CopyingQuestion).rounds))

async function measure(rounds: number): Promise<CopyingAnswer> {
  const world = await openTransferWorld()
  const { source, target } = world
  const copy = join(target, 'copy')
  try {
    makeLarge(join(source, 'large'))
    makeSmall(join(source, 'small'), 5000, 2048)
    makeSparse(join(source, 'sparse'))
    const task = (name: string, verify: boolean) => () => runTask(world, name, verify)
    const cp = (name: string) => () => void execFileSync('cp', ['-r', join(source, name), copy])
    const sum = (name: string) => () => {
      cp(name)()
      execFileSync('sh', ['-c', 'find "$1" -type f -exec md5sum {} + > /dev/null', 'sh', copy])
    }
    const clean = (): void => rmSync(copy, { recursive: true, force: true })
    const measured = async (id: string, what: string, pair: Omit<Pair, 'clean' | 'rounds'>): Promise<Contest> => ({
      id,
      what,
      ...(await interleaved({ ...pair, clean, rounds })),
    })
    const [large, small] = ['4 files of 128 MiB', '5,000 files of 2 KiB']
    const contests = [
      await measured('copy/large', `${large}: \`cp -r\``, { ours: task('large', false), theirs: cp('large') }),
      await measured('copy/large-loop', `${large}: bare loop of Node`, {
        ours: task('large', false),
        theirs: () => bareLoop(join(source, 'large'), copy),
      }),
      await measured('copy/small', `${small}: \`cp -r\``, { ours: task('small', false), theirs: cp('small') }),
      await measured('copy/large-verified', `${large}, verified: \`cp -r\` and \`md5sum\``, {
        ours: task('large', true),
        theirs: sum('large'),
      }),
      await measured('copy/small-verified', `${small}, verified: \`cp -r\` and \`md5sum\``, {
        ours: task('small', true),
        theirs: sum('small'),
      }),
    ]
    await runTask(world, 'sparse', true)
    const { blocks, size: length } = statSync(join(copy, 'holes'))
    return { contests, sparse: { length, onDisk: blocks * 512 } }
  } finally {
    await world.close()
  }
}

interface Pair {
  readonly ours: () => unknown
  readonly theirs: () => unknown
  readonly clean: () => void
  readonly rounds: number
}

/** Measured in turn, so that both meet the same machine. */
async function interleaved({ ours, theirs, clean, rounds }: Pair): Promise<Pick<Contest, 'ours' | 'theirs'>> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
  // The first rounds warm up.
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, work] of [
      ['ours', ours],
      ['theirs', theirs],
    ] as const) {
      clean()
      const start = performance.now()
      await work()
      if (round >= 0) times[name].push(performance.now() - start)
    }
  }
  clean()
  return times
}

async function runTask(world: TransferWorld, name: string, verify: boolean): Promise<void> {
  const { state } = await world.emulator.transfer.engine.ended(await world.submit([name], verify))
  if (state !== 'succeeded') throw new Error(`The task ${state}.`)
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
