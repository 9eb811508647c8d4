import { describe, expect, it } from 'vitest'
import { scopes } from '../../src/globus.ts'
import type { Browser, WireAnswer } from '../support/browser.ts'
import { createRig, logIn, logOut, start, type Rig, type RigOptions } from '../support/rig.ts'
import { nextSite } from './next-site.ts'

const hour = 3_600_000

const rigged = (options: RigOptions = {}): Promise<Rig> => createRig({ mount: nextSite, ...options })

/** What a script of a page of ours asks for: data, or what Next's own client calls a navigation. */
const fetched = { fetch: true, headers: { accept: '*/*', 'sec-fetch-dest': 'empty' } }
const flight = { fetch: true, headers: { ...fetched.headers, rsc: '1' } }

/** Next asks for the address with a hash of the headers first, as its client sends it. */
async function navigate(browser: Browser, target: string, more: Record<string, string> = {}): Promise<WireAnswer> {
  const headers = { ...flight.headers, ...more }
  const first = await browser.visit(`${target}?_rsc=0`, { fetch: true, headers })
  return browser.visit(first.headers.get('location') ?? target, { fetch: true, headers })
}

const textOf = (body: string, id: string): string => new RegExp(`<pre id="${id}">([^<]*)`).exec(body)?.[1] ?? ''

describe.each(['stored', 'cookie'] as const)('a page of Next.js, %s session', (kind) => {
  const options: RigOptions = kind === 'cookie' ? { store: 'cookie' } : {}

  it('sends a stranger to log in and back to its own address', async () => {
    const rig = await rigged(options)
    expect((await rig.browser.visit('/pages/home')).body).toContain('hello stranger')
    const refused = await rig.browser.visit('/pages/private?tide=high&area=%2Fbay')
    expect([refused.status, refused.headers.get('location')]).toEqual([
      307,
      '/login?return_to=%2Fpages%2Fprivate%3Ftide%3Dhigh%26area%3D%252Fbay',
    ])
    const back = await logIn(rig, { from: refused.headers.get('location') ?? '' })
    expect(back.headers.get('location')).toBe('/pages/private?tide=high&area=%2Fbay')
    const page = await rig.browser.visit('/pages/private?tide=high&area=%2Fbay')
    expect(page.body).toContain('secret of <!-- -->Ada Tester')
    expect(page.headers.get('cache-control')).toBe('private, no-store')
  })

  it('C16 sees in the same request what proxy.ts refreshed, as the browser does', async () => {
    const rig = await rigged({ ...options, session: { idleTimeout: 60 * 3600 } })
    await logIn(rig)
    const before = await rig.browser.visit('/pages/home')
    const old = [...rig.browser.cookies.values()]
    await rig.clock.advance(48 * hour - 30_000)
    const after = await rig.browser.visit('/pages/home')
    expect(textOf(after.body, 'token')).not.toBe(textOf(before.body, 'token'))
    const sent = [...rig.browser.cookies].map(([name, value]) => `${name}=${value}`)
    expect(textOf(after.body, 'cookies').split('; ').toSorted()).toEqual(sent.toSorted())
    expect(old.some((value) => textOf(after.body, 'cookies').includes(value))).toBe(kind === 'stored')
    const refreshes = rig.provider.calls.filter(({ form }) => form.get('grant_type') === 'refresh_token').length
    expect((await rig.browser.visit('/pages/home')).body).toContain('hello Ada Tester')
    expect(rig.provider.calls.filter(({ form }) => form.get('grant_type') === 'refresh_token').length).toBe(refreshes)
  })

  it('S2.14 knows nobody after a logout, not even by the old cookies', async () => {
    const rig = await rigged(options)
    await logIn(rig)
    const old = rig.browser.copy()
    await logOut(rig.browser)
    for (const target of ['/pages/private', '/open/private']) expect((await old.visit(target)).status).toBe(307)
    expect((await rig.browser.visit('/pages/home')).body).toContain('hello stranger')
  })

  it('leads through a consent and back, and tells who cannot give it', async () => {
    const rig = await rigged(options)
    await logIn(rig)
    for (const round of [1, 2]) {
      const asked = await rig.browser.visit('/pages/consent?round=1')
      expect([round, asked.status]).toEqual([round, 307])
      const address = new URL(await start(rig.browser, asked.headers.get('location') ?? ''))
      expect(address.searchParams.get('scope')).toContain(scopes.search.search)
      // A provider that gives everything but what was asked for.
      rig.provider.behave.tokenResponse = (response) => ({ ...response, scope: 'openid profile email' })
      const back = await rig.browser.visit(rig.provider.approve(address.href))
      expect(back.headers.get('location')).toBe('/pages/consent?round=1')
    }
    const refused = await rig.browser.visit('/pages/consent?round=1')
    expect(refused.status).toBe(307)
    const page = await rig.browser.visit(refused.headers.get('location') ?? '')
    expect([page.status, page.body.includes('requirements_unmet')]).toEqual([403, true])
    expect(page.body).toContain('href="/login?return_to=%2Fpages%2Fconsent%3Fround%3D1"')
  })

  it('goes on once the consent is given', async () => {
    const rig = await rigged(options)
    await logIn(rig)
    const asked = await rig.browser.visit('/pages/consent')
    const back = await logIn(rig, { from: asked.headers.get('location') ?? '' })
    expect((await rig.browser.visit(back.headers.get('location') ?? '')).body).toContain(
      'search for <!-- -->Ada Tester',
    )
  })
})

