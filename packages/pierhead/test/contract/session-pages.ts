import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/session-store/memory.ts'
import { startOfTests } from '../support/clock.ts'
import { logIn, start, type Rig, type RigOptions } from '../support/rig.ts'

/** What an application's own pages get, whatever the framework. */
export function describeSessionPages(name: string, rigged: (options?: RigOptions) => Promise<Rig>): void {
  describe(`pages of a session through ${name}`, () => {
    it('C13 SEC-47 no answer of a session can be cached, whatever the handler says', async () => {
      const rig = await rigged()
      const anonymous = await rig.browser.visit('/public')
      expect(anonymous.headers.get('cache-control')).toBe('public, max-age=600')
      await logIn(rig)
      for (const target of ['/', '/public', '/private', '/csrf', '/logout', '/nowhere']) {
        const { headers } = await rig.browser.visit(target)
        expect([target, headers.get('cache-control')]).toEqual([target, 'private, no-store'])
        expect([target, headers.get('vary')]).toEqual([target, expect.stringMatching(/\bcookie\b/i)])
      }
      expect((await rig.browser.visit('/public')).headers.get('vary')).toMatch(/accept-encoding/i)
    })

    it('C15 REL-54 guards send a page to log in and answer a script with 401 and the way to log in', async () => {
      const { browser } = await rigged()
      const page = await browser.visit('/private')
      expect([page.status, page.headers.get('location')]).toEqual([303, '/login?return_to=%2Fprivate'])
      const script = await browser.visit('/private', { fetch: true })
      expect([script.status, script.headers.get('content-type')]).toEqual([
        401,
        expect.stringMatching(/^application\/problem\+json(; charset=utf-8)?$/),
      ])
      expect(script.body).toContain('"login_url":"/login?return_to=%2Fprivate"')
      const form = await browser.visit('/data', { method: 'POST', form: {} })
      expect(form.status).toBe(401)
    })

    it('lets a request with a token change the data, and refuses one without', async () => {
      const rig = await rigged()
      await logIn(rig)
      const token = (await rig.browser.visit('/csrf')).body
      expect((await rig.browser.visit('/data', { method: 'POST', form: { csrf_token: token } })).body).toBe('1')
      expect((await rig.browser.visit('/data', { method: 'POST', form: {} })).status).toBe(403)
      expect((await rig.browser.visit('/data')).body).toBe('1')
    })

    it('answers a form that is too large instead of breaking the connection', async () => {
      const rig = await rigged()
      await logIn(rig)
      const answer = await rig.browser.visit('/data', { method: 'POST', form: { text: 'x'.repeat(5_000_000) } })
      // A body parser that ran before has a limit of its own.
      expect([answer.status, answer.body]).toEqual([
        expect.toBeOneOf([400, 413]),
        expect.stringMatching(/invalid_request|the application failed/),
      ])
      expect((await rig.browser.visit('/data')).body).toBe('0')
    })

    it('REL answers 503 while the store is down, keeps the cookie, and goes on when it is back', async () => {
      const { store, broken } = brokenStore()
      const rig = await rigged({ store })
      await logIn(rig)
      const before = new Map(rig.browser.cookies)
      broken.on = true
      for (const target of ['/', '/private', '/login', '/logout']) {
        const answer = await rig.browser.visit(target)
        expect([target, answer.status, answer.headers.get('retry-after')]).toEqual([target, 503, '10'])
      }
      expect(rig.browser.cookies).toEqual(before)
      broken.on = false
      expect((await rig.browser.visit('/')).body).toBe('hello Ada Tester')
    })

    it('REL-49 answers 503 when the store fails in the middle of a login, and leaves no token alive', async () => {
      const { store, broken } = brokenStore()
      const rig = await rigged({ store })
      const callback = rig.provider.approve(await start(rig.browser))
      broken.on = true
      const refused = await rig.browser.visit(callback)
      expect([refused.status, refused.body.includes('store_unavailable')]).toEqual([503, true])
      broken.on = false
      const second = rig.provider.approve(await start(rig.browser))
      broken.after = 1
      expect((await rig.browser.visit(second)).status).toBe(503)
      expect(rig.provider.issued).toHaveLength(4)
      expect(rig.provider.live()).toEqual([])
    })

    it('never sets one cookie twice in one answer', async () => {
      const rig = await rigged()
      const tabs = [await start(rig.browser), await start(rig.browser), await start(rig.browser)]
      for (const tab of tabs) {
        const { headers } = await rig.browser.visit(rig.provider.approve(tab))
        const names = headers.getSetCookie().map((line) => line.split('=')[0])
        expect(names).toEqual([...new Set(names)])
      }
    })
  })
}

/** A store that throws what a database driver throws: at once, or after some more writes. */
function brokenStore() {
  const broken = { on: false, after: Infinity }
  const check = (): void => {
    if (broken.on || (broken.after -= 1) < 0) throw new Error('SQLITE_BUSY: database is locked')
  }
  const inner = memoryStore({ now: () => startOfTests })
  const store = new Proxy(inner, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function' || name === 'close') return method
      return (...args: unknown[]) => {
        check()
        const result: unknown = Reflect.apply(method, target, args)
        return result
      }
    },
  })
  return { store, broken }
}
