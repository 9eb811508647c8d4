import { budgets } from './budgets.ts'
import type { CopyingAnswer } from './copying.ts'
import type { Table } from './report.ts'
import { median, ratioOf, ratioOfRounds, type Ratio } from './statistics.ts'
import type { ListingAnswer, PollingAnswer } from './transfer-load.ts'

interface Line {
  readonly id: string
  readonly cells: readonly string[]
  readonly ratio: Ratio
}

/** The time of each peer, as a multiple of the task's. */
export function copyingTable({ contests, sparse }: CopyingAnswer): Table {
  const lines = contests.map(({ id, what, ours, theirs }) => ({
    id,
    cells: [what, inMilliseconds(ours), inMilliseconds(theirs)],
    ratio: ratioOfRounds(theirs, ours),
  }))
  const kept = ratioOf([sparse.length / Math.max(1, sparse.onDisk)])
  const { markdown, measured } = table(['', 'task, ms', 'this, ms', 'this ÷ task'], lines)
  return {
    title: 'A transfer task beside other programs, on tmpfs, until the task has ended',
    markdown: `${markdown}\n\nA sparse file of ${sparse.length} bytes takes ${sparse.onDisk} on disk after its copy.`,
    measured: new Map([...measured, ['copy/sparse', kept]]),
  }
}

/** Times of the emulator beside their limits. */
export function listingTable({ first, whole, memory }: ListingAnswer, polling: PollingAnswer): Table {
  const within = (limit: number, values: readonly number[]): Ratio => ratioOf(values.map((value) => limit / value))
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`
  const rate = (values: readonly number[]): string => `${megabytes(median(values))}/s`
  return {
    title: 'Lists of 100,000 files, and a running task that 100 clients ask for each second',
    ...table(
      ['', 'measured', 'beside', 'ratio'],
      [
        {
          id: 'ls/first',
          cells: ['first 100 entries', `${inMilliseconds(first)} ms`, '300 ms'],
          ratio: within(300, first),
        },
        {
          id: 'ls/whole',
          cells: ['all entries', `${inMilliseconds(whole)} ms`, '2,000 ms'],
          ratio: within(2000, whole),
        },
        {
          id: 'ls/memory',
          cells: ['memory of the emulator at most', megabytes(memory), '300 MB'],
          ratio: within(300_000_000, [memory]),
        },
        {
          id: 'copy/polled',
          cells: ['rate of the task, and alone', rate(polling.polled), rate(polling.alone)],
          ratio: ratioOfRounds(polling.polled, polling.alone),
        },
      ],
    ),
  }
}

const inMilliseconds = (values: readonly number[]): string => median(values).toFixed(0)

function table(titles: readonly string[], lines: readonly Line[]): Omit<Table, 'title'> {
  const head = [...titles, 'spread', 'budget']
  const rows = lines.map(({ id, cells, ratio }) => {
    const promised = budgets.find((budget) => budget.id === id)?.atLeast
    return [...cells, ratio.median.toFixed(2), `${Math.round(ratio.spread * 100)} %`, `≥ ${promised}`]
  })
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return {
    markdown: [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    measured: new Map(lines.map(({ id, ratio }) => [id, ratio])),
  }
}
