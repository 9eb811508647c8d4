import { Readable } from 'node:stream'
import fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { getSession, loginPlugin, requireSession } from '../../src/fastify.ts'
import { type Mount } from '../support/adapters.ts'
import { createRig, logIn, type Rig } from '../support/rig.ts'

function mounted(build: (app: FastifyInstance) => unknown, awaited = true): Mount {
  return async (login) => {
    const app = fastify()
    const registered = app.register(loginPlugin(login))
    if (awaited) await registered
    app.get('/csrf', async (request) => requireSession(request).csrfToken)
    await build(app)
    return {
      async send({ method, target, headers, body }) {
        // The verbs of the tests are those that Fastify knows.
        const asked = method as 'GET'
        const answer = await app.inject({
          method: asked,
          url: target,
          headers,
          ...(body === undefined ? {} : { body }),
        })
        const pairs = Object.entries(answer.headers).flatMap(([name, value]) =>
          [value ?? ''].flat().map((each): [string, string] => [name, String(each)]),
        )
        return { status: answer.statusCode, headers: new Headers(pairs), body: answer.body }
      },
      close: () => app.close(),
    }
  }
}

const rigWith = (build: (app: FastifyInstance) => unknown): Promise<Rig> => createRig({ mount: mounted(build) })

describe('the Fastify adapter', () => {
  it('guards routes of plugins with a prefix and an error handler of their own', async () => {
    const rig = await rigWith((app) =>
      app.register(
        async (inner) => {
          inner.setErrorHandler((_error, _request, reply) => reply.code(500).send('inner'))
          inner.get('/files', async (request) => requireSession(request).claims.sub)
          inner.get('/broken', () => Promise.reject(new RangeError('mine')))
        },
        { prefix: '/data' },
      ),
    )
    const refused = await rig.browser.visit('/data/files')
    expect([refused.status, refused.headers.get('location')]).toEqual([303, '/login?return_to=%2Fdata%2Ffiles'])
    expect((await rig.browser.visit('/data/broken')).body).toBe('inner')
  })

  it("leaves errors of others to a route's own handler, then to the application's", async () => {
    const rig = await rigWith((app) => {
      app.setErrorHandler((error, _request, reply) => reply.code(500).send(`application: ${String(error)}`))
      const fail = (): never => {
        throw new RangeError('mine')
      }
      app.get('/own', { errorHandler: (_error, _request, reply) => void reply.code(418).send('own') }, fail)
      app.get('/', fail)
    })
    await logIn(rig)
    expect((await rig.browser.visit('/own')).status).toBe(418)
    const { status, body, headers } = await rig.browser.visit('/')
    expect([status, body, headers.get('cache-control')]).toEqual([
      500,
      'application: RangeError: mine',
      'private, no-store',
    ])
  })

  it('guards in hooks that run before a handler', async () => {
    const rig = await rigWith((app) =>
      app.get('/', { preHandler: async (request) => void requireSession(request) }, async () => 'inside'),
    )
    expect((await rig.browser.visit('/')).status).toBe(303)
    await logIn(rig)
    expect((await rig.browser.visit('/')).body).toBe('inside')
  })

  it('gives the handler the form that login has looked into', async () => {
    const rig = await rigWith((app) => app.post('/', async (request) => request.body))
    await logIn(rig)
    const { body: token } = await rig.browser.visit('/csrf')
    const answer = await rig.browser.visit('/', { method: 'POST', form: { csrf_token: token, name: 'Ada' } })
    expect(JSON.parse(answer.body)).toEqual({ csrf_token: token, name: 'Ada' })
  })

  it('SEC-47 marks streams, hijacked answers and pages that are not there', async () => {
    const rig = await rigWith((app) => {
      app.get('/stream', async (_request, reply) => reply.send(Readable.from(['a', 'b'])))
      app.get('/raw', (_request, reply) => {
        reply.hijack()
        reply.raw.writeHead(200, { 'Cache-Control': 'public' }).end('raw')
      })
    })
    await logIn(rig)
    for (const target of ['/stream', '/raw', '/nowhere']) {
      const { headers } = await rig.browser.visit(target)
      expect([target, headers.get('cache-control'), headers.get('vary')]).toEqual([
        target,
        'private, no-store',
        'Cookie',
      ])
    }
  })

  it('says that its registration must be awaited, and that it is missing', async () => {
    const early = await createRig({ mount: mounted((app) => app.get('/', async () => 'never'), false) })
    expect((await early.browser.visit('/')).body).toContain('Await the registration of loginPlugin')
    const bare = fastify().get('/', async (request) => getSession(request)?.id)
    expect((await bare.inject('/')).body).toContain('Register loginPlugin before asking for a session.')
    await bare.close()
  })
})
