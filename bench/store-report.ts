import { budgets } from './budgets.ts'
import type { Table } from './report.ts'
import { median, ratioOf, ratioOfRounds } from './statistics.ts'
import type { StoreRates } from './store-load.ts'

/** What SQLite has to read in a second. */
const wantedRate = 40_000

/** Rates of the stores, beside the bare driver, or beside what is wanted where calls do not wait. */
export function storesTable(rates: readonly StoreRates[]): Table {
  const lines = rates.map(({ kind, kit, bare }) => {
    const ratio = bare.length === 0 ? ratioOf(kit.map((rate) => rate / wantedRate)) : ratioOfRounds(kit, bare)
    const beside = bare.length === 0 ? '40,000' : `${Math.round(median(bare))}`
    return { id: `store/${kind.toLowerCase()}`, cells: [kind, `${Math.round(median(kit))}`, beside], ratio }
  })
  const rows = lines.map(({ id, cells, ratio }) => {
    const promised = budgets.find((budget) => budget.id === id)?.atLeast
    return [...cells, ratio.median.toFixed(2), `${Math.round(ratio.spread * 100)} %`, `≥ ${promised}`]
  })
  const head = ['', 'reads per second', 'bare driver, or wanted', 'ratio', 'spread', 'budget']
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return {
    title: 'Reading one of 1,000 sessions of 3 kB from a store, sixteen at a time, by the clock',
    markdown: [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n'),
    measured: new Map(lines.map(({ id, ratio }) => [id, ratio])),
  }
}
