import { describe, expect, it } from 'vitest'
import type { Mount } from '../support/adapters.ts'
import { ben } from '../support/provider.ts'
import { describeSessionPages } from './session-pages.ts'
import { createRig, logIn, logOut, start, type Rig, type RigOptions } from '../support/rig.ts'

/** What login does over HTTP, whatever the framework. */
export function describeAdapter(name: string, mount: Mount): void {
  const rigged = (options: RigOptions = {}): Promise<Rig> => createRig({ mount, ...options })

  describe(`starting a login through ${name}`, () => {
    it("S1.9 S2.10 sends the authorization parameters in the seed's order, then state, nonce and challenge", async () => {
      const { browser, provider } = await rigged()
      const answer = await browser.visit('/login')
      expect(answer.status).toBe(302)
      const url = new URL(answer.headers.get('location') ?? '')
      expect(url.href).toMatch(`${provider.issuer}/v2/oauth2/authorize?`)
      const names = 'response_type redirect_uri client_id access_type scope state nonce code_challenge'
      expect([...url.searchParams.keys()].join(' ')).toBe(`${names} code_challenge_method`)
      expect(url.searchParams.get('access_type')).toBe('offline')
      expect(url.searchParams.get('redirect_uri')).toBe('http://localhost:5000/login')
      expect(url.search).toContain('scope=openid+profile+email+urn')
      expect(answer.headers.get('cache-control')).toContain('no-store')
    })

    it('S1.8 S2.7 starts a login where the code is absent or empty', async () => {
      const { browser } = await rigged()
      for (const target of ['/login', '/login?code=', '/login?code=&error=&state=x']) {
        expect((await browser.visit(target)).status).toBe(302)
      }
    })

    it('S1.10 S2.10 gives every login a state, nonce and challenge of its own', async () => {
      const { browser } = await rigged()
      const seen = new Set<string>()
      for (let round = 0; round < 20; round += 1) {
        const { searchParams } = new URL(await start(browser))
        for (const value of ['state', 'nonce', 'code_challenge']) seen.add(searchParams.get(value) ?? '')
      }
      expect(seen.size).toBe(60)
      for (const value of seen) expect(value.length).toBeGreaterThanOrEqual(22)
    })

    it('C09 C10 C12 SEC-17 SEC-64 takes nothing for the authorization request from query, Host or forwarded headers', async () => {
      const { browser } = await rigged()
      const query = 'scope=evil&prompt=none&redirect_uri=https://evil.example&client_id=x&state=fixed&login_hint=y'
      const answer = await browser.visit(`/login?${query}`, {
        headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' },
      })
      const location = answer.headers.get('location') ?? ''
      expect(location).not.toMatch(/evil|fixed|login_hint|prompt/)
    })

    it('S1.28 answers HEAD, prefetch and other methods without starting anything', async () => {
      const { browser } = await rigged()
      expect((await browser.visit('/login', { method: 'HEAD' })).status).toBe(204)
      expect((await browser.visit('/login', { headers: { 'sec-purpose': 'prefetch;prerender' } })).status).toBe(503)
      for (const method of ['POST', 'PUT', 'DELETE']) {
        expect((await browser.visit('/login', { method })).status).toBe(405)
      }
      expect(browser.cookies.size).toBe(0)
    })
  })

  describe(`finishing a login through ${name}`, () => {
    it('S1.13 S1.31 S2.12 exchanges the code, asks UserInfo and goes home', async () => {
      const rig = await rigged()
      const answer = await logIn(rig)
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toBe('/')
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
      const order = rig.provider.calls.map((call) => call.endpoint).filter((endpoint) => endpoint !== 'metadata')
      expect(order).toEqual(['token', 'keys', 'userinfo'])
      expect((await rig.browser.visit('/')).body).toBe('hello Ada Tester')
    })

    it('comes back to where the person was going', async () => {
      const rig = await rigged()
      const refused = await rig.browser.visit('/private?page=2')
      expect(refused.status).toBe(303)
      const login = refused.headers.get('location') ?? ''
      expect((await logIn(rig, { from: login })).headers.get('location')).toBe('/private?page=2')
    })

    it('S1.11 S2.16 shows a refused consent as a page with its code, and starts nothing', async () => {
      const { browser, provider } = await rigged()
      const state = new URL(await start(browser, '/login?return_to=%2Fprivate')).searchParams.get('state')
      const answer = await browser.visit(`/login?error=access_denied&state=${state}`)
      expect(answer.status).toBe(403)
      expect(answer.body).toContain('access_denied')
      expect(answer.body).toContain('href="/login?return_to=%2Fprivate"')
      expect(provider.count('token')).toBe(0)
      expect(browser.cookies.size).toBe(0)
    })

    it('S1.12 S2.16 answers a bad code and a code used before with a page, not a failure', async () => {
      const rig = await rigged()
      const state = new URL(await start(rig.browser)).searchParams.get('state')
      const bad = await rig.browser.visit(`/login?code=junk&state=${state}`)
      expect([bad.status, bad.body.includes('code_rejected')]).toEqual([400, true])
      const callback = rig.provider.approve(await start(rig.browser))
      const thief = rig.browser.copy()
      await rig.browser.visit(callback)
      const replay = await thief.visit(callback)
      expect([replay.status, replay.body.includes('login_replayed')]).toEqual([400, true])
      expect(rig.provider.count('token')).toBe(2)
    })

    it('SEC-06 a reload of the callback goes home without a second exchange', async () => {
      const rig = await rigged()
      const callback = rig.provider.approve(await start(rig.browser))
      await rig.browser.visit(callback)
      const again = await rig.browser.visit(callback)
      expect([again.status, again.headers.get('location')]).toEqual([303, '/'])
      expect(rig.provider.count('token')).toBe(1)
    })

    it('S1.10 SEC-01 refuses the callback of another browser before any call to the provider', async () => {
      const rig = await rigged()
      const attacker = rig.newBrowser()
      const callback = rig.provider.approve(await start(attacker), ben)
      const fresh = await rig.browser.visit(callback)
      expect([fresh.status, fresh.body.includes('unknown_login')]).toEqual([400, true])
      await start(rig.browser)
      expect((await rig.browser.visit(callback)).status).toBe(400)
      expect(rig.provider.count('token')).toBe(0)
      expect((await rig.browser.visit('/')).body).toBe('hello stranger')
    })

    it('finishes two tabs side by side, in either order', async () => {
      const rig = await rigged()
      const [first, second] = [
        await start(rig.browser, '/login?return_to=/a'),
        await start(rig.browser, '/login?return_to=/b'),
      ]
      const late = await rig.browser.visit(rig.provider.approve(second))
      const early = await rig.browser.visit(rig.provider.approve(first))
      expect([late.headers.get('location'), early.headers.get('location')]).toEqual(['/b', '/a'])
    })

    it('SEC-14 HEAD, prefetch and POST leave the transaction unused', async () => {
      const rig = await rigged()
      const callback = rig.provider.approve(await start(rig.browser))
      expect((await rig.browser.visit(callback, { method: 'HEAD' })).status).toBe(204)
      expect((await rig.browser.visit(callback, { headers: { purpose: 'prefetch' } })).status).toBe(503)
      expect((await rig.browser.visit(callback, { method: 'POST', form: {} })).status).toBe(405)
      expect((await rig.browser.visit(callback)).status).toBe(303)
    })

    it('SEC-04 SEC-05 refuses repeated and contradictory parameters without an exchange', async () => {
      const rig = await rigged()
      const variants = [
        '&state=again',
        '&code=again',
        '&error=access_denied',
        '&iss=a&iss=b',
        '&code[]=x',
        '&state[a]=x',
      ]
      for (const extra of variants) {
        const answer = await rig.browser.visit(rig.provider.approve(await start(rig.browser)) + extra)
        expect([extra, answer.status]).toEqual([extra, 400])
      }
      expect(rig.provider.count('token')).toBe(0)
      expect((await rig.browser.visit('/')).body).toBe('hello stranger')
    })

    it('SEC-28 revokes everything when UserInfo is about another person', async () => {
      const rig = await rigged()
      rig.provider.behave.userinfo = (claims) => ({ ...claims, sub: ben.sub })
      const answer = await logIn(rig)
      expect([answer.status, answer.body.includes('userinfo_failed')]).toEqual([502, true])
      expect(rig.provider.issued).toHaveLength(4)
      expect(rig.provider.live()).toEqual([])
    })

    it('revokes everything when the ID token is refused', async () => {
      const rig = await rigged()
      rig.provider.behave.claims = (claims) => ({ ...claims, nonce: 'another' })
      const answer = await logIn(rig)
      expect([answer.status, answer.body.includes('invalid_id_token')]).toEqual([502, true])
      expect([rig.provider.issued.length, rig.provider.live().length]).toEqual([4, 0])
      expect((await rig.browser.visit('/')).body).toBe('hello stranger')
    })

    it('onLogin may refuse a person, who reads why; the tokens are revoked', async () => {
      const rig = await rigged({ options: { onLogin: () => ({ refuse: 'Only <b>harbour</b> staff.' }) } })
      const answer = await logIn(rig)
      expect(answer.status).toBe(403)
      expect(answer.body).toContain('Only &#60;b&#62;harbour&#60;/b&#62; staff.')
      expect([rig.provider.issued.length, rig.provider.live().length]).toEqual([4, 0])
    })

    it('SEC-92 a login as another person ends the session before it and revokes its tokens', async () => {
      const rig = await rigged()
      await logIn(rig)
      const old = rig.browser.copy()
      await logIn(rig, { who: ben })
      expect((await rig.browser.visit('/')).body).toBe('hello Ben Tester')
      expect((await old.visit('/')).body).toBe('hello stranger')
      expect(new Set(rig.provider.live().map((token) => token.sub))).toEqual(new Set([ben.sub]))
      expect(rig.events.map((event) => event.event)).toContain('identity_switched')
    })

    it('C25 S2.16 SEC-33 gives a new session id at every login, and the id before it is dead', async () => {
      const rig = await rigged()
      await logIn(rig)
      const planted = rig.browser.copy()
      const before = (await rig.browser.visit('/id')).body
      await logIn(rig)
      const after = (await rig.browser.visit('/id')).body
      expect(after).not.toBe(before)
      expect((await planted.visit('/')).body).toBe('hello stranger')
    })
  })

  describe(`logging out through ${name}`, () => {
    it('S1.26 SEC-56 GET asks and changes nothing, POST logs out', async () => {
      const rig = await rigged()
      await logIn(rig)
      const page = await rig.browser.visit('/logout')
      expect([page.status, page.body.includes('<form method="post" action="/logout">')]).toEqual([200, true])
      expect((await rig.browser.visit('/')).body).toBe('hello Ada Tester')
      const token = /name="csrf_token" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
      const done = await rig.browser.visit('/logout', { method: 'POST', form: { csrf_token: token } })
      expect(done.status).toBe(303)
      expect(rig.browser.cookies.size).toBe(0)
    })

    it('S2.17 S2.18 S2.19 revokes refresh tokens and access tokens, then goes to the logout page of Globus', async () => {
      const rig = await rigged()
      await logIn(rig)
      const done = await logOut(rig.browser)
      const url = new URL(done.headers.get('location') ?? '')
      expect(url.origin + url.pathname).toBe(`${rig.provider.issuer}/v2/web/logout`)
      expect([...url.searchParams.keys()]).toEqual(['client_id', 'redirect_uri', 'redirect_name'])
      expect(rig.provider.live()).toEqual([])
      const hints = rig.provider.calls
        .filter((call) => call.endpoint === 'revoke')
        .map((call) => call.form.get('token_type_hint'))
      expect(hints).toEqual(['refresh_token', 'refresh_token', 'access_token', 'access_token'])
    })

    it('S2.14 SEC-39 the old cookie is dead after logout', async () => {
      const rig = await rigged()
      await logIn(rig)
      const old = rig.browser.copy()
      await logOut(rig.browser)
      expect((await old.visit('/')).body).toBe('hello stranger')
      expect((await old.visit('/private')).status).toBe(303)
    })

    it('SEC-87 refuses a POST without a CSRF token and keeps the session', async () => {
      const rig = await rigged()
      await logIn(rig)
      const refused = await rig.browser.visit('/logout', { method: 'POST', form: {} })
      expect([refused.status, refused.body.includes('csrf_refused')]).toEqual([403, true])
      expect((await rig.browser.visit('/')).body).toBe('hello Ada Tester')
    })

    it('gives a script the address of the logout page as JSON', async () => {
      const rig = await rigged()
      await logIn(rig)
      const token = (await rig.browser.visit('/csrf')).body
      const done = await rig.browser.visit('/logout', {
        method: 'POST',
        fetch: true,
        headers: { 'x-csrf-token': token },
      })
      expect([done.status, done.headers.get('content-type')]).toEqual([
        200,
        expect.stringMatching(/^application\/json(; charset=utf-8)?$/),
      ])
      expect(done.body).toContain(`${rig.provider.issuer}/v2/web/logout?client_id=`)
    })

    it('S2.17 SEC-82 is friendly without a session, and the second time', async () => {
      const rig = await rigged()
      expect((await rig.browser.visit('/logout')).status).toBe(200)
      expect((await rig.browser.visit('/logout', { method: 'POST', form: {} })).status).toBe(303)
      await logIn(rig)
      const stale = rig.browser.copy()
      await logOut(rig.browser)
      expect((await stale.visit('/logout', { method: 'POST', form: {} })).status).toBe(303)
      expect(stale.cookies.size).toBe(0)
    })

    it('S2.17 SEC-79 SEC-81 logs out at once while the provider is down, and revokes when it is back', async () => {
      const rig = await rigged()
      await logIn(rig)
      const old = rig.browser.copy()
      rig.provider.behave.fail.revoke = 503
      expect((await logOut(rig.browser)).status).toBe(303)
      expect((await old.visit('/')).body).toBe('hello stranger')
      expect(rig.provider.live()).toHaveLength(4)
      rig.provider.behave.fail = {}
      await rig.clock.advance(61_000)
      await rig.login.drain()
      expect(rig.provider.live()).toEqual([])
    })
  })

  describeSessionPages(name, rigged)
}
