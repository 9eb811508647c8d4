// Measures servers that take turns: rates of processor time and of the clock, round by round.
import { request as httpRequest } from 'node:http'
import { startChild, type Child } from './child.ts'
import type { LoadAnswer, LoadQuestion } from './load.ts'
import type { ServerAnswer, UsageAnswer } from './server.ts'

export interface MeasuringOptions {
  readonly rounds: number
  /** Requests to each server in each round. */
  readonly requests: number
  /** Rounds that do not count. Default: as many as a small page needs. */
  readonly warmUps?: number
  /** Default 16. */
  readonly connections?: number
}

/** Requests in a second of the server's processor time, and in a second of the clock, round by round. */
export interface ServerRates<Kind extends string> {
  readonly kind: Kind
  readonly ofProcessor: readonly number[]
  readonly ofClock: readonly number[]
}

interface Collected<Kind extends string> extends ServerRates<Kind> {
  readonly ofProcessor: number[]
  readonly ofClock: number[]
}

export interface Running<Kind extends string> {
  readonly kind: Kind
  readonly child: Child
  readonly port: number
  /** Default `/`. */
  readonly path?: string
  readonly cookies: readonly string[]
  /** Undefined where answers differ in length. */
  readonly answerBytes: number | undefined
}

/** Tens of thousands of requests pass before a server's code is compiled for good. */
const usualWarmUps = 6
const turns = 5

/** Starts a process from a file of this folder, on the core of the servers; it ends with the measurement. */
export type NewChild = (file: string) => Child

/**
 * Rates of every server, in turn: all servers on one core, of which one works at a time, and the load on the other. They
 * take turns several times in each round, so that noise hits them alike.
 */
export async function measureServers<Kind extends string>(
  options: MeasuringOptions,
  start: (newChild: NewChild) => Promise<readonly Running<Kind>[]>,
): Promise<ServerRates<Kind>[]> {
  const children: Child[] = []
  const newChild = (file: string, core: 0 | 1): Child => {
    const child = startChild(file, core)
    children.push(child)
    return child
  }
  try {
    const servers = await start((file) => newChild(file, 1))
    const load = newChild('load.ts', 0)
    const rates = servers.map(({ kind }): Collected<Kind> => ({ kind, ofProcessor: [], ofClock: [] }))
    for (let round = -(options.warmUps ?? usualWarmUps); round < options.rounds; round += 1) {
      const measured = await measureRound(load, servers, options)
      if (round < 0) continue
      for (const [index, rate] of rates.entries()) {
        rate.ofProcessor.push(measured[index]?.ofProcessor ?? Number.NaN)
        rate.ofClock.push(measured[index]?.ofClock ?? Number.NaN)
      }
    }
    return rates
  } finally {
    for (const child of children) child.stop()
  }
}

/** Asks a child for a server, and that server for its page. */
export async function startServer<Kind extends string>(
  child: Child,
  question: { readonly kind: Kind },
  cookies?: readonly string[],
): Promise<Running<Kind>> {
  // The answer of server.ts and adapter-server.ts.
  const answer = (await child.ask(question)) as ServerAnswer
  const sent = cookies ?? answer.cookies
  const page = await getPage(answer.port, sent[0] ?? '')
  return { kind: question.kind, child, port: answer.port, cookies: sent, answerBytes: page.bytes }
}

interface Rate {
  readonly ofProcessor: number
  readonly ofClock: number
}

async function measureRound(
  load: Child,
  servers: readonly Running<string>[],
  { requests, connections = 16 }: MeasuringOptions,
): Promise<Rate[]> {
  const totals = servers.map(() => ({ used: 0, seconds: 0 }))
  const perTurn = Math.ceil(requests / turns)
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, { child, port, path, cookies, answerBytes }] of servers.entries()) {
      const total = totals[index]
      if (total === undefined) continue
      const before = await usage(child)
      const question = { port, path, cookies, requests: perTurn, connections, answerBytes } satisfies LoadQuestion
      // The answer of load.ts.
      total.seconds += ((await load.ask(question)) as LoadAnswer).seconds
      total.used += (await usage(child)) - before
    }
  }
  const sent = perTurn * turns
  return totals.map(({ used, seconds }) => ({ ofProcessor: (sent / used) * 1_000_000, ofClock: sent / seconds }))
}

async function usage(child: Child): Promise<number> {
  // The answer of server.ts to a message without a kind.
  return ((await child.ask({})) as UsageAnswer).used
}

export interface Page {
  readonly headers: [string, string][]
  readonly body: string
  /** Of the whole answer, status line and headers included. */
  readonly bytes: number
}

export function getPage(port: number, cookie: string, path = '/'): Promise<Page> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, path, host: '127.0.0.1', headers: { cookie, connection: 'keep-alive' } },
      (response) => {
        const { rawHeaders, statusCode, statusMessage } = response
        const headers = rawHeaders.flatMap((name, index): [string, string][] =>
          index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
        )
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (text: string) => (body += text))
        response.on('end', () => {
          const head = [
            `HTTP/1.1 ${statusCode} ${statusMessage}`,
            ...headers.map(([name, value]) => `${name}: ${value}`),
          ]
          resolve({ headers, body, bytes: Buffer.byteLength(`${head.join('\r\n')}\r\n\r\n${body}`) })
        })
      },
    )
    request.on('error', reject)
    request.end()
  })
}

/** A comparison of servers that send different things says nothing. */
export async function checkSame(server: Running<string>, page: Page): Promise<void> {
  const other = await getPage(server.port, server.cookies[0] ?? '')
  const lines = ({ headers }: Page): string[] =>
    headers.filter(([name]) => name !== 'Date').map((header) => header.join(': ').toLowerCase())
  const text = (each: Page): string => [...lines(each).sort(), each.body].join('\n')
  if (text(other) !== text(page)) throw new Error(`${server.kind} sends\n${text(other)}\ninstead of\n${text(page)}`)
}
