// `npm run bench`: the tables. `-- --check` exits 1 when a budget is missed; `-- --short` is for a quick look and for CI.
import { adaptersTable } from './adapter-report.ts'
import { measureAdapters } from './adapters.ts'
import { missedBudgets } from './budgets.ts'
import { startChild } from './child.ts'
import { measureEmulator } from './emulator-load.ts'
import { emulatorTable } from './emulator-report.ts'
import { measureHttpPath } from './http-path.ts'
import { measurePaging } from './paging-load.ts'
import { measurePortal } from './portal.ts'
import { portalTable } from './portal-report.ts'
import { httpPathTable, machineFacts, pagingTable, sealedValuesTable, type Table } from './report.ts'
import type { SealedValuesAnswer, SealedValuesQuestion } from './sealed-values.ts'
import { quietSpread } from './statistics.ts'
import { measureStores } from './store-load.ts'
import { storesTable } from './store-report.ts'
import { measureCopying, measureListing, measurePolling } from './transfer-load.ts'
import { copyingTable, listingTable } from './transfer-report.ts'

const sessions = 1000
const full = { rounds: 5, slice: 400, requests: 10_000, attempts: 3 }
const short = { rounds: 3, slice: 150, requests: 5000, attempts: 1 }

const unknown = process.argv.slice(2).filter((option) => option !== '--check' && option !== '--short')
if (unknown.length > 0) {
  console.error(`Unknown option ${unknown.join(' ')}. There are --check and --short.`)
  process.exit(2)
}
const size = process.argv.includes('--short') ? short : full

console.log(`${machineFacts()} Processor time; ${sessions} sessions, median of ${size.rounds} interleaved rounds.\n`)
const opening = await quietest(async () => sealedValuesTable(await measureSealedValues()))
console.log(`${opening.title}:\n\n${opening.markdown}\n`)
const page = await quietest(async () => httpPathTable(await measureHttpPath({ sessions, ...size })))
console.log(`${page.title}:\n\n${page.markdown}\n`)
const adapters = await quietest(async () => adaptersTable(await measureAdapters({ sessions, ...size })))
console.log(`${adapters.title}:\n\n${adapters.markdown}\n`)
const stores = await quietest(async () => storesTable(await measureStores(size.rounds)))
console.log(`${stores.title}:\n\n${stores.markdown}\n`)
const lists = await quietest(async () => pagingTable(await measurePaging({ items: 100_000, rounds: size.rounds })))
console.log(`${lists.title}:\n\n${lists.markdown}\n`)
const copying = await quietest(async () => copyingTable(await measureCopying(size.rounds)))
console.log(`${copying.title}:\n\n${copying.markdown}\n`)
const listing = await quietest(async () =>
  listingTable(await measureListing(size.rounds), await measurePolling(size.rounds, size.slice * 10)),
)
console.log(`${listing.title}:\n\n${listing.markdown}\n`)
const emulator = await quietest(async () => emulatorTable(await measureEmulator(size.rounds, size.slice * 5)))
console.log(`${emulator.title}:\n\n${emulator.markdown}\n`)
const portal = portalTable(await measurePortal(size.rounds, size === short))
console.log(`${portal.title}:\n\n${portal.markdown}`)

const tables = [opening, page, adapters, stores, lists, copying, listing, emulator, portal]
const missed = missedBudgets(new Map(tables.flatMap(({ measured }) => [...measured])))
for (const line of missed) console.log(`\nMissed: ${line}.`)
if (missed.length > 0 && process.argv.includes('--check')) process.exitCode = 1

async function measureSealedValues(): Promise<SealedValuesAnswer> {
  const child = startChild('sealed-values.ts', 1)
  try {
    const question = { count: sessions, rounds: size.rounds, slice: size.slice } satisfies SealedValuesQuestion
    // The answer of sealed-values.ts.
    return (await child.ask(question)) as SealedValuesAnswer
  } finally {
    child.stop()
  }
}

/** Measures again while the rounds differ by more than a quiet machine's would, and keeps the quietest. */
async function quietest(measure: () => Promise<Table>): Promise<Table> {
  let best = await measure()
  for (let attempt = 1; attempt < size.attempts && worstSpread(best) > quietSpread; attempt += 1) {
    const again = await measure()
    if (worstSpread(again) < worstSpread(best)) best = again
  }
  return best
}

function worstSpread({ measured }: Table): number {
  return Math.max(...[...measured.values()].map(({ spread }) => spread))
}
