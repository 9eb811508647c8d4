import express, { Router, type Express } from 'express'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { getSession, guarded, loginErrors, loginMiddleware, requireSession } from '../../src/express.ts'
import { listen, type Mount } from '../support/adapters.ts'
import { createRig, logIn, type Rig } from '../support/rig.ts'

// Express 4 is called in the same way as 5, whose declarations it gets here.
const express4 = createRequire(import.meta.url)('express4') as typeof express

async function rigWith(build: (app: Express) => unknown, make = express): Promise<Rig> {
  const mount: Mount = (login) => {
    const app = make()
    app.use(loginMiddleware(login))
    app.get('/csrf', (req, res) => void res.end(requireSession(req).csrfToken))
    build(app)
    app.use(loginErrors())
    return listen(app)
  }
  return createRig({ mount })
}

async function post(rig: Rig, target: string, form: Record<string, string>): Promise<string> {
  const { body: token } = await rig.browser.visit('/csrf')
  return (await rig.browser.visit(target, { method: 'POST', form: { csrf_token: token, ...form } })).body
}

describe('the Express adapter', () => {
  it('sends a guarded page of a mounted router to log in, and back to its whole address', async () => {
    const rig = await rigWith((app) => {
      const router = Router().get('/files', (req, res) => void res.send(requireSession(req).claims.sub))
      app.use('/data', router)
    })
    const refused = await rig.browser.visit('/data/files?page=2')
    expect([refused.status, refused.headers.get('location')]).toEqual([
      303,
      '/login?return_to=%2Fdata%2Ffiles%3Fpage%3D2',
    ])
  })

  for (const [name, make] of [['Express 5', express] as const, ['Express 4', express4] as const]) {
    it(`leaves a form that login has read to handlers and to parsers that come later, in ${name}`, async () => {
      const rig = await rigWith((app) => {
        app.use(express.urlencoded({ extended: true }), express.json())
        app.post('/', (req, res) => void res.json(req.body))
      }, make)
      await logIn(rig)
      expect(JSON.parse(await post(rig, '/', { name: 'Ada' }))).toMatchObject({ name: 'Ada' })
    })
  }

  it('reads the token from a form that a parser has taken apart, nested fields and all', async () => {
    const mount: Mount = (login) => {
      const app = express()
      app.use(express.urlencoded({ extended: true }), loginMiddleware(login))
      app.get('/csrf', (req, res) => void res.end(requireSession(req).csrfToken))
      app.post('/', (req, res) => void res.json(req.body))
      return listen(app.use(loginErrors()))
    }
    const rig = await createRig({ mount })
    await logIn(rig)
    expect(JSON.parse(await post(rig, '/', { 'files[0]': 'a', 'files[1]': 'b' }))).toMatchObject({ files: ['a', 'b'] })
    expect((await rig.browser.visit('/', { method: 'POST', form: { files: 'a' } })).status).toBe(403)
  })

  it('hands the errors of asynchronous handlers on where Express 4 would lose them', async () => {
    const rig = await rigWith((app) => {
      app.get(
        '/',
        guarded(async (req, res) => {
          await Promise.resolve()
          res.end(requireSession(req).id)
        }),
      )
    }, express4)
    expect((await rig.browser.visit('/')).headers.get('location')).toBe('/login')
  })

  it('drops what the failed handler said of its body, and breaks the connection in the middle of one', async () => {
    const rig = await rigWith((app) => {
      app.get('/early', (req, res) => void res.type('png').set('ETag', '"1"').send(requireSession(req).id))
      app.get('/late', (req, res) => {
        res.write('half')
        requireSession(req)
      })
    })
    const early = await rig.browser.visit('/early')
    expect([early.status, early.headers.get('etag'), early.headers.get('content-type')]).toEqual([303, null, null])
    await expect(rig.browser.visit('/late')).rejects.toThrow(/aborted|hang up|ECONNRESET/)
  })

  it("leaves errors of others to the application, with the session's headers", async () => {
    const mount: Mount = (login) => {
      const app = express().use(loginMiddleware(login))
      app.get('/', () => {
        throw new RangeError('mine')
      })
      app.use(loginErrors())
      const handle: express.ErrorRequestHandler = (error, _req, res, _next) => void res.status(500).end(String(error))
      return listen(app.use(handle))
    }
    const rig = await createRig({ mount })
    await logIn(rig)
    const { status, body, headers } = await rig.browser.visit('/')
    expect([status, body, headers.get('cache-control')]).toEqual([500, 'RangeError: mine', 'private, no-store'])
  })

  it('says what is missing when a route asks for a session and no middleware ran', async () => {
    const messages: string[] = []
    const app = express().get('/', (req, res) => void res.end(getSession(req)?.id))
    const handle: express.ErrorRequestHandler = (error, _req, res, _next) => void res.end(messages.push(String(error)))
    const server = await listen(app.use(loginErrors(), handle))
    await server.send({ method: 'GET', target: '/', headers: {} })
    await server.close()
    expect(messages).toEqual(['TypeError: Register loginMiddleware before the routes that ask for a session.'])
  })
})
