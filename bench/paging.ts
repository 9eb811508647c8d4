// Reads one long list with the kit and with a bare loop, in turn, in one process on one core.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { transferClient } from 'pierhead/globus'
import { answerParent } from './child.ts'

export interface PagingQuestion {
  readonly origin: string
  readonly items: number
  readonly rounds: number
}

export interface PagingAnswer {
  /** Items in a second of processor time, round by round. */
  readonly rates: { readonly kit: readonly number[]; readonly bare: readonly number[] }
  /** Heap in use after a tenth of the list ÷ at its end, garbage collected: 1 when nothing piles up. */
  readonly flatness: readonly number[]
}

const task = '0f9b7c52-6c9a-4b6c-9f57-0b1c0b1f3a77'
const warmUps = 2
const token = 'AgTokenOfThisMeasurement'
const session = { accessToken: async () => token }

setFlagsFromString('--expose-gc')
// What the flag above makes; it has no type.
const collectGarbage = runInNewContext('gc') as () => void

answerParent(async (question) => {
  // Sent by paging-load.ts.
  const { origin, items, rounds } = question as PagingQuestion
  process.env['GLOBUS_SDK_SERVICE_URL_TRANSFER'] = origin
  const rates: Record<'kit' | 'bare', number[]> = { kit: [], bare: [] }
  const flatness: number[] = []
  for (let round = -warmUps; round < rounds; round += 1) {
    const kit = await rateOf(items, readWithKit)
    const bare = await rateOf(items, () => readBare(origin))
    if (round < 0) continue
    rates.kit.push(kit)
    rates.bare.push(bare)
    flatness.push(await measureFlatness(items))
  }
  return { rates, flatness } satisfies PagingAnswer
})

async function rateOf(items: number, read: () => Promise<number>): Promise<number> {
  collectGarbage()
  const start = process.cpuUsage()
  const bytes = await read()
  const { user, system } = process.cpuUsage(start)
  if (bytes !== sizeOf(items)) throw new Error(`Items of ${bytes} bytes were read in place of ${sizeOf(items)}.`)
  return (items / (user + system)) * 1_000_000
}

/** The sum of all `size`, as the server counts them: whoever skips or repeats an item has another. */
function sizeOf(items: number): number {
  const [full, rest] = [Math.floor(items / pageSize), items % pageSize]
  const within = (count: number): number => count * 1_048_576 + (count * (count - 1)) / 2
  return full * within(pageSize) + within(rest)
}

const pageSize = 1000

async function readWithKit(): Promise<number> {
  let bytes = 0
  for await (const { size } of transferClient(session).task.getSuccessfulTransfers(task)) bytes += size
  return bytes
}

interface Page {
  readonly DATA: readonly { readonly size: number }[]
  readonly next_marker: number | null
}

async function readBare(origin: string): Promise<number> {
  let bytes = 0
  for (let marker: number | null = 0; marker !== null;) {
    const response: Response = await fetch(`${origin}/v0.10/task/${task}/successful_transfers?marker=${marker}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    // What paging-server.ts sends.
    const page = JSON.parse(await response.text()) as Page
    for (const { size } of page.DATA) bytes += size
    marker = page.next_marker
  }
  return bytes
}

async function measureFlatness(items: number): Promise<number> {
  let seen = 0
  let early = 0
  for await (const _item of transferClient(session).task.getSuccessfulTransfers(task)) {
    seen += 1
    if (seen === items / 10) early = heapInUse()
  }
  return early / heapInUse()
}

function heapInUse(): number {
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
