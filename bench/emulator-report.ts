import { budgets } from './budgets.ts'
import type { EmulatorRates, EmulatorWork } from './emulator-load.ts'
import type { Table } from './report.ts'
import { median, ratioOf, type Ratio } from './statistics.ts'

/** What the token endpoint has to manage in a second. */
const wantedRate = 2000
/** Milliseconds in which it has to listen. */
const wantedStart = 500

const words: Readonly<Record<EmulatorWork, string>> = {
  tokens: 'token requests (client credentials)',
  refreshes: 'refreshes',
  introspections: 'introspections',
  logins: 'logins: both pages, code, tokens and a signed ID token',
}

/** Rates of the emulator, and its start, beside what is wanted. */
export function emulatorTable({ rates, starts }: EmulatorRates): Table {
  const works: readonly EmulatorWork[] = ['tokens', 'refreshes', 'introspections', 'logins']
  const lines = works.map((work) => ({
    id: `emulator/${work}`,
    cells: [words[work], `${Math.round(median(rates[work]))} per second`],
    ratio: ratioOf(rates[work].map((rate) => rate / wantedRate)),
  }))
  const start = {
    id: 'emulator/start',
    cells: ['start with an empty world', `${Math.round(median(starts))} ms`],
    ratio: ratioOf(starts.map((milliseconds) => wantedStart / milliseconds)),
  }
  const all: readonly Line[] = [...lines, start]
  const rows = all.map(({ id, cells, ratio }) => [...cells, ratio.median.toFixed(2), percent(ratio), promiseOf(id)])
  const head = ['', 'measured', '÷ 2,000 per second, or 500 ms ÷', 'spread', 'budget']
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return {
    title: 'The emulator on one core, over HTTP with 16 connections',
    markdown: [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n'),
    measured: new Map(all.map(({ id, ratio }) => [id, ratio])),
  }
}

interface Line {
  readonly id: string
  readonly cells: readonly string[]
  readonly ratio: Ratio
}

const percent = ({ spread }: Ratio): string => `${Math.round(spread * 100)} %`

function promiseOf(id: string): string {
  const promised = budgets.find((budget) => budget.id === id)?.atLeast
  return promised === undefined ? '' : `≥ ${promised}`
}
