import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

export interface LinkSwapper {
  /** How often the directory was swapped for the link and back. */
  readonly rounds: () => number
  readonly stop: () => Promise<void>
}

/** A thread that swaps the directory `swapped`, which holds a harmless `secret`, for a link to a folder outside, and back. */
export function startLinkSwapper(root: string, outside: string): LinkSwapper {
  mkdirSync(join(root, 'swapped'))
  writeFileSync(join(root, 'swapped', 'secret'), 'harmless')
  symlinkSync(outside, join(root, 'link'))
  // What both threads see: how often was swapped, and whether to stop.
  const shared = new Int32Array(new SharedArrayBuffer(8))
  const swapper = new Worker(
    `const { renameSync } = require('node:fs'); const { root, shared } = require('node:worker_threads').workerData
     while (Atomics.load(shared, 1) === 0) {
       renameSync(root + '/swapped', root + '/aside'); renameSync(root + '/link', root + '/swapped')
       renameSync(root + '/swapped', root + '/link'); renameSync(root + '/aside', root + '/swapped')
       Atomics.add(shared, 0, 1)
     }`,
    { eval: true, workerData: { root, shared }, execArgv: [] },
  )
  const ended = once(swapper, 'exit')
  const stop = async (): Promise<void> => {
    Atomics.store(shared, 1, 1)
    await ended
  }
  return { rounds: () => Atomics.load(shared, 0), stop }
}
