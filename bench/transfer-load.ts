import { setTimeout as delay } from 'node:timers/promises'
import { startChild, type Child } from './child.ts'
import type { CopyingAnswer, CopyingQuestion } from './copying.ts'
import type { TransferServerAnswer, TransferServerQuestion } from './transfer-server.ts'

export interface ListingAnswer {
  /** Milliseconds, round by round. */
  readonly first: readonly number[]
  readonly whole: readonly number[]
  /** The most memory that the emulator took, in bytes. */
  readonly memory: number
}

export interface PollingAnswer {
  /** Bytes per second, round by round. */
  readonly alone: readonly number[]
  readonly polled: readonly number[]
}

const ENTRIES = 100_000
const CLIENTS = 100

export async function measureCopying(rounds: number): Promise<CopyingAnswer> {
  const child = startChild('copying.ts', 'all')
  try {
    // The answer of copying.ts.
    return (await child.ask({ rounds } satisfies CopyingQuestion)) as CopyingAnswer
  } finally {
    child.stop()
  }
}

/** A directory of 100,000 files: its first page, and all of it. */
export async function measureListing(rounds: number): Promise<ListingAnswer> {
  return withServer(ENTRIES, async ({ origin, token, collection }, ask) => {
    const list = async (query: string, expected: number): Promise<number> => {
      const start = performance.now()
      const url = `${origin}/v0.10/operation/endpoint/${collection}/ls?path=/many/${query}`
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
      const text = await answer.text()
      const milliseconds = performance.now() - start
      // The documented list.
      const { DATA } = JSON.parse(text) as { DATA: readonly unknown[] }
      if (DATA.length !== expected) throw new Error(`The list has ${DATA.length} entries.`)
      return milliseconds
    }
    const times: { first: number[]; whole: number[] } = { first: [], whole: [] }
    for (let round = -1; round < rounds; round += 1) {
      const [first, whole] = [await list('&limit=100', 100), await list('', ENTRIES)]
      if (round < 0) continue
      times.first.push(first)
      times.whole.push(whole)
    }
    return { ...times, memory: await ask({ type: 'memory' }) }
  })
}

/** The rate of one task, alone and while a hundred clients ask for it every second, in turn. */
export async function measurePolling(rounds: number, milliseconds: number): Promise<PollingAnswer> {
  return withServer(0, async ({ origin, token }, ask) => {
    const task = await ask({ type: 'run' }, 'task')
    const rate = async (): Promise<number> => {
      const [before, start] = [await ask({ type: 'moved' }), performance.now()]
      await delay(milliseconds)
      return (((await ask({ type: 'moved' })) - before) / (performance.now() - start)) * 1000
    }
    await rate()
    const rates: { alone: number[]; polled: number[] } = { alone: [], polled: [] }
    for (let round = 0; round < rounds; round += 1) {
      rates.alone.push(await rate())
      const stop = new AbortController()
      const polling = poll(`${origin}/v0.10/task/${task}`, token, stop.signal)
      rates.polled.push(await rate())
      stop.abort()
      await polling
    }
    await ask({ type: 'end' })
    return rates
  })
}

/** So many clients, spread over the second. */
async function poll(url: string, token: string, stop: AbortSignal): Promise<void> {
  const client = async (index: number): Promise<void> => {
    await delay((1000 / CLIENTS) * index)
    while (!stop.aborted) {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
      if (!answer.ok) throw new Error(`A client was answered ${answer.status}.`)
      await answer.arrayBuffer()
      await delay(1000)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(index)))
}

interface Ask {
  (question: TransferServerQuestion): Promise<number>
  (question: TransferServerQuestion, key: 'task'): Promise<string>
}

async function withServer<Result>(
  files: number,
  work: (server: TransferServerAnswer, ask: Ask) => Promise<Result>,
): Promise<Result> {
  const child = startChild('transfer-server.ts', 'all')
  try {
    // The answers of transfer-server.ts.
    const server = (await child.ask({ type: 'open', files } satisfies TransferServerQuestion)) as TransferServerAnswer
    return await work(server, asker(child))
  } finally {
    await child.ask({ type: 'close' } satisfies TransferServerQuestion)
    child.stop()
  }
}

function asker(child: Child): Ask {
  function ask(question: TransferServerQuestion): Promise<number>
  function ask(question: TransferServerQuestion, key: 'task'): Promise<string>
  async function ask(question: TransferServerQuestion, key?: 'task'): Promise<number | string> {
    // transfer-server.ts answers with one of the two.
    const answer = (await child.ask(question)) as { bytes?: number; task?: string }
    return key === 'task' ? (answer.task ?? '') : (answer.bytes ?? 0)
  }
  return ask
}
