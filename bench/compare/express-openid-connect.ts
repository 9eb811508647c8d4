// R1 to R5: express-openid-connect, set up as its README has it.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { openidConnectOptions } from './openid-connect-options.ts'
import {
  createGate,
  describeRefreshes,
  serve,
  startTwoLogins,
  writeDuringRead,
  type Gate,
  type Outcome,
  type Scene,
} from './scene.ts'
import { Visitor } from './visitor.ts'

interface Tokens {
  isExpired(): boolean
  refresh(): Promise<{ access_token: string }>
}

interface Request extends IncomingMessage {
  readonly query: Readonly<Record<string, string>>
  appSession: Record<string, string | undefined>
  readonly oidc: { readonly accessToken: Tokens | undefined; isAuthenticated(): boolean }
}

type Handler = (request: Request, response: ServerResponse) => unknown

interface App {
  use(middleware: unknown): void
  get(path: string, handler: Handler): void
}

interface Store {
  readonly rows: Map<string, unknown>
  get(id: string, done: (error: null, value: unknown) => void): void
  set(id: string, value: unknown, done: (error: null) => void): void
  destroy(id: string, done: (error: null) => void): void
}

const load = createRequire(import.meta.url)
// Express brings no types along; this is what is used of it.
const express = load('express') as () => App & RequestListener
// As above, with the options of its README.
const { auth } = load('express-openid-connect') as { auth: (options: object) => unknown }

export const library = 'express-openid-connect 3.4.0'

interface Setting {
  readonly origin: string
  readonly store: Store
  readonly gate: Gate
  readonly close: () => Promise<void>
}

async function start(scene: Scene, kept: 'cookies' | 'store'): Promise<Setting> {
  const store = createStore()
  const gate = createGate()
  const server = await serve((origin) => {
    const app = express()
    const options = openidConnectOptions(scene.issuer, origin, scene.register(`${origin}/callback`))
    app.use(auth({ ...options, ...(kept === 'store' && { session: { store } }) }))
    addRoutes(app, gate)
    return app
  })
  return { origin: server.origin, store, gate, close: () => server.close() }
}

function addRoutes(app: App, gate: Gate): void {
  app.get('/put', (request, response) => {
    request.appSession['text'] = request.query['text'] ?? randomBytes(Number(request.query['size'])).toString('hex')
    response.end('kept')
  })
  app.get('/get', ({ appSession }, response) => response.end(appSession['text'] ?? ''))
  app.get('/who', ({ oidc }, response) => response.end(oidc.isAuthenticated() ? 'somebody' : 'nobody'))
  app.get('/slow', async ({ appSession }, response) => {
    const { text } = appSession
    await gate.pass()
    response.end(String(text))
  })
  app.get('/token', async ({ oidc }, response) => {
    try {
      const token = oidc.accessToken
      if (token?.isExpired() === true) await token.refresh()
      response.end('token')
    } catch {
      response.writeHead(500).end()
    }
  })
}

function createStore(): Store {
  const rows = new Map<string, unknown>()
  return {
    rows,
    get: (id, done) => done(null, structuredClone(rows.get(id))),
    set: (id, value, done) => {
      rows.set(id, structuredClone(value))
      done(null)
    },
    destroy: (id, done) => {
      rows.delete(id)
      done(null)
    },
  }
}

export const reproductions: Readonly<Record<string, (scene: Scene) => Promise<Outcome>>> = {
  async R1(scene) {
    const setting = await start(scene, 'cookies')
    const visitor = new Visitor()
    await visitor.text(`${setting.origin}/put?size=4500`)
    await visitor.text(`${setting.origin}/put?size=2500`)
    const read = await visitor.text(`${setting.origin}/get`)
    await setting.close()
    return { holds: read.length === 5000, seen: `wrote 9,000, then 5,000 characters, read ${read.length}` }
  },

  async R2(scene) {
    const setting = await start(scene, 'cookies')
    const visitor = new Visitor()
    await visitor.open(`${setting.origin}/login`)
    scene.expire()
    const { result, requests } = await scene.countTokenRequests(() =>
      Promise.all([1, 2, 3, 4].map(async () => (await visitor.copy().request(`${setting.origin}/token`)).status)),
    )
    await setting.close()
    return describeRefreshes(result, requests)
  },

  async R3(scene) {
    const setting = await start(scene, 'store')
    const outcome = await writeDuringRead(setting, new Visitor())
    await setting.close()
    return outcome
  },

  async R4(scene) {
    const { origin, gate, close } = await start(scene, 'store')
    const visitor = new Visitor()
    await visitor.open(`${origin}/login`)
    const before = visitor.copy()
    const slow = visitor.copy().text(`${origin}/slow`)
    await gate.reached
    await visitor.request(`${origin}/logout`)
    gate.open()
    await slow
    const who = await before.text(`${origin}/who`)
    await close()
    return { holds: who === 'nobody', seen: `the cookie of before the logout is ${who}` }
  },

  async R5(scene) {
    const { origin, close } = await start(scene, 'cookies')
    const outcome = await startTwoLogins(origin)
    await close()
    return outcome
  },
}
