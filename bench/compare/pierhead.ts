// R1 to R8 with the kit, step for step as with the others.
import { randomBytes } from 'node:crypto'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { createLogin, type Login } from 'pierhead'
import { getSession, loginMiddleware, requireSession } from 'pierhead/hono'
import { memoryStore } from 'pierhead/session-store/memory'
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

interface Data {
  readonly text: string
}

interface Setting {
  readonly origin: string
  readonly visitor: Visitor
  readonly gate: Gate
  readonly close: () => Promise<void>
}

/** An app, and a visitor who has logged in. */
async function start(scene: Scene, kept: 'cookies' | 'store'): Promise<Setting> {
  const gate = createGate()
  let login: Login<Data> | undefined
  const server = await serve((origin) => {
    const redirectUri = `${origin}/login`
    login = createLogin<Data>({
      ...scene.register(redirectUri),
      issuer: scene.issuer,
      redirectUri,
      scopes: ['openid', 'profile', 'email'],
      session: { secrets: [randomBytes(48).toString('base64')], ...(kept === 'store' && { store: memoryStore() }) },
      onLogin: () => ({ data: { text: '' } }),
      logger: () => undefined,
    })
    const listener = getRequestListener(routes(login, gate).fetch)
    return (request, response) => void listener(request, response)
  })
  const visitor = new Visitor()
  await visitor.open(`${server.origin}/login`)
  const close = async (): Promise<void> => {
    await server.close()
    await login?.close()
  }
  return { origin: server.origin, visitor, gate, close }
}

function routes(login: Login<Data>, gate: Gate): Hono {
  const app = new Hono()
  app.use(loginMiddleware(login))
  app.get('/put', async (c) => {
    const text = c.req.query('text') ?? randomBytes(Number(c.req.query('size'))).toString('hex')
    await requireSession<Data>(c).update(() => ({ text }))
    return c.text('kept')
  })
  app.get('/get', (c) => c.text(requireSession<Data>(c).data.text))
  app.get('/who', (c) => c.text(getSession(c) === undefined ? 'nobody' : 'somebody'))
  app.get('/csrf', (c) => c.text(requireSession(c).csrfToken))
  app.get('/slow', async (c) => {
    const { data } = requireSession<Data>(c)
    await gate.pass()
    return c.text(data.text)
  })
  app.get('/token', async (c) => c.text((await requireSession(c).accessToken('auth.globus.org')) && 'token'))
  return app
}

const manyTokens = (kept: 'cookies' | 'store') => async (scene: Scene) => {
  const { origin, visitor, close } = await start(scene, kept)
  scene.expire()
  const { result, requests } = await scene.countTokenRequests(() =>
    Promise.all([1, 2, 3, 4].map(async () => (await visitor.copy().request(`${origin}/token`)).status)),
  )
  await close()
  return describeRefreshes(result, requests)
}

const firstOfTwoLogins = async (scene: Scene): Promise<Outcome> => {
  const { origin, close } = await start(scene, 'store')
  const visitor = new Visitor()
  const first = await startLogin(visitor, origin)
  await startLogin(visitor, origin)
  await visitor.open(first)
  const who = await visitor.text(`${origin}/who`)
  await close()
  return { holds: who === 'somebody', seen: who === 'somebody' ? 'logged in' : 'nobody is logged in' }
}

export const reproductions: Readonly<Record<string, (scene: Scene) => Promise<Outcome>>> = {
  async R1(scene) {
    const { origin, visitor, close } = await start(scene, 'cookies')
    const steps: string[] = []
    let expected = 0
    let holds = true
    for (const size of [9000, 5000, 3000, 400]) {
      const { status } = await visitor.request(`${origin}/put?size=${size / 2}`)
      if (status === 200) expected = size
      const read = await visitor.text(`${origin}/get`)
      holds &&= read.length === expected
      steps.push(
        status === 200 ? `wrote ${size}, read ${read.length}` : `refused ${size} with an error, read ${read.length}`,
      )
    }
    await close()
    return { holds, seen: steps.join('; ') }
  },

  R2: manyTokens('cookies'),

  async R3(scene) {
    const setting = await start(scene, 'store')
    const outcome = await writeDuringRead(setting, setting.visitor)
    await setting.close()
    return outcome
  },

  async R4(scene) {
    const { origin, visitor, gate, close } = await start(scene, 'store')
    const before = visitor.copy()
    const slow = visitor.copy().text(`${origin}/slow`)
    await gate.reached
    const headers = { origin, 'x-csrf-token': await visitor.text(`${origin}/csrf`) }
    await visitor.request(`${origin}/logout`, { method: 'POST', headers })
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

  R6: firstOfTwoLogins,
  R7: firstOfTwoLogins,
  R8: manyTokens('store'),
}

async function startLogin(visitor: Visitor, origin: string): Promise<string> {
  const { headers } = await visitor.request(`${origin}/login`)
  return headers.get('location') ?? ''
}
