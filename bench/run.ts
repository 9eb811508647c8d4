// `npm run bench`: the tables. `-- --check` exits 1 when a budget is missed; `-- --short` is for a quick look and for CI;
// `-- --only portal` measures one table, `-- --only page,adapters` two.
import { budgets, missedBudgets } from './budgets.ts'
import { benchOptions } from './options.ts'
import { machineFacts, type Table } from './report.ts'
import { measureTable, sessions, tableNames } from './tables.ts'

const options = benchOptions(process.argv.slice(2), tableNames)
if ('refused' in options) {
  console.error(options.refused)
  process.exit(2)
}
const { only, isShort, mustHold } = options
const size = isShort
  ? { rounds: 3, slice: 150, requests: 5000, attempts: 1, isShort }
  : { rounds: 5, slice: 400, requests: 10_000, attempts: 3, isShort }

console.log(`${machineFacts()} Processor time; ${sessions} sessions, median of ${size.rounds} interleaved rounds.\n`)
const tables: Table[] = []
for (const name of tableNames) {
  if (!only.includes(name)) continue
  const table = await measureTable(name, size)
  console.log(`${table.title}:\n\n${table.markdown}\n`)
  tables.push(table)
}

const measured = new Map(tables.flatMap((table) => [...table.measured]))
// Of all tables each budget must be there; of some, those that are theirs.
const isWhole = only.length === tableNames.length
const missed = missedBudgets(measured, isWhole ? budgets : budgets.filter(({ id }) => measured.has(id)))
for (const line of missed) console.log(`\nMissed: ${line}.`)
if (missed.length > 0 && mustHold) process.exitCode = 1
