import { budgets } from './budgets.ts'
import type { PortalMeasured } from './portal.ts'
import type { ListingRates } from './portal-listing.ts'
import type { PagesAnswer } from './portal-pages.ts'
import type { Paint } from './portal-paint.ts'
import { ways, type PipeRates } from './portal-pipe.ts'
import type { Table } from './report.ts'
import { median, ratioOf, ratioOfRounds, type Ratio } from './statistics.ts'

const mebi = 1024 * 1024
/** Bytes that the portal may grow by while a large file passes through it. */
const mostGrowth = 64 * mebi
const mostMemory = 200_000_000
/** Milliseconds. */
const latestPaint = 300
const mostBytes = 60_000

interface Line {
  readonly id: string
  readonly what: string
  readonly measured: string
  readonly beside: string
  readonly ratio: Ratio
}

/** What the portal was measured at, beside bare `node:http` or a limit. */
export function portalTable({ listing, pipe, pages, paint }: PortalMeasured): Table {
  const lines = [listingLine(listing), ...pipeLines(pipe), ...pagesLines(pages), ...paintLines(paint)]
  const head = ['', 'portal', 'beside', 'ratio', 'spread', 'budget']
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  const rows = lines.map(({ id, what, measured, beside, ratio }) => {
    const promised = budgets.find((budget) => budget.id === id)?.atLeast
    return [what, measured, beside, ratio.median.toFixed(2), `${Math.round(ratio.spread * 100)} %`, `≥ ${promised}`]
  })
  return {
    title: 'The portal as a program of its own, before a local emulator; by processor time where it is compared',
    markdown: [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n'),
    measured: new Map(lines.map(({ id, ratio }) => [id, ratio])),
  }
}

function listingLine(listing: readonly ListingRates[]): Line {
  const of = (kind: ListingRates['kind']): readonly number[] =>
    listing.find((rates) => rates.kind === kind)?.ofProcessor ?? []
  const each = (rates: readonly number[]): string => `${(1000 / median(rates)).toFixed(1)} ms`
  return {
    id: 'portal/listing',
    what: 'page of 1,000 entries; bare `node:http` with the same listing',
    measured: each(of('portal')),
    beside: each(of('bare')),
    ratio: ratioOfRounds(of('portal'), of('bare')),
  }
}

function pipeLines({ bare, portal, memory }: PipeRates): Line[] {
  const rate = (rates: readonly number[]): string => `${megabytes(median(rates))}/s`
  const lines = ways.map((way) => ({
    id: `portal/${way}`,
    what: `${way}; a bare pipe of \`node:http\``,
    measured: rate(portal[way]),
    beside: rate(bare[way]),
    ratio: ratioOfRounds(portal[way], bare[way]),
  }))
  // A process may well end smaller than it was.
  const growth = Math.max(mebi, memory.most - memory.before)
  return [
    ...lines,
    {
      id: 'portal/flat',
      what: `growth while ${Math.round(memory.bytes / mebi)} MiB pass each way, after 64 MiB had`,
      measured: `${Math.round(growth / mebi)} MiB`,
      beside: '64 MiB',
      ratio: ratioOf([mostGrowth / growth]),
    },
  ]
}

function pagesLines({ pages, browsers, requests, memory }: PagesAnswer): Line[] {
  const what = `${pages} open pages of one task in ${browsers} browsers of one person`
  return [
    {
      id: 'portal/pages-requests',
      what: `${what}: requests to Transfer`,
      measured: `${median(requests).toFixed(2)} per second`,
      beside: '1 per second',
      // Where nothing is asked at all, nothing is shown.
      ratio: ratioOf(requests.map((rate) => (rate > 0 ? 1 / rate : Number.NaN))),
    },
    {
      id: 'portal/pages-memory',
      what: `${what}: memory`,
      measured: megabytes(memory),
      beside: megabytes(mostMemory),
      ratio: ratioOf([mostMemory / memory]),
    },
  ]
}

/** Nothing where no browser is. */
function paintLines(paint: readonly Paint[]): Line[] {
  const slowest = paint.toSorted((left, right) => median(right.painted) - median(left.painted))[0]
  if (slowest === undefined) return []
  const bytes = Math.max(...paint.map((page) => page.bytes))
  return [
    {
      id: 'portal/paint',
      what: `first contentful paint of \`${slowest.path.replace(/\?.*/, '').replace(/[\da-f-]{36}/, '…')}\`, the slowest of ${paint.length} pages`,
      measured: `${median(slowest.painted).toFixed(0)} ms`,
      beside: `${latestPaint} ms`,
      ratio: ratioOf(slowest.painted.map((milliseconds) => latestPaint / milliseconds)),
    },
    {
      id: 'portal/bytes',
      what: 'scripts and styles of the largest page, not compressed',
      measured: `${(bytes / 1000).toFixed(0)} kB`,
      beside: `${mostBytes / 1000} kB`,
      ratio: ratioOf([mostBytes / bytes]),
    },
  ]
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`
