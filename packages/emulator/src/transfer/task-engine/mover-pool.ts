import { Worker } from 'node:worker_threads'
import type { Order, OrderMessage, Report, ReportMessage } from './protocol.ts'

/** Threads that move bytes; started when first used. */
export interface MoverPool {
  /** A new run, on the thread with the least to do. */
  open(): MoverRun
  close(): Promise<void>
}

/** A run on one thread. Orders are answered in turn. */
export interface MoverRun {
  /** @throws PoolClosed when the pool is closed before the answer */
  send(order: Order): Promise<Report>
}

/** The thread ended before it answered. */
export class PoolClosed extends Error {
  override readonly name = 'PoolClosed'
}

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, { resolve(report: Report): void; reject(error: Error): void }>
  readonly runs: Set<number>
}

const THREADS = 2

// Built as JavaScript, run from source as TypeScript.
const workerFile = new URL(`./mover-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

export function createMoverPool(): MoverPool {
  const threads: Thread[] = []
  let lastRun = 0
  let closed = false
  const choose = (): Thread => {
    const [idlest] = threads.toSorted((one, other) => one.runs.size - other.runs.size)
    if (idlest !== undefined && (idlest.runs.size === 0 || threads.length >= THREADS)) return idlest
    const thread = startThread(() => threads.splice(threads.indexOf(thread), 1))
    threads.push(thread)
    return thread
  }
  return {
    open: () => {
      if (closed) throw new PoolClosed('The movers are stopped')
      const thread = choose()
      const run = ++lastRun
      thread.runs.add(run)
      return { send: (order) => send(thread, run, order) }
    },
    close: async () => {
      closed = true
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

function send(thread: Thread, run: number, order: Order): Promise<Report> {
  return new Promise((resolve, reject) => {
    const settle = (report: Report): void => {
      if (report.finished) thread.runs.delete(run)
      resolve(report)
    }
    thread.waiting.set(run, { resolve: settle, reject })
    // A thread's port has no origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    thread.worker.postMessage(JSON.stringify({ run, order } satisfies OrderMessage))
  })
}

function startThread(onEnd: () => void): Thread {
  const worker = new Worker(workerFile, { execArgv: [], name: 'mover' })
  const thread: Thread = { worker, waiting: new Map(), runs: new Set() }
  const end = (error: Error): void => {
    onEnd()
    for (const waiting of thread.waiting.values()) waiting.reject(error)
    thread.waiting.clear()
  }
  worker.on('message', (text: string) => {
    // What mover-worker.ts wrote; both files are one program.
    const { run, report } = JSON.parse(text) as ReportMessage
    const waiting = thread.waiting.get(run)
    thread.waiting.delete(run)
    waiting?.resolve(report)
  })
  worker.on('error', (error) => end(error instanceof Error ? error : new Error('The mover failed')))
  worker.on('exit', () => end(new PoolClosed('The movers are stopped')))
  // The server keeps the process alive, not the movers.
  worker.unref()
  return thread
}
