// An emulator with a large directory or a running task, for clients in another process.
import { join } from 'node:path'
import { answerParent } from './child.ts'
import { makeLarge, makeSmall, openTransferWorld, sourceCollection, type TransferWorld } from './transfer-world.ts'

/** `open` with so many files in `/many/`; `run` starts a task that takes minutes; `end` cancels it; `memory` tells the largest. */
export type TransferServerQuestion =
  { readonly type: 'open'; readonly files: number } | { readonly type: 'run' | 'moved' | 'end' | 'memory' | 'close' }

export interface TransferServerAnswer {
  readonly origin: string
  readonly token: string
  readonly collection: string
}

let world: TransferWorld | undefined
let task = ''

answerParent(async (question) => {
  // Sent by transfer-load.ts.
  const order = question as TransferServerQuestion
  if (order.type === 'open') return open(order.files)
  if (world === undefined) throw new Error('Nothing is open.')
  const { engine } = world.emulator.transfer
  switch (order.type) {
    case 'run':
      // One folder many times over: the last copy is replaced by the next, so that memory suffices.
      task = await world.submit(Array<string>(200).fill('large'), false)
      return { task }
    case 'moved':
      return { bytes: world.emulator.world.tasks.find(task)?.progress.bytesTransferred ?? 0 }
    case 'end':
      await engine.cancel(task)
      return {}
    case 'memory':
      // Kilobytes.
      return { bytes: process.resourceUsage().maxRSS * 1024 }
    default:
      await world.close()
      return {}
  }
})

async function open(files: number): Promise<TransferServerAnswer> {
  world = await openTransferWorld()
  if (files > 0) makeSmall(join(world.source, 'many'), files, 1)
  else makeLarge(join(world.source, 'large'))
  const { emulator, token } = world
  return { origin: emulator.origin, token, collection: sourceCollection }
}
