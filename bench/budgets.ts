import type { Ratio } from './statistics.ts'

/** What is promised, each as a ratio: of two rates that are measured side by side, or of a limit to what was measured. */
export interface Budget {
  readonly id: string
  readonly what: string
  readonly atLeast: number
}

export const budgets = [
  { id: 'open/iron-session', what: 'opening a sealed session ÷ iron-session', atLeast: 20 },
  { id: 'open/auth-core', what: 'opening a sealed session ÷ @auth/core', atLeast: 20 },
  { id: 'open/jose', what: 'opening a sealed session ÷ jose compactDecrypt', atLeast: 5 },
  { id: 'page/cookie-remembered', what: 'page, cookie session remembered ÷ bare node:http', atLeast: 0.7 },
  { id: 'page/cookie-fresh', what: 'page, 1,000 cookie sessions not remembered ÷ bare node:http', atLeast: 0.5 },
  { id: 'page/sqlite', what: 'page, 1,000 sessions in SQLite ÷ bare node:http', atLeast: 0.4 },
  { id: 'adapter/express-kit', what: 'page in Express with the kit, remembered ÷ Express alone', atLeast: 0.75 },
  { id: 'adapter/fastify-kit', what: 'page in Fastify with the kit, remembered ÷ Fastify alone', atLeast: 0.75 },
  { id: 'adapter/hono-kit', what: 'page in Hono with the kit, remembered ÷ Hono alone', atLeast: 0.75 },
  { id: 'adapter/node-kit', what: 'page in node:http with the kit, remembered ÷ node:http alone', atLeast: 0.75 },
  { id: 'adapter/express-openid-connect', what: 'Express with the kit ÷ express-openid-connect', atLeast: 3 },
  { id: 'adapter/auth-js', what: 'Express with the kit ÷ @auth/express', atLeast: 8 },
  { id: 'store/sqlite', what: 'reads from SQLite per second ÷ 40,000', atLeast: 1 },
  { id: 'store/redis', what: 'reads from Redis ÷ bare driver', atLeast: 0.8 },
  { id: 'store/postgres', what: 'reads from Postgres ÷ bare driver', atLeast: 0.8 },
  { id: 'paging/kit', what: '100,000 items through a list ÷ bare fetch and JSON.parse', atLeast: 0.8 },
  { id: 'paging/flat', what: 'heap after a tenth of the list ÷ at its end', atLeast: 0.9 },
  { id: 'copy/large', what: 'task, 4 files of 128 MiB ÷ cp -r', atLeast: 0.6 },
  { id: 'copy/large-loop', what: 'task, 4 files of 128 MiB ÷ bare loop of Node', atLeast: 0.8 },
  { id: 'copy/small', what: 'task, 5,000 files of 2 KiB ÷ cp -r', atLeast: 0.4 },
  { id: 'copy/large-verified', what: 'verified task, 4 files of 128 MiB ÷ cp -r and md5sum', atLeast: 0.5 },
  { id: 'copy/small-verified', what: 'verified task, 5,000 files of 2 KiB ÷ cp -r and md5sum', atLeast: 0.5 },
  { id: 'copy/sparse', what: 'length of a copied sparse file ÷ what it takes on disk', atLeast: 100 },
  { id: 'copy/polled', what: 'rate of a task while 100 clients ask for it each second ÷ alone', atLeast: 0.9 },
  { id: 'ls/first', what: '0.3 s ÷ first 100 of 100,000 entries', atLeast: 1 },
  { id: 'ls/whole', what: '2 s ÷ all 100,000 entries', atLeast: 1 },
  { id: 'ls/memory', what: '300 MB ÷ memory of the emulator after it', atLeast: 1 },
  { id: 'emulator/tokens', what: 'token requests per second of one core ÷ 2,000', atLeast: 1 },
  { id: 'emulator/start', what: '0.5 s ÷ start of the emulator with an empty world', atLeast: 1 },
  { id: 'portal/listing', what: 'page of 1,000 entries ÷ bare node:http', atLeast: 0.5 },
  { id: 'portal/download', what: 'download through the portal ÷ bare pipe', atLeast: 0.6 },
  { id: 'portal/upload', what: 'upload through the portal ÷ bare pipe', atLeast: 0.6 },
  { id: 'portal/flat', what: '64 MiB ÷ growth of the portal while a large file passes', atLeast: 1 },
  { id: 'portal/pages-requests', what: '1 ÷ requests to Transfer per second, 500 open pages', atLeast: 1 },
  { id: 'portal/pages-memory', what: '200 MB ÷ memory of the portal, 500 open pages', atLeast: 1 },
  { id: 'portal/paint', what: '300 ms ÷ first contentful paint of the slowest page', atLeast: 1 },
  { id: 'portal/bytes', what: '60 kB ÷ scripts and styles of the largest page', atLeast: 1 },
] as const satisfies readonly Budget[]

export type BudgetId = (typeof budgets)[number]['id']
export type Measured = ReadonlyMap<string, Ratio>

/** One sentence for each budget that was missed; a budget that was not measured is missed too. */
export function missedBudgets(measured: Measured, promised: readonly Budget[] = budgets): string[] {
  return promised.flatMap(({ id, what, atLeast }) => {
    const ratio = measured.get(id)?.median
    if (ratio === undefined) return [`${what}: not measured, at least ${atLeast} is promised`]
    // Written so that a ratio that is not a number is missed.
    return ratio >= atLeast ? [] : [`${what}: ${ratio.toFixed(2)}, at least ${atLeast} is promised`]
  })
}
