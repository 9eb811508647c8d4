import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { describe, expect, it } from 'vitest'
import { getSession, loginMiddleware, requireSession } from '../../src/hono.ts'
import { createLogin } from '../../src/index.ts'
import { listen, type Mount } from '../support/adapters.ts'
import { createRig, logIn, loginOptions, type Rig } from '../support/rig.ts'

async function rigWith(build: (app: Hono) => void): Promise<Rig> {
  const mount: Mount = async (login) => {
    const app = new Hono()
    app.use(loginMiddleware(login))
    app.get('/csrf', (c) => c.text(requireSession(c).csrfToken))
    build(app)
    return {
      async send({ method, target, headers, body }) {
        const response = await app.request(target, { method, headers, body: body ?? null })
        return { status: response.status, headers: response.headers, body: await response.text() }
      },
      close: async () => undefined,
    }
  }
  return createRig({ mount })
}

describe('the Hono adapter', () => {
  it('SEC-47 marks answers that cannot be changed, as a handler that passes on a fetch returns them', async () => {
    const inner = await listen((_req, res) => void res.writeHead(200, { 'cache-control': 'public' }).end('from inside'))
    const address = await inner.send({ method: 'GET', target: '/', headers: {} })
    expect(address.body).toBe('from inside')
    const rig = await rigWith((app) => app.get('/', () => Response.redirect('http://localhost:5000/elsewhere')))
    await inner.close()
    await logIn(rig)
    const { status, headers } = await rig.browser.visit('/')
    expect([status, headers.get('cache-control'), headers.get('vary')]).toEqual([302, 'private, no-store', 'Cookie'])
  })

  it('names Cookie once in Vary and keeps what the handler put there', async () => {
    const rig = await rigWith((app) => {
      app.get('/text', (c) => c.text('plain'))
      app.get('/more', (c) => {
        c.header('Vary', 'Accept-Language', { append: true })
        return c.text('plain')
      })
      app.get('/instead', (c) => {
        c.header('Vary', 'Accept-Language')
        return c.text('plain')
      })
    })
    await logIn(rig)
    expect((await rig.browser.visit('/text')).headers.get('vary')).toBe('Cookie')
    expect((await rig.browser.visit('/more')).headers.get('vary')).toBe('Cookie, Accept-Language')
    expect((await rig.browser.visit('/instead')).headers.get('vary')).toBe('Accept-Language, Cookie')
  })

  it('leaves a form readable for the handler after login looked for its token', async () => {
    const rig = await rigWith((app) => app.post('/', async (c) => c.json(await c.req.parseBody())))
    await logIn(rig)
    const { body: token } = await rig.browser.visit('/csrf')
    const answer = await rig.browser.visit('/', { method: 'POST', form: { csrf_token: token, name: 'Ada' } })
    expect(answer.body).toBe(JSON.stringify({ csrf_token: token, name: 'Ada' }))
  })

  it('drops what the failed handler had prepared', async () => {
    const rig = await rigWith((app) =>
      app.get('/', (c) => {
        c.header('X-Secret', 'half-made')
        return c.text(requireSession(c).id)
      }),
    )
    const { status, headers } = await rig.browser.visit('/')
    expect([status, headers.get('x-secret')]).toEqual([303, null])
  })

  it("leaves errors of others to the application, with the session's headers", async () => {
    const rig = await rigWith((app) => {
      app.onError((error, c) => c.text(`handled ${error.message}`, 500))
      app.get('/', () => {
        throw new RangeError('mine')
      })
    })
    await logIn(rig)
    const { status, body, headers } = await rig.browser.visit('/')
    expect([status, body, headers.get('cache-control')]).toEqual([500, 'handled mine', 'private, no-store'])
  })

  it('works beside other middleware that writes headers', async () => {
    const rig = await rigWith((app) => {
      app.use(cors({ origin: 'https://friend.example' }))
      app.get('/', (c) => c.text(getSession(c)?.id ?? ''))
    })
    await logIn(rig)
    const { headers } = await rig.browser.visit('/', { headers: { origin: 'https://friend.example' } })
    expect(headers.get('vary')).toMatch(/cookie/i)
    expect(headers.get('access-control-allow-origin')).toBe('https://friend.example')
  })

  it('says what is missing when a route asks for a session and no middleware ran', async () => {
    const app = new Hono()
    const errors: Error[] = []
    app.onError((error, c) => {
      errors.push(error)
      return c.text('failed', 500)
    })
    app.get('/', (c) => c.text(getSession(c)?.id ?? ''))
    expect((await app.request('/')).status).toBe(500)
    expect(errors[0]?.message).toBe('Register loginMiddleware before the routes that ask for a session.')
  })

  it('opens nothing and asks nobody before the first request', async () => {
    const fetched: unknown[] = []
    const login = createLogin(
      loginOptions({
        issuer: 'http://127.0.0.1:9',
        fetch: async (input) => {
          fetched.push(input)
          throw new TypeError('fetch failed')
        },
      }),
    )
    const app = new Hono().use(loginMiddleware(login)).get('/', (c) => c.text('hello'))
    expect(await (await app.request('/')).text()).toBe('hello')
    expect(fetched).toEqual([])
    await login.close()
  })
})
