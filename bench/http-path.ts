import { request as httpRequest } from 'node:http'
import { startChild, type Child } from './child.ts'
import type { LoadAnswer, LoadQuestion } from './load.ts'
import type { ServerAnswer, ServerKind, ServerQuestion, UsageAnswer } from './server.ts'

export interface HttpPathOptions {
  readonly sessions: number
  readonly rounds: number
  /** Requests to each server in each round. */
  readonly requests: number
}

/** Requests in a second of the server's processor time, and in a second of the clock, round by round. */
export interface HttpPathRates {
  readonly kind: ServerKind
  readonly ofProcessor: readonly number[]
  readonly ofClock: readonly number[]
}

interface Collected extends HttpPathRates {
  readonly ofProcessor: number[]
  readonly ofClock: number[]
}

interface Running {
  readonly kind: ServerKind
  readonly child: Child
  readonly port: number
  readonly cookies: readonly string[]
  readonly answerBytes: number
}

const connections = 16
/** Tens of thousands of requests pass before a server's code is compiled for good. */
const warmUps = 6
const turns = 5
const kinds = ['cookie-remembered', 'cookie-fresh', 'sqlite', 'sqlite-fresh'] as const

/**
 * Rates of every kind of server, in turn: all servers on one core, of which one works at a time, and the load on the
 * other. They take turns several times in each round, so that noise hits them alike.
 */
export async function measureHttpPath(options: HttpPathOptions): Promise<HttpPathRates[]> {
  const children: Child[] = []
  const newChild = (file: string, core: 0 | 1): Child => {
    const child = startChild(file, core)
    children.push(child)
    return child
  }
  try {
    const servers = await startServers(options.sessions, () => newChild('server.ts', 1))
    const load = newChild('load.ts', 0)
    const rates = servers.map(({ kind }): Collected => ({ kind, ofProcessor: [], ofClock: [] }))
    for (let round = -warmUps; round < options.rounds; round += 1) {
      const measured = await measureRound(load, servers, options.requests)
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

async function startServers(sessions: number, newChild: () => Child): Promise<Running[]> {
  const withKit: Running[] = []
  for (const kind of kinds) withKit.push(await startServer(newChild(), { kind, count: sessions }))
  const [model] = withKit
  const cookies = model?.cookies ?? []
  const page = await get(model?.port ?? 0, cookies[0] ?? '')
  const headers = page.headers.filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name.toLowerCase()))
  const bare = await startServer(newChild(), { kind: 'bare', count: 0, page: { ...page, headers } }, cookies)
  const hono = await startServer(newChild(), { kind: 'hono', count: 0, person: samplePerson }, cookies)
  for (const server of [bare, ...withKit]) await checkSame(server, page)
  return [bare, hono, ...withKit]
}

const samplePerson = {
  sub: '5f1d7c2e-8a3b-4c6d-9e0f-000000000000',
  name: 'Ingrid Halvorsen 0000',
  preferred_username: 'ingrid0000@fjordlab.example',
  email: 'ingrid0000@fjordlab.example',
  organization: 'Fjord Laboratory',
}

async function startServer(child: Child, question: ServerQuestion, cookies?: readonly string[]): Promise<Running> {
  // The answer of server.ts.
  const answer = (await child.ask(question)) as ServerAnswer
  const sent = cookies ?? answer.cookies
  const page = await get(answer.port, sent[0] ?? '')
  return { kind: question.kind, child, port: answer.port, cookies: sent, answerBytes: page.bytes }
}

interface Rate {
  readonly ofProcessor: number
  readonly ofClock: number
}

async function measureRound(load: Child, servers: readonly Running[], requests: number): Promise<Rate[]> {
  const totals = servers.map(() => ({ used: 0, seconds: 0 }))
  const perTurn = Math.ceil(requests / turns)
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, { child, port, cookies, answerBytes }] of servers.entries()) {
      const total = totals[index]
      if (total === undefined) continue
      const before = await usage(child)
      const question = { port, cookies, requests: perTurn, connections, answerBytes } satisfies LoadQuestion
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

interface Page {
  readonly headers: [string, string][]
  readonly body: string
  /** Of the whole answer, status line and headers included. */
  readonly bytes: number
}

function get(port: number, cookie: string): Promise<Page> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, host: '127.0.0.1', headers: { cookie, connection: 'keep-alive' } },
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
async function checkSame(server: Running, page: Page): Promise<void> {
  const other = await get(server.port, server.cookies[0] ?? '')
  const lines = ({ headers }: Page): string[] =>
    headers.filter(([name]) => name !== 'Date').map((header) => header.join(': ').toLowerCase())
  const text = (each: Page): string => [...lines(each).sort(), each.body].join('\n')
  if (text(other) !== text(page)) throw new Error(`${server.kind} sends\n${text(other)}\ninstead of\n${text(page)}`)
}
