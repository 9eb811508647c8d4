import { cpus } from 'node:os'
import { budgets, type Measured } from './budgets.ts'
import { canPin } from './child.ts'
import { median, ratioOf, ratioOfRounds, type Ratio } from './statistics.ts'
import type { PagingAnswer } from './paging.ts'
import type { HttpPathRates } from './http-path.ts'
import type { SealedValuesAnswer } from './sealed-values.ts'

/** A measured line of both tables. */
interface Row {
  readonly id: string
  readonly what: string
  /** Operations in a second of processor time, round by round. */
  readonly rates: readonly number[]
  /** A further cell, for information. */
  readonly more?: string
}

export interface Table {
  readonly title: string
  readonly markdown: string
  readonly measured: Measured
}

const openings: { readonly [contender: string]: string } = {
  pierhead: "the kit's sealer and `JSON.parse`: one value",
  'pierhead login.open': '`login.open()`: `Cookie` header to session, two values, checked',
  'iron-session': 'iron-session `unsealData()`: one value',
  'iron-session getIronSession': 'iron-session `getIronSession()`: one value, through its cookie store',
  'auth-core': '`@auth/core` `decode()`: one value',
  'auth-core getToken': '`@auth/core` `getToken()`: `Cookie` header to claims',
  jose: '`jose` `compactDecrypt()` (`dir`, A256GCM) and `JSON.parse`: one value',
}

const pages: { readonly [kind in HttpPathRates['kind']]: string } = {
  bare: 'bare `node:http`, ready bytes',
  hono: 'Hono without the kit, same template',
  'cookie-remembered': 'cookie sessions, remembered',
  'cookie-fresh': 'cookie sessions, nothing remembered',
  sqlite: 'SQLite store',
  'sqlite-fresh': 'SQLite store, nothing remembered',
}

/** The kit's rate, as a multiple of each peer's. */
export function sealedValuesTable({ payloadBytes, rates }: SealedValuesAnswer): Table {
  const kit = rates['pierhead'] ?? []
  const rows = Object.entries(rates).map(([name, own]) => ({
    id: `open/${name}`,
    what: openings[name] ?? name,
    rates: own,
  }))
  const title = `Opening a sealed session, ${payloadBytes} bytes of JSON, another one each time, nothing remembered`
  return { title, ...table(rows, (own) => ratioOfRounds(kit, own), ['kit ÷ this']) }
}

/** Each server's rate, as a share of the bare server's. */
export function httpPathTable(kinds: readonly HttpPathRates[]): Table {
  const bare = kinds.find(({ kind }) => kind === 'bare')
  const rows = kinds.map(({ kind, ofProcessor, ofClock }) => ({
    id: `page/${kind}`,
    what: pages[kind],
    rates: ofProcessor,
    more: ratioOfRounds(ofClock, bare?.ofClock ?? []).median.toFixed(2),
  }))
  const title = "Seed 1's home page over HTTP, another session each time, same bytes and cookies"
  return {
    title,
    ...table(rows, (own) => ratioOfRounds(own, bare?.ofProcessor ?? []), ['this ÷ bare', 'by the clock']),
  }
}

/** The kit's rate as a share of the bare loop's, and whether memory grows with the list. */
export function pagingTable({ rates, flatness }: PagingAnswer): Table {
  const rows = [
    { id: 'paging/bare', what: 'bare `fetch` and `JSON.parse`', rates: rates.bare },
    { id: 'paging/kit', what: '`for await` over a list of the kit', rates: rates.kit },
  ]
  const { markdown, measured } = table(rows, (own) => ratioOfRounds(own, rates.bare), ['this ÷ bare'])
  const flat = ratioOf(flatness)
  const line = `Heap after a tenth of the list ÷ at its end: ${flat.median.toFixed(2)}.`
  return {
    title: '100,000 items in pages of 1,000',
    markdown: `${markdown}\n\n${line}`,
    measured: new Map([...measured, ['paging/flat', flat]]),
  }
}

function table(
  rows: readonly Row[],
  ratio: (rates: readonly number[]) => Ratio,
  titles: readonly [ratio: string, more?: string],
): Omit<Table, 'title'> {
  const measured = new Map(rows.map(({ id, rates }) => [id, ratio(rates)]))
  const lines = rows.map(({ id, what, rates, more }) => {
    const { median: middle, spread } = measured.get(id) ?? ratioOfRounds([], [])
    const promised = budgets.find((budget) => budget.id === id)?.atLeast
    const numbers = [(1_000_000 / median(rates)).toFixed(1), middle.toFixed(2), `${Math.round(spread * 100)} %`]
    return [what, ...numbers, ...(more === undefined ? [] : [more]), promised === undefined ? '' : `≥ ${promised}`]
  })
  const [title, ...more] = titles
  const head = ['', 'µs each', title, 'spread', ...more, 'budget']
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return { markdown: [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n'), measured }
}

/** What a reader must know of the machine, without its name. */
export function machineFacts(): string {
  const [first] = cpus()
  const pinned = canPin
    ? 'server and load pinned to a core each'
    : 'no taskset or only one core: placed by the scheduler'
  const date = new Date().toISOString().slice(0, 10)
  return `${date}, Node ${process.versions.node}, ${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${pinned}, young heap of 8 MB.`
}
