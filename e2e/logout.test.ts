import type { RunningEmulator } from '@pierhead/emulator'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, startApp, type StoreName } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { introspect, liveTokens, requestsTo, startGlobus, transferServer } from './support/emulator.ts'
import { containing } from './support/matchers.ts'

const stores: readonly StoreName[] = ['sqlite', 'memory', 'sealed cookies']
const revokePath = '/v2/oauth2/token/revoke'

let globus: RunningEmulator

beforeAll(async () => {
  globus = await startGlobus()
})

afterEach(() => globus.faults.clear())
afterAll(() => globus.close())

describe.each(stores)('logging out, with sessions in %s', (store) => {
  let app: App
  let maya: Visitor

  beforeEach(async () => {
    app = await startApp(globus, { store, name: 'Tide Portal' })
    maya = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
  })

  afterEach(() => app.close())

  it('C06 S1.26 S2.1 S2.17 SEC-80 ends the session, every token and the login at Globus', async () => {
    const { body: token } = await maya.open(`/token/${transferServer}`)
    const cookie = await maya.cookies(app.origin)

    await maya.open(`${app.origin}/logout`)
    expect(maya.text).toContain('Log out of Tide Portal?')
    expect(liveTokens(globus, app)).toBe(4)
    await maya.submit('Log out')
    expect(liveTokens(globus, app)).toBe(0)
    expect(await introspect(globus, app, token)).toEqual({ active: false })
    expect(await maya.cookies(app.origin)).toBe('')

    expect(maya.url).toContain(`${globus.origin}/v2/web/logout?client_id=${app.clientId}`)
    await maya.follow('Continue to Tide Portal')
    expect(maya.url).toBe(`${app.origin}/`)
    expect(maya.text).toContain('Login to Globus')
    await maya.open('/login')
    expect(maya.text).toContain('Who do you want to be?')

    // S2.14 SEC-39: the cookie of before opens nothing any more.
    const replay = await new Visitor().open(`${app.origin}/claims`, {
      headers: { cookie, accept: 'application/json' },
    })
    expect(replay.status).toBe(401)
  })

  it('SEC-56 needs the form of a page of its own: without token, or from elsewhere, nobody is logged out', async () => {
    const form = await maya.open(`${app.origin}/logout`)
    const [, token = ''] = /name="csrf_token" value="([^"]+)"/.exec(form.body) ?? []
    const attempts = [
      { origin: app.origin, body: '' },
      { origin: app.origin, body: 'csrf_token=none' },
      { origin: globus.origin, body: new URLSearchParams({ csrf_token: token }).toString() },
      { origin: 'null', body: new URLSearchParams({ csrf_token: token }).toString() },
    ]
    for (const { origin, body } of attempts) {
      const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' }
      await maya.open(`${app.origin}/logout`, { method: 'POST', headers, body })
      expect(maya.status).toBe(403)
      expect(maya.text).toContain('csrf_refused')
    }
    expect((await maya.open(`${app.origin}/`)).text).toContain('Hello Maya Okafor!')
  })

  it('tells a script where to go, and works with the token in a header', async () => {
    const { body } = await maya.open(`${app.origin}/logout`)
    const [, token = ''] = /name="csrf_token" value="([^"]+)"/.exec(body) ?? []
    const headers = { origin: app.origin, accept: 'application/json', 'x-csrf-token': token }
    await maya.open('/logout', { method: 'POST', headers })
    expect(JSON.parse(maya.body)).toEqual({ logout_url: app.login.globusLogoutUrl() })
    expect(maya.headers.get('cache-control')).toBe('private, no-store')
    expect(liveTokens(globus, app)).toBe(0)
  })

  it('S2.17 SEC-82 is friendly to somebody who is logged out already', async () => {
    const stranger = await new Visitor().open(`${app.origin}/logout`)
    expect({ status: stranger.status, text: stranger.text }).toMatchObject({
      status: 200,
      text: containing('You are logged out'),
    })
    await stranger.open('/logout', { method: 'POST', headers: { origin: app.origin } })
    expect(stranger.url).toBe(`${app.origin}/`)
    const cookie = (await maya.cookies(app.origin)).slice(0, -9)
    const broken = await new Visitor().open(`${app.origin}/logout`, { headers: { cookie } })
    expect(broken.text).toContain('You are logged out')
  })

  it('SEC-81 logs out while revocation fails, and revokes later what is left', async () => {
    await maya.open('/logout')
    globus.faults.next('revoke', { kind: 'answer', status: 500 }, 3)
    globus.faults.next('revoke', { kind: 'reset' })
    await maya.submit('Log out')
    expect(maya.text).toContain('Continue to Tide Portal')
    expect((await maya.open(`${app.origin}/`)).text).toContain('Login to Globus')
    expect(liveTokens(globus, app)).toBe(4)
    expect(app.events.filter(({ event }) => event === 'revocation_failed')).not.toEqual([])

    // Still down a minute later: the queue keeps what it could not do.
    app.clock.advance(61)
    globus.faults.next('revoke', { kind: 'answer', status: 503, headers: { 'retry-after': '60' } }, 4)
    await app.login.drain()
    expect(liveTokens(globus, app)).toBe(4)
    app.clock.advance(3600)
    await app.login.drain()
    expect(liveTokens(globus, app)).toBe(0)
  })

  it('SEC-79 ends the session before Globus answers, and does not wait for it for long', async () => {
    const cookie = await maya.cookies(app.origin)
    await maya.open('/logout')
    globus.faults.next('revoke', { kind: 'hang' }, 4)
    app.clock.haste = 10
    const before = requestsTo(globus, revokePath)
    const leaving = maya.submit('Log out')
    await expect.poll(() => requestsTo(globus, revokePath)).toBeGreaterThan(before)
    const replay = await new Visitor().open(`${app.origin}/`, { headers: { cookie } })
    expect(replay.text).toContain('Login to Globus')
    await leaving
    expect(maya.text).toContain('Continue to Tide Portal')
    globus.faults.clear()
    app.clock.haste = 1
    app.clock.advance(61)
    await app.login.drain()
    expect(liveTokens(globus, app)).toBe(0)
  })
})

