import { Hono } from 'hono'
import { describe, expect, it, onTestFinished } from 'vitest'
import { getSession, loginMiddleware, requireSession } from '../../src/hono.ts'
import { createLogin, type Login, type LoginOptions } from '../../src/index.ts'
import { frozenClock, memoryStore, sessionCookie, type FrozenClock } from '../../src/testing.ts'
import { loginOptions, secret } from '../support/rig.ts'

interface Application {
  readonly login: Login<{ visits: number }>
  readonly clock: FrozenClock
  get(path: string, cookie: string): Promise<{ status: number; body: string }>
}

function application(store?: 'store', options: Partial<LoginOptions<{ visits: number }>> = {}): Application {
  const clock = frozenClock()
  const login = createLogin<{ visits: number }>({
    ...loginOptions({ clock, issuer: 'http://127.0.0.1:9' }),
    session: { secrets: [secret], ...(store === undefined ? {} : { store: memoryStore({ now: clock.now }) }) },
    onLogin: () => ({ refuse: 'nobody' }),
    ...options,
  })
  onTestFinished(() => login.close())
  const app = new Hono().use(loginMiddleware(login))
  app.get('/', (c) => c.text(getSession(c)?.claims.name ?? 'stranger'))
  app.get('/data', (c) => c.json(requireSession<{ visits: number }>(c).data))
  app.get('/token', async (c) => c.text(await requireSession(c).accessToken('transfer.api.globus.org')))
  return {
    login,
    clock,
    async get(path, cookie) {
      const response = await app.request(path, { headers: { cookie } })
      return { status: response.status, body: await response.text() }
    },
  }
}

for (const store of [undefined, 'store'] as const) {
  describe(`a session made for a test, in ${store ?? 'cookies'}`, () => {
    it('is that of a person with tokens, without a provider', async () => {
      const app = application(store)
      const cookie = await sessionCookie(app.login)
      expect(await app.get('/', cookie)).toEqual({ status: 200, body: 'Test Person' })
      expect((await app.get('/token', cookie)).body).toBe('access token of a test for transfer.api.globus.org')
      expect((await app.get('/', '')).body).toBe('stranger')
    })

    it('takes the claims and data that the test gives', async () => {
      const app = application(store)
      const cookie = await sessionCookie(app.login, { identity: { name: 'Maya' }, data: { visits: 3 } })
      expect((await app.get('/', cookie)).body).toBe('Maya')
      expect(JSON.parse((await app.get('/data', cookie)).body)).toEqual({ visits: 3 })
    })

    it('can have expired, and expires when the clock is moved', async () => {
      const app = application(store)
      expect((await app.get('/', await sessionCookie(app.login, { expired: true }))).body).toBe('stranger')
      const cookie = await sessionCookie(app.login)
      await app.clock.advance(25 * 3600 * 1000)
      expect((await app.get('/', cookie)).body).toBe('stranger')
    })

    it('opens in no other application', async () => {
      const cookie = await sessionCookie(application(store).login)
      const other = application(store, { clientId: '11111111-2222-4333-8444-555555555555' })
      expect((await other.get('/', cookie)).body).toBe('stranger')
    })
  })
}

it('sessionCookie refuses what createLogin did not make', async () => {
  const copy = { ...application().login }
  await expect(sessionCookie(copy)).rejects.toThrow('This is no login that createLogin of this package has made.')
})
