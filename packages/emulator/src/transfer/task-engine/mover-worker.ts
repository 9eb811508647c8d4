import { parentPort } from 'node:worker_threads'
import { Mover } from './mover.ts'
import type { OrderMessage, ReportMessage } from './protocol.ts'

// A thread that moves bytes. Runs that wait for their pace or are paused cost it nothing: it only works on orders.
const runs = new Map<number, Mover>()

parentPort?.on('message', (text: string) => {
  // What mover-pool.ts wrote; both files are one program. JSON is several times faster here than cloning.
  const { run, order } = JSON.parse(text) as OrderMessage
  const mover = runs.get(run) ?? new Mover(() => performance.now())
  runs.set(run, mover)
  const report = mover.obey(order)
  if (report.finished) runs.delete(run)
  // A thread's port has no origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(JSON.stringify({ run, report } satisfies ReportMessage))
})