describe('the address of the logout page of Globus', () => {
  let app: App

  beforeAll(async () => {
    app = await startApp(globus)
  })

  afterAll(() => app.close())

  it('S2.18 S2.19 names the app by the documented parameters', () => {
    const url = new URL(app.login.globusLogoutUrl())
    expect(url.origin + url.pathname).toBe(`${globus.origin}/v2/web/logout`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: app.clientId,
      redirect_uri: `${app.origin}/`,
      redirect_name: 'Sample App',
    })
  })

  it('S2.20 SEC-68 brings any name and address back as they were', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 })
    fc.assert(
      fc.property(text, text, (redirectName, path) => {
        const redirectUri = `${app.origin}/${encodeURIComponent(path)}?a=1&b=${encodeURIComponent(path)}#end`
        const url = new URL(app.login.globusLogoutUrl({ redirectName, redirectUri }))
        expect(url.searchParams.getAll('redirect_name')).toEqual([redirectName])
        expect(url.searchParams.getAll('redirect_uri')).toEqual([redirectUri])
        expect([...url.searchParams.keys()]).toEqual(['client_id', 'redirect_uri', 'redirect_name'])
      }),
    )
  })

  it.each(['Tide & Current Portal', 'Zoë’s “Hafen” #1? 100 %', '<b>Portal</b>', '潮汐 ポータル 🌊', 'a=b&client_id=c'])(
    'S2.20 leads to a page that says "Continue to %s"',
    async (redirectName) => {
      const redirectUri = `${app.origin}/?from=logout&name=a b`
      const visitor = await new Visitor().open(app.login.globusLogoutUrl({ redirectName, redirectUri }))
      expect(visitor.text).toContain(`Continue to ${redirectName}`)
      await visitor.follow(`Continue to ${redirectName}`)
      expect(visitor.url).toBe(new URL(redirectUri).href)
    },
  )
})
