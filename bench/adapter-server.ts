// Serves seed 1's home page in one framework: alone, with the kit's adapter, or with a peer for Express.
import { createServer, type Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import express, { type Express } from 'express'
import fastify, { type FastifyInstance } from 'fastify'
import { Hono } from 'hono'
import type { Login } from 'pierhead'
import * as forExpress from 'pierhead/express'
import * as forFastify from 'pierhead/fastify'
import * as forHono from 'pierhead/hono'
import * as forNode from 'pierhead/node'
import { startAuthJs, startExpressOpenidConnect } from './adapter-peers.ts'
import { answerParent } from './child.ts'
import { homePage, type Person } from './page.ts'
import { createSessions } from './sessions.ts'
import type { ServerAnswer, UsageAnswer } from './server.ts'

export type Framework = 'express' | 'fastify' | 'hono' | 'node'
export type AdapterKind = 'alone' | 'kit' | 'kit-fresh' | 'express-openid-connect' | 'auth-js'

export interface AdapterQuestion {
  readonly kind: AdapterKind
  readonly framework: Framework
  /** Sessions to log in. */
  readonly count: number
  /** Whom the framework alone shows. */
  readonly person: Person
}

/** The headers that the kit puts on a page of a session; a framework alone sends them too, for the same bytes. */
const sessionHeaders = { 'Cache-Control': 'private, no-store', Vary: 'Cookie' }

answerParent(async (question) => {
  // Sent by adapters.ts; a message without a kind asks for the processor time.
  const asked = question as Partial<AdapterQuestion>
  const { user, system } = process.cpuUsage()
  if (asked.kind === undefined) return { used: user + system } satisfies UsageAnswer
  // One with a kind is whole.
  return start(asked as AdapterQuestion)
})

async function start({ kind, framework, count, person }: AdapterQuestion): Promise<ServerAnswer> {
  if (kind === 'express-openid-connect') return startExpressOpenidConnect(count)
  if (kind === 'auth-js') return startAuthJs(count)
  if (kind === 'alone') return { port: await listen(await alone[framework](person)), cookies: [] }
  const { login, cookies } = await createSessions({ count, ...(kind === 'kit-fresh' ? { rememberBytes: 0 } : {}) })
  return { port: await listen(await withKit[framework](login)), cookies }
}

const alone: Record<Framework, (person: Person) => Promise<Server>> = {
  async express(person) {
    const app = express().get('/', async (_, res) => {
      res
        .set(sessionHeaders)
        .type('html')
        .send(await homePage(person))
    })
    return createServer(app)
  },
  fastify(person) {
    const app = fastify()
    app.get('/', async (_, reply) =>
      reply
        .headers(sessionHeaders)
        .type('text/html')
        .send(await homePage(person)),
    )
    return ready(app)
  },
  async hono(person) {
    return honoServer(new Hono().get('/', async (c) => c.html(await homePage(person), 200, sessionHeaders)))
  },
  async node(person) {
    return createServer((_, res) => {
      for (const [name, value] of Object.entries(sessionHeaders)) res.setHeader(name, value)
      res.setHeader('content-type', 'text/html; charset=utf-8')
      void homePage(person).then((page) => res.end(page))
    })
  },
}

const withKit: Record<Framework, (login: Login) => Promise<Server>> = {
  async express(login) {
    return createServer(expressApp(login))
  },
  async fastify(login) {
    const app = fastify()
    await app.register(forFastify.loginPlugin(login))
    app.get('/', async (request, reply) =>
      reply.type('text/html').send(await homePage(forFastify.getSession(request)?.claims)),
    )
    return ready(app)
  },
  async hono(login) {
    const app = new Hono()
    app.use(forHono.loginMiddleware(login))
    app.get('/', async (c) => c.html(await homePage(forHono.getSession(c)?.claims)))
    return honoServer(app)
  },
  async node(login) {
    const middleware = forNode.loginMiddleware(login)
    return createServer((req, res) => {
      void middleware(req, res, async () => {
        res.setHeader('content-type', 'text/html; charset=utf-8')
        res.end(await homePage(forNode.getSession(req)?.claims))
      })
    })
  },
}

function expressApp(login: Login): Express {
  const app = express()
  app.use(forExpress.loginMiddleware(login))
  app.get('/', async (req, res) => {
    res.type('html').send(await homePage(forExpress.getSession(req)?.claims))
  })
  app.use(forExpress.loginErrors())
  return app
}

async function ready(app: FastifyInstance): Promise<Server> {
  await app.ready()
  return app.server
}

/** Without options for HTTP/2 the adapter makes a node:http server. */
const honoServer = (app: Hono): Server => createAdaptorServer({ fetch: app.fetch }) as Server

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return address.port
}
