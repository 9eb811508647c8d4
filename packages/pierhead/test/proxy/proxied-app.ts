import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { onTestFinished } from 'vitest'
import * as expressAdapter from '../../src/express.ts'
import * as fastifyAdapter from '../../src/fastify.ts'
import * as honoAdapter from '../../src/hono.ts'
import type { Login } from '../../src/index.ts'
import * as nodeAdapter from '../../src/node.ts'
import { createProxy, type ApiProxy, type ApiProxyOptions } from '../../src/proxy.ts'
import type { TestData } from '../support/adapters.ts'
import { createRig, logIn, openSession, type Rig } from '../support/rig.ts'
import { scopes } from '../../src/globus.ts'

type Listener = (login: Login<TestData | undefined>, proxy: ApiProxy) => RequestListener

/** The ways in which a proxy is served. */
export const adapters: Readonly<Record<string, Listener>> = {
  Hono(login, proxy) {
    const app = new Hono()
    app.use(honoAdapter.loginMiddleware(login))
    app.all('/globus/*', honoAdapter.proxyHandler(proxy))
    const listener = getRequestListener(app.fetch)
    return (req, res) => void listener(req, res)
  },
  'node:http'(login, proxy) {
    const middleware = nodeAdapter.loginMiddleware(login)
    const handler = nodeAdapter.proxyHandler(proxy)
    return (req, res) => void middleware(req, res, () => handler(req, res)).catch(() => res.destroy())
  },
  Express(login, proxy) {
    const app = express().use(expressAdapter.loginMiddleware(login))
    app.use('/globus', expressAdapter.proxyHandler(proxy))
    return app.use(expressAdapter.loginErrors())
  },
  Fastify(login, proxy) {
    const app = fastify()
    const ready = app
      .register(fastifyAdapter.loginPlugin(login))
      .register(fastifyAdapter.proxyPlugin(proxy), { prefix: '/globus' })
      .ready()
    return (req, res) => void Promise.resolve(ready).then(() => app.routing(req, res))
  },
}

/** A collection of which everybody who logs in here gets a token. */
export const collectionId = 'a5b0c1d2-0000-4000-8000-000000000001'

export interface Proxied {
  readonly rig: Rig
  readonly origin: string
  /** What a page of the person's session sends. */
  readonly headers: Record<string, string>
}

/** Somebody who is logged in, and an app with a proxy, on a socket. */
export async function startProxied(name: string, options: Partial<ApiProxyOptions>): Promise<Proxied> {
  const rig = await createRig({ options: { scopes: [scopes.openid, scopes.transfer.all, scopes.groups.all] } })
  rig.provider.behave.tokenResponse = withCollectionToken
  await logIn(rig)
  const listener = adapters[name]
  if (listener === undefined) throw new TypeError('There is no such adapter.')
  const server = createServer(listener(rig.login, createProxy({ path: '/globus', ...options })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // A TCP server's address is an object.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { csrfToken } = await openSession(rig.login, rig.browser)
  const cookie = [...rig.browser.cookies].map(([key, value]) => `${key}=${value}`).join('; ')
  const headers = {
    cookie,
    'x-csrf-token': csrfToken,
    origin: 'http://localhost:5000',
    'sec-fetch-site': 'same-origin',
  }
  return { rig, origin, headers }
}

function withCollectionToken(response: Record<string, unknown>): Record<string, unknown> {
  const others: unknown[] = Array.isArray(response['other_tokens']) ? response['other_tokens'] : []
  const token = {
    access_token: 'token-of-the-collection',
    token_type: 'Bearer',
    expires_in: 172_800,
    resource_server: collectionId,
    scope: `https://auth.globus.org/scopes/${collectionId}/https`,
  }
  return { ...response, other_tokens: [...others, token] }
}
