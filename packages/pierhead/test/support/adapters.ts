import { createRequire } from 'node:module'
import {
  createServer,
  request as sendRequest,
  type OutgoingHttpHeaders,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { Readable } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import express, { type ErrorRequestHandler, type Express, type Request as ExpressRequest } from 'express'
import fastify, { type FastifyError, type FastifyInstance, type InjectOptions } from 'fastify'
import formbody from '@fastify/formbody'
import { Hono } from 'hono'
import type { AuthenticationOptions, GroupMembership, GroupOptions, Login, LoginSession } from '../../src/index.ts'
import * as expressAdapter from '../../src/express.ts'
import * as fastifyAdapter from '../../src/fastify.ts'
import * as honoAdapter from '../../src/hono.ts'
import * as nodeAdapter from '../../src/node.ts'
import type { AdapterGuards } from '../../src/lib/login/adapter-guards.ts'
import type { Send, WireAnswer, WireRequest } from './browser.ts'

// Express 4 is called in the same way as 5, whose declarations it gets here.
const express4 = createRequire(import.meta.url)('express4') as typeof express

export interface TestData {
  readonly visits: number
}
export type TestSession = LoginSession<TestData | undefined>

/** A route of the application under test: what it may ask of the adapter, and what it answers. */
export interface AppRequest {
  readonly path: string
  readonly method: string
  readonly session: TestSession | undefined
  require(): TestSession
  readonly guards: TestGuards
}
/** The guards of the adapter under test, for this request. */
export interface TestGuards {
  requireScopes(...scopes: readonly string[]): TestSession
  requireGroup(id: string, options?: GroupOptions): Promise<GroupMembership>
  requireAuthentication(options: AuthenticationOptions): Promise<TestSession>
}
export interface AppAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A list is sent piece by piece, as it comes. */
  readonly body: string | AsyncIterable<string>
}
export type App = (request: AppRequest) => AppAnswer | Promise<AppAnswer>

export interface Mounted {
  readonly send: Send
  readonly close: () => Promise<void>
}
export type Mount = (login: Login<TestData | undefined>, app?: App) => Promise<Mounted>

/** The ways in which the package's entries are reached. */
export const adapters: Readonly<Record<string, Mount>> = {
  'Hono in memory': async (login, app = standardApp) => {
    const hono = honoApp(login, app)
    return {
      async send({ method, target, headers, body, onPart }) {
        const init = { method, headers, body: body ?? null }
        const request = new Request(`http://inner.example${target}`, init)
        return readResponse(await hono.fetch(request), onPart)
      },
      close: async () => undefined,
    }
  },
  'Hono over a socket'(login, app = standardApp) {
    const listener = getRequestListener(honoApp(login, app).fetch)
    return listen((req, res) => void listener(req, res))
  },
  'node:http over a socket': (login, app = standardApp) => listen(nodeApp(login, app)),
  'Express 5': (login, app = standardApp) => listen(expressApp(express(), login, app)),
  'Express 5 behind a body parser'(login, app = standardApp) {
    const parsers = [express.urlencoded(), express.json()]
    return listen(expressApp(express().use(parsers), login, app))
  },
  'Express 4': (login, app = standardApp) => listen(expressApp(express4(), login, app)),
  'Fastify 5': (login, app = standardApp) => listenFastify(login, app, false),
  'Fastify 5 with formbody': (login, app = standardApp) => listenFastify(login, app, true),
}

/** Where a framework can be called without a socket. */
export const injected: Readonly<Record<string, Mount>> = {
  'Fastify 5 in memory': async (login, app = standardApp) => {
    const server = await fastifyApp(login, app, false)
    return {
      async send({ method, target, headers, body, onPart }) {
        const request = { method, url: target, headers, payloadAsStream: true, ...(body === undefined ? {} : { body }) }
        // Of the methods that Fastify knows.
        const answer = await server.inject(request as InjectOptions)
        const parts = await readParts(answer.stream(), onPart)
        return { status: answer.statusCode, headers: toHeaders(answer.raw.res.getHeaders()), body: parts }
      },
      close: () => server.close(),
    }
  },
}

export const standardApp: App = async (request) => {
  const { session, path } = request
  if (path === '/public')
    return { headers: { 'cache-control': 'public, max-age=600', vary: 'Accept-Encoding' }, body: 'for all' }
  if (path === '/private') return { body: `secret of ${request.require().claims.sub}` }
  if (path === '/csrf') return { body: request.require().csrfToken }
  if (path === '/id') return { body: request.require().id }
  if (path.startsWith('/token/')) return { body: await request.require().accessToken(path.slice('/token/'.length)) }
  if (path === '/data') {
    if (request.method === 'POST') await request.require().update((data) => ({ visits: (data?.visits ?? 0) + 1 }))
    return { body: String(request.require().data?.visits ?? 0) }
  }
  return { body: session === undefined ? 'hello stranger' : `hello ${session.claims.name ?? session.claims.sub}` }
}

function honoApp(login: Login<TestData | undefined>, app: App): Hono {
  const hono = new Hono()
  hono.onError(() => new Response('the application failed', { status: 500 }))
  hono.use(honoAdapter.loginMiddleware(login))
  hono.all('*', async (c) => {
    const answer = await app({
      path: c.req.path,
      method: c.req.method,
      session: honoAdapter.getSession<TestData | undefined>(c),
      require: () => honoAdapter.requireSession<TestData | undefined>(c),
      guards: guardsOf(honoAdapter, c),
    })
    const body = typeof answer.body === 'string' ? answer.body : streamOf(answer.body)
    return new Response(body, { status: answer.status ?? 200, headers: { ...answer.headers } })
  })
  return hono
}

