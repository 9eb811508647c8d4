import { createRequire } from 'node:module'
import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import express, { type Express, type Request } from 'express'
import fastify, { type FastifyRequest } from 'fastify'
import { Hono } from 'hono'
import type { Login, LoginSession } from 'pierhead'
import * as onExpress from 'pierhead/express'
import * as onFastify from 'pierhead/fastify'
import { getSession, loginMiddleware, requireSession } from 'pierhead/hono'
import * as node from 'pierhead/node'
import { contentSecurityPolicy, homePage, privatePage } from './pages.ts'

export const frameworks = ['hono', 'node:http', 'express 5', 'express 4', 'fastify 5'] as const
export type Framework = (typeof frameworks)[number]

interface Notes {
  count: number
}

/** The sample app, made with one framework. */
export async function listenerOf(framework: Framework, login: Login, notes: Notes): Promise<RequestListener> {
  return makers[framework](login, notes)
}

type Make = (login: Login, notes: Notes) => RequestListener | Promise<RequestListener>

const makers: Readonly<Record<Framework, Make>> = {
  hono: honoApp,
  'node:http': nodeApp,
  'express 5': (login, notes) => expressApp(express(), login, notes),
  'express 4': (login, notes) => expressApp(express4(), login, notes),
  'fastify 5': fastifyApp,
}

// Express 4 is called in the same way as 5, whose declarations it gets here.
const express4 = createRequire(import.meta.url)('express4') as typeof express

function honoApp(login: Login, notes: Notes): RequestListener {
  const app = new Hono()
  app.use(loginMiddleware(login))
  app.use(async (c, next) => {
    c.header('content-security-policy', contentSecurityPolicy(login))
    await next()
  })
  app.get('/', async (c) => c.html(await homePage(getSession(c), login)))
  app.get('/private', async (c) => c.html(await privatePage(requireSession(c))))
  app.get('/claims', (c) => c.json(requireSession(c).claims))
  app.get('/tokens', (c) => c.json(requireSession(c).tokens))
  app.get('/token/:server', async (c) => c.text(await requireSession(c).accessToken(c.req.param('server'))))
  app.post('/notes', (c) => c.text(`${requireSession(c).claims.name} left note ${(notes.count += 1)}`))
  const listener = getRequestListener(app.fetch)
  return (req, res) => void listener(req, res)
}

/** What a page is asked, whatever the framework calls it. */
interface Asked {
  readonly path: string
  readonly method: string
  readonly session: LoginSession | undefined
  require(): LoginSession
}

interface Page {
  readonly status?: number
  readonly type: string
  readonly body: string
}

async function answer(asked: Asked, login: Login, notes: Notes): Promise<Page> {
  const { path, method } = asked
  if (path === '/') return { type: 'text/html', body: await homePage(asked.session, login) }
  const session = asked.require()
  if (path === '/private') return { type: 'text/html', body: await privatePage(session) }
  if (path === '/claims') return { type: 'application/json', body: JSON.stringify(session.claims) }
  if (path === '/tokens') return { type: 'application/json', body: JSON.stringify(session.tokens) }
  if (path.startsWith('/token/')) return { type: 'text/plain', body: await session.accessToken(path.slice(7)) }
  if (path === '/notes' && method === 'POST')
    return { type: 'text/plain', body: `${session.claims.name} left note ${(notes.count += 1)}` }
  return { status: 404, type: 'text/plain', body: 'not here' }
}

function nodeApp(login: Login, notes: Notes): RequestListener {
  const middleware = node.loginMiddleware(login)
  return (req, res) => {
    const route = async (): Promise<void> => {
      res.setHeader('content-security-policy', contentSecurityPolicy(login))
      const asked = { session: node.getSession(req), require: () => node.requireSession(req) }
      const page = await answer({ ...asked, path: pathOf(req.url), method: req.method ?? '' }, login, notes)
      res.writeHead(page.status ?? 200, { 'content-type': `${page.type}; charset=utf-8` }).end(page.body)
    }
    middleware(req, res, route).catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined))
  }
}

function expressApp(app: Express, login: Login, notes: Notes): RequestListener {
  app.use(onExpress.loginMiddleware(login))
  app.use(
    onExpress.guarded(async (req: Request, res) => {
      res.setHeader('content-security-policy', contentSecurityPolicy(login))
      const asked = { session: onExpress.getSession(req), require: () => onExpress.requireSession(req) }
      const page = await answer({ ...asked, path: req.path, method: req.method }, login, notes)
      res.writeHead(page.status ?? 200, { 'content-type': `${page.type}; charset=utf-8` }).end(page.body)
    }),
  )
  app.use(onExpress.loginErrors())
  return app
}

async function fastifyApp(login: Login, notes: Notes): Promise<RequestListener> {
  const app = fastify()
  await app.register(onFastify.loginPlugin(login))
  app.all('*', async (request: FastifyRequest, reply) => {
    const asked = { session: onFastify.getSession(request), require: () => onFastify.requireSession(request) }
    const path = pathOf(request.originalUrl)
    const page = await answer({ ...asked, path, method: request.method }, login, notes)
    const headers = { 'content-security-policy': contentSecurityPolicy(login) }
    return reply
      .code(page.status ?? 200)
      .headers(headers)
      .type(`${page.type}; charset=utf-8`)
      .send(page.body)
  })
  await app.ready()
  return (req, res) => app.routing(req, res)
}

function pathOf(target = '/'): string {
  return target.split('?', 1).join('')
}
