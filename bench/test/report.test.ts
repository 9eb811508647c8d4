import { expect, it } from 'vitest'
import { budgets, missedBudgets } from '../budgets.ts'
import { adaptersTable } from '../adapter-report.ts'
import { frameworks } from '../adapters.ts'
import { emulatorTable } from '../emulator-report.ts'
import { portalTable } from '../portal-report.ts'
import { storesTable } from '../store-report.ts'
import { httpPathTable, pagingTable, sealedValuesTable } from '../report.ts'

const kinds = ['bare', 'hono', 'cookie-remembered', 'cookie-fresh', 'sqlite', 'sqlite-fresh'] as const
const pages = httpPathTable(
  kinds.map((kind) => ({ kind, ofProcessor: kind === 'bare' ? [100, 100] : [80, 80], ofClock: [50, 50] })),
)
const opening = sealedValuesTable({
  payloadBytes: 1100,
  rates: { pierhead: [300, 300], 'iron-session': [10, 10], 'auth-core': [20, 20], jose: [50, 50] },
})

const lists = pagingTable({ rates: { bare: [100, 100, 100], kit: [85, 85, 85] }, flatness: [0.95, 0.95, 0.95] })

const stores = storesTable([
  { kind: 'SQLite', kit: [60_000, 60_000], bare: [] },
  { kind: 'Redis', kit: [900, 900], bare: [1000, 1000] },
  { kind: 'Postgres', kit: [450, 450], bare: [500, 500] },
])

const emulator = emulatorTable({
  rates: { tokens: [3000, 3000], refreshes: [2500, 2500], introspections: [4000, 4000], logins: [500, 500] },
  starts: [400, 400],
})

const adapters = adaptersTable(
  frameworks.map((framework) => ({
    framework,
    rates: (['alone', 'kit', 'kit-fresh', 'express-openid-connect', 'auth-js'] as const)
      .filter((_, index) => framework === 'express' || index < 3)
      .map((kind) => {
        const rate = { alone: 1000, kit: 800, 'kit-fresh': 400, 'express-openid-connect': 200, 'auth-js': 80 }[kind]
        return { kind, ofProcessor: [rate, rate], ofClock: [rate, rate] }
      }),
  })),
)

const portal = portalTable({
  listing: [
    { kind: 'bare', ofProcessor: [200, 200], ofClock: [] },
    { kind: 'portal', ofProcessor: [120, 120], ofClock: [] },
  ],
  pipe: {
    bare: { download: [5e8, 5e8], upload: [6e8, 6e8] },
    portal: { download: [4e8, 4e8], upload: [3e8, 3e8] },
    memory: { before: 150_000_000, most: 150_000_000 + 16 * 1024 * 1024, bytes: 4 * 1024 ** 3 },
  },
  pages: { pages: 500, browsers: 10, requests: [0.5, 0.8, 1], memory: 160_000_000, used: 20 },
  paint: [
    { path: '/', painted: [90, 100, 110], bytes: 12_000 },
    { path: '/collections/5e2f8a40-9b1c-4d3e-8a00-0c4b7d6e4005/files?path=/', painted: [140, 150, 160], bytes: 50_000 },
  ],
})

it('measures every budget, and prints it beside what was measured', () => {
  const tables = [opening, pages, adapters, lists, stores, emulator, portal]
  const own = budgets.filter(({ id }) => !/^(copy|ls)\//.test(id))
  expect(missedBudgets(new Map(tables.flatMap(({ measured }) => [...measured])), own)).toEqual([
    'opening a sealed session ÷ @auth/core: 15.00, at least 20 is promised',
    'upload through the portal ÷ bare pipe: 0.50, at least 0.6 is promised',
  ])
  const printed = tables.map(({ markdown }) => markdown).join('\n')
  for (const { id, atLeast } of own.filter((budget) => budget.id !== 'paging/flat')) {
    expect([id, printed.includes(`| ≥ ${atLeast} |`)]).toEqual([id, true])
  }
  expect(printed).toContain('Heap after a tenth of the list ÷ at its end: 0.95.')
})

it('says of the emulator how often and how soon, beside what is wanted', () => {
  expect(emulator.markdown).toContain('| token requests (client credentials) | 3000 per second | 1.50 | 0 % | ≥ 1 |')
  expect(emulator.markdown).toContain('| start with an empty world | 400 ms | 1.25 | 0 % | ≥ 1 |')
})

it('says of a store how it compares with the bare driver, or with what is wanted', () => {
  expect(stores.markdown).toContain('| SQLite | 60000 | 40,000 | 1.50 | 0 % | ≥ 1 |')
  expect(stores.markdown).toContain('| Redis | 900 | 1000 | 0.90 | 0 % | ≥ 0.8 |')
})

it('compares processor time, and shows the clock beside it', () => {
  expect(pages.markdown.split('\n')[0]).toBe('|  | µs each | this ÷ bare | spread | by the clock | budget |')
  expect(pages.markdown).toContain('| SQLite store | 12500.0 | 0.80 | 0 % | 1.00 | ≥ 0.4 |')
})

it('shows the portal beside bare servers and beside limits', () => {
  expect(portal.markdown).toContain('with the same listing | 8.3 ms | 5.0 ms | 0.60 | 0 % | ≥ 0.5 |')
  expect(portal.markdown).toContain('| 400 MB/s | 500 MB/s | 0.80 | 0 % | ≥ 0.6 |')
  expect(portal.markdown).toContain('while 4096 MiB pass each way, after 64 MiB had | 16 MiB | 64 MiB | 4.00 |')
  expect(portal.markdown).toContain('requests to Transfer | 0.80 per second | 1 per second | 1.25 |')
  expect(portal.markdown).toContain('`/collections/…/files`, the slowest of 2 pages | 150 ms | 300 ms | 2.00 |')
  expect(portal.markdown).toContain('| 50 kB | 60 kB | 1.20 | 0 % | ≥ 1 |')
})

it('takes a portal that asks nothing, or that no browser looked at, for one that was not measured', () => {
  const pages = { pages: 500, browsers: 1, requests: [0, 0], memory: 1e8, used: 1 }
  const pipe = { bare: { download: [1], upload: [1] }, portal: { download: [1], upload: [1] } }
  const memory = { before: 2, most: 1, bytes: 1 }
  const own = budgets.filter(({ id }) => id.startsWith('portal/pa'))
  const table = portalTable({ listing: [], pipe: { ...pipe, memory }, pages, paint: [] })
  expect(missedBudgets(table.measured, own)).toEqual([
    expect.stringContaining('requests to Transfer per second, 500 open pages: NaN'),
    expect.stringContaining('first contentful paint of the slowest page: not measured'),
  ])
})