function guardsOf<Request>(
  adapter: Pick<AdapterGuards<Request>, 'requireScopes' | 'requireGroup' | 'requireAuthentication'>,
  request: Request,
): TestGuards {
  return {
    requireScopes: (...scopes) => adapter.requireScopes(request, ...scopes),
    requireGroup: (id, options) => adapter.requireGroup(request, id, options),
    requireAuthentication: (options) => adapter.requireAuthentication(request, options),
  }
}

function nodeApp(login: Login<TestData | undefined>, app: App): RequestListener {
  const middleware = nodeAdapter.loginMiddleware(login)
  return (req, res) => {
    const next = async (): Promise<void> => {
      const answer = await app({
        path: (req.url ?? '').replace(/\?.*$/s, ''),
        method: req.method ?? '',
        session: nodeAdapter.getSession<TestData | undefined>(req),
        require: () => nodeAdapter.requireSession<TestData | undefined>(req),
        guards: guardsOf(nodeAdapter, req),
      })
      await sendBody(res.writeHead(answer.status ?? 200, { ...answer.headers }), answer.body)
    }
    middleware(req, res, next).catch(() => {
      res.statusCode = 500
      res.end('the application failed')
    })
  }
}

function expressApp(server: Express, login: Login<TestData | undefined>, app: App): Express {
  server.use(expressAdapter.loginMiddleware(login))
  server.use(
    expressAdapter.guarded(async (req: ExpressRequest, res) => {
      const answer = await app({
        path: req.originalUrl.replace(/\?.*$/s, ''),
        method: req.method,
        session: expressAdapter.getSession<TestData | undefined>(req),
        require: () => expressAdapter.requireSession<TestData | undefined>(req),
        guards: guardsOf(expressAdapter, req),
      })
      await sendBody(res.writeHead(answer.status ?? 200, { ...answer.headers }), answer.body)
    }),
  )
  server.use(expressAdapter.loginErrors())
  const failed: ErrorRequestHandler = (error: { status?: number }, _req, res, _next) =>
    void res.status(error.status ?? 500).end('the application failed')
  return server.use(failed)
}

async function listenFastify(login: Login<TestData | undefined>, app: App, withFormbody: boolean): Promise<Mounted> {
  const server = await fastifyApp(login, app, withFormbody)
  const address = new URL(await server.listen({ host: '127.0.0.1', port: 0 }))
  return { send: sendTo(Number(address.port)), close: () => server.close() }
}

async function fastifyApp(
  login: Login<TestData | undefined>,
  app: App,
  withFormbody: boolean,
): Promise<FastifyInstance> {
  const server = fastify()
  if (withFormbody) await server.register(formbody)
  await server.register(fastifyAdapter.loginPlugin(login))
  server.setErrorHandler((error: FastifyError, _request, reply) =>
    reply.code(error.statusCode ?? 500).send('the application failed'),
  )
  server.all('*', async (request, reply) => {
    const answer = await app({
      path: request.originalUrl.replace(/\?.*$/s, ''),
      method: request.method,
      session: fastifyAdapter.getSession<TestData | undefined>(request),
      require: () => fastifyAdapter.requireSession<TestData | undefined>(request),
      guards: guardsOf(fastifyAdapter, request),
    })
    return reply
      .code(answer.status ?? 200)
      .headers({ ...answer.headers })
      .send(typeof answer.body === 'string' ? answer.body : Readable.from(answer.body))
  })
  return server
}

export async function listen(listener: RequestListener): Promise<Mounted> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return {
    send: sendTo(port),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function sendTo(port: number): Send {
  return (request) =>
    new Promise((resolve, reject) => {
      const { method, target: path, headers } = request
      const outgoing = sendRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
        readParts(response, request.onPart).then(
          (text) => resolve({ status: response.statusCode ?? 0, headers: rawHeaders(response.rawHeaders), body: text }),
          reject,
        )
      })
      outgoing.on('error', reject)
      outgoing.end(request.body)
    })
}

function toHeaders(given: OutgoingHttpHeaders): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(given))
    for (const each of Array.isArray(value) ? value : [value ?? '']) headers.append(name, String(each))
  return headers
}

function rawHeaders(raw: readonly string[]): Headers {
  const headers = new Headers()
  for (let index = 0; index + 1 < raw.length; index += 2) headers.append(raw[index] ?? '', raw[index + 1] ?? '')
  return headers
}

async function readResponse(response: Response, onPart: WireRequest['onPart']): Promise<WireAnswer> {
  const body = response.body === null ? '' : await readParts(partsOf(response.body), onPart)
  return { status: response.status, headers: response.headers, body }
}

async function readParts(parts: AsyncIterable<Uint8Array>, onPart: WireRequest['onPart']): Promise<string> {
  const decoder = new TextDecoder()
  let all = ''
  for await (const part of parts) {
    const text = decoder.decode(part, { stream: true })
    all += text
    onPart?.(text)
  }
  return all
}

async function* partsOf(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

async function sendBody(res: ServerResponse, body: AppAnswer['body']): Promise<void> {
  if (typeof body === 'string') return void res.end(body)
  for await (const part of body) res.write(part)
  res.end()
}

function streamOf(parts: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done === true) controller.close()
      else controller.enqueue(new TextEncoder().encode(value))
    },
  })
}
