import { adaptersTable } from './adapter-report.ts'
import { measureAdapters } from './adapters.ts'
import { startChild } from './child.ts'
import { measureEmulator } from './emulator-load.ts'
import { emulatorTable } from './emulator-report.ts'
import { measureHttpPath } from './http-path.ts'
import { measurePaging } from './paging-load.ts'
import { portalTable } from './portal-report.ts'
import { measurePortal } from './portal.ts'
import { httpPathTable, pagingTable, sealedValuesTable, type Table } from './report.ts'
import type { SealedValuesAnswer, SealedValuesQuestion } from './sealed-values.ts'
import { quietSpread } from './statistics.ts'
import { measureStores } from './store-load.ts'
import { storesTable } from './store-report.ts'
import { measureCopying, measureListing, measurePolling } from './transfer-load.ts'
import { copyingTable, listingTable } from './transfer-report.ts'

export interface Size {
  readonly rounds: number
  readonly slice: number
  readonly requests: number
  /** How often a table is measured while its rounds differ by more than a quiet machine's would. */
  readonly attempts: number
  readonly isShort: boolean
}

export const sessions = 1000

const measurements = {
  opening: async (size) => sealedValuesTable(await measureSealedValues(size)),
  page: async (size) => httpPathTable(await measureHttpPath({ sessions, ...size })),
  adapters: async (size) => adaptersTable(await measureAdapters({ sessions, ...size })),
  stores: async ({ rounds }) => storesTable(await measureStores(rounds)),
  paging: async ({ rounds }) => pagingTable(await measurePaging({ items: 100_000, rounds })),
  copying: async ({ rounds }) => copyingTable(await measureCopying(rounds)),
  listing: async ({ rounds, slice }) =>
    listingTable(await measureListing(rounds), await measurePolling(rounds, slice * 10)),
  emulator: async ({ rounds, slice }) => emulatorTable(await measureEmulator(rounds, slice * 5)),
  portal: async ({ rounds, isShort }) => portalTable(await measurePortal(rounds, isShort)),
} satisfies Readonly<Record<string, (size: Size) => Promise<Table>>>

export type TableName = keyof typeof measurements

// The keys of the table are what TableName is made of.
export const tableNames = Object.keys(measurements) as TableName[]

/** Measures again while the rounds differ too much, and keeps the quietest. The portal's table takes too long for that. */
export async function measureTable(name: TableName, size: Size): Promise<Table> {
  const measure = measurements[name]
  let best = await measure(size)
  const attempts = name === 'portal' ? 1 : size.attempts
  for (let attempt = 1; attempt < attempts && worstSpread(best) > quietSpread; attempt += 1) {
    const again = await measure(size)
    if (worstSpread(again) < worstSpread(best)) best = again
  }
  return best
}

function worstSpread({ measured }: Table): number {
  return Math.max(...[...measured.values()].map(({ spread }) => spread))
}

async function measureSealedValues({ rounds, slice }: Size): Promise<SealedValuesAnswer> {
  const child = startChild('sealed-values.ts', 1)
  try {
    const question = { count: sessions, rounds, slice } satisfies SealedValuesQuestion
    // The answer of sealed-values.ts.
    return (await child.ask(question)) as SealedValuesAnswer
  } finally {
    child.stop()
  }
}
