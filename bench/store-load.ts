import { capability } from '../tools/lib/capability.ts'
import { idOf, makers, type FilledStore, type StoreKind } from './stores.ts'

/** Reads in a second, round by round. */
export interface StoreRates {
  readonly kind: StoreKind
  readonly kit: readonly number[]
  /** The same values by the driver's own call. Empty: the driver is not asynchronous, and nobody would call it so. */
  readonly bare: readonly number[]
}

const programs = { Redis: 'redis', Postgres: 'postgres' } as const
const reads = 20_000
const few = 1000
const many = 1_000_000

/** How many sessions each store reads in a second, beside what the bare driver gets of the same rows. */
export async function measureStores(rounds: number): Promise<StoreRates[]> {
  const rates: StoreRates[] = []
  for (const kind of ['SQLite', 'Redis', 'Postgres'] as const) {
    if (kind !== 'SQLite' && !capability(programs[kind]).available) continue
    const filled = await makers[kind]()
    try {
      await filled.fill(0, few)
      rates.push({ kind, ...(await inTurn(filled, few, rounds)) })
    } finally {
      await filled.end()
    }
  }
  return rates
}

/** The same lookups with 1,000 sessions and with 1,000,000. */
export async function measureMillion(
  kind: StoreKind,
  rounds: number,
): Promise<{ few: readonly number[]; many: readonly number[] }> {
  const [small, large] = [await makers[kind](), await makers[kind]()]
  try {
    await small.fill(0, few)
    await large.fill(0, many)
    const rates: { few: number[]; many: number[] } = { few: [], many: [] }
    // In turn, so that a machine that is busy for a moment is busy for both; the first time only warms up.
    for (let round = 0; round <= rounds; round += 1) {
      const [less, more] = [await readRate(small, few), await readRate(large, many)]
      if (round > 0) rates.few.push(less)
      if (round > 0) rates.many.push(more)
    }
    return rates
  } finally {
    await small.end()
    await large.end()
  }
}

const readRate = ({ store }: FilledStore, count: number): Promise<number> => rate((id) => store.read(id), count)

async function inTurn({ store, bare }: FilledStore, count: number, rounds: number) {
  const rates: { kit: number[]; bare: number[] } = { kit: [], bare: [] }
  for (let round = 0; round < rounds; round += 1) {
    if (bare !== undefined) rates.bare.push(await rate(bare, count))
    rates.kit.push(await rate((id) => store.read(id), count))
  }
  return rates
}

/** Reads a second, sixteen requests at a time, another session each. */
async function rate(read: (id: string) => Promise<unknown>, count: number): Promise<number> {
  const ids = Array.from({ length: reads }, (_, index) => idOf((index * 7919) % count))
  const begun = performance.now()
  let next = 0
  const work = async (): Promise<void> => {
    for (let id = ids[next++]; id !== undefined; id = ids[next++])
      if ((await read(id)) === undefined) throw new Error('A session is missing.')
  }
  await Promise.all(Array.from({ length: 16 }, work))
  return (reads * 1000) / (performance.now() - begun)
}
