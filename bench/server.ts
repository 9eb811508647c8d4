// Serves seed 1's home page: with the kit, with Hono alone, or as ready bytes from node:http.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { getSession, loginMiddleware } from 'pierhead/hono'
import { sqliteStore } from 'pierhead/session-store/sqlite'
import { answerParent } from './child.ts'
import { homePage, type Person } from './page.ts'
import { createSessions } from './sessions.ts'

export type ServerKind = 'bare' | 'hono' | 'cookie-remembered' | 'cookie-fresh' | 'sqlite' | 'sqlite-fresh'

export interface ServerQuestion {
  readonly kind: ServerKind
  /** Sessions to log in, for the kinds with the kit. */
  readonly count: number
  /** What the bare server sends. */
  readonly page?: { readonly headers: readonly (readonly [string, string])[]; readonly body: string }
  readonly person?: Person
}

export interface ServerAnswer {
  readonly port: number
  readonly cookies: readonly string[]
}

/** Processor time that this process has used so far, in microseconds. */
export interface UsageAnswer {
  readonly used: number
}

answerParent(async (question) => {
  // Sent by http-path.ts; a message without a kind asks for the processor time.
  const asked = question as Partial<ServerQuestion>
  const { user, system } = process.cpuUsage()
  if (asked.kind === undefined) return { used: user + system } satisfies UsageAnswer
  return start({ count: 0, ...asked, kind: asked.kind })
})

async function start(question: ServerQuestion): Promise<ServerAnswer> {
  const { server, cookies } = await prepare(question)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return { port: address.port, cookies }
}

async function prepare(question: ServerQuestion): Promise<{ server: Server; cookies: readonly string[] }> {
  const { kind, count, page, person } = question
  if (kind === 'bare') return { server: bareServer(page ?? { headers: [], body: '' }), cookies: [] }
  if (kind === 'hono') {
    const app = new Hono().get('/', async (c) => c.html(await homePage(person)))
    return { server: honoServer(app), cookies: [] }
  }
  const isStored = kind === 'sqlite' || kind === 'sqlite-fresh'
  const { login, cookies } = await createSessions({
    count,
    ...(kind.endsWith('fresh') ? { rememberBytes: 0 } : {}),
    ...(isStored ? { store: sqliteStore(temporaryFile()) } : {}),
  })
  const app = new Hono()
  app.use(loginMiddleware(login))
  app.get('/', async (c) => c.html(await homePage(getSession(c)?.claims)))
  return { server: honoServer(app), cookies }
}

function honoServer(app: Hono): Server {
  // Without options for HTTP/2 the adapter makes a node:http server.
  return createAdaptorServer({ fetch: app.fetch }) as Server
}

function bareServer({ headers, body }: NonNullable<ServerQuestion['page']>): Server {
  const fixed = Object.fromEntries(headers)
  return createServer((_request, response) => {
    response.writeHead(200, fixed)
    response.end(body)
  })
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'sessions.db')
}