describe('a page of Next.js', () => {
  it('SEC-14 no look ahead and no navigation of Next’s own client starts a login or uses one up', async () => {
    const rig = await rigged()
    expect((await navigate(rig.browser, '/pages/private')).body).toContain('/login?return_to=%2Fpages%2Fprivate')
    for (const more of [{}, { 'next-router-prefetch': '1' }, { 'next-router-segment-prefetch': '/_tree' }]) {
      await navigate(rig.browser, '/pages/private', more)
      expect((await navigate(rig.browser, '/login', more)).status).toBe(503)
    }
    expect((await rig.browser.visit('/login?return_to=/pages/private', fetched)).status).toBe(503)
    expect([rig.browser.cookies.size, rig.provider.calls]).toEqual([0, []])
    const callback = rig.provider.approve(await start(rig.browser))
    expect((await rig.browser.visit(callback, flight)).status).toBe(503)
    expect((await rig.browser.visit(callback)).status).toBe(303)
  })

  it('sends on from a part that comes late, in the page that has begun', async () => {
    const rig = await rigged()
    const page = await rig.browser.visit('/pages/late')
    expect([page.status, page.body.includes('wait')]).toEqual([200, true])
    expect(page.body).toMatch(
      /http-equiv="refresh" content="1;url=http:\/\/localhost:5000\/login\?return_to=%2Fpages%2Flate"/,
    )
    await logIn(rig)
    expect((await rig.browser.visit('/pages/late')).body).toContain('secret of <!-- -->Ada Tester')
  })

  it('answers HEAD as GET, without a body', async () => {
    const rig = await rigged()
    const head = await rig.browser.visit('/pages/private', { method: 'HEAD' })
    expect([head.status, head.headers.get('location'), head.body]).toEqual([
      307,
      '/login?return_to=%2Fpages%2Fprivate',
      '',
    ])
    await logIn(rig)
    expect((await rig.browser.visit('/pages/private', { method: 'HEAD' })).status).toBe(200)
  })

  it('C13 SEC-47 is not cached with a session, though Next made it once for all', async () => {
    const rig = await rigged()
    expect((await rig.browser.visit('/pages/plain')).headers.get('cache-control')).toMatch(/s-maxage/)
    await logIn(rig)
    expect((await rig.browser.visit('/pages/plain')).headers.get('cache-control')).toBe('private, no-store')
  })

  it('SEC-64 believes no header that Next or this package uses inside', async () => {
    const rig = await rigged()
    await logIn(rig)
    const cookie = [...rig.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const stranger = rig.newBrowser()
    const headers = {
      'x-middleware-subrequest': Array.from({ length: 5 }, () => 'proxy').join(':'),
      'x-middleware-override-headers': 'cookie',
      'x-middleware-request-cookie': cookie,
      'x-middleware-next': '1',
      'x-middleware-set-cookie': cookie,
      'x-pierhead-target': 'https://evil.example/',
    }
    for (const target of ['/pages/private', '/open/private']) {
      const answer = await stranger.visit(target, { headers })
      expect([target, answer.status]).toEqual([target, 307])
      expect(answer.headers.get('location')).not.toContain('evil')
    }
    const ours = await stranger.visit('/pages/private', { headers })
    expect(ours.headers.get('location')).toBe('/login?return_to=%2Fpages%2Fprivate')
  })

  it('asks for the session itself where proxy.ts did not run', async () => {
    const rig = await rigged()
    expect((await rig.browser.visit('/open/private')).headers.get('location')).toBe('/login')
    await logIn(rig)
    expect((await rig.browser.visit('/open/private')).body).toContain('secret of <!-- -->Ada Tester')
  })

  it('takes large headers of others along', async () => {
    const rig = await rigged({ store: 'cookie' })
    await logIn(rig)
    const page = await rig.browser.visit('/pages/home', { headers: { 'x-large': 'x'.repeat(9000) } })
    expect(page.body).toContain('hello Ada Tester')
  })
})
