import { Script } from 'node:vm'
import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { createPortal } from '../src/portal.ts'
import { logIn, startSetting, type Setting } from './support/setting.ts'
import { linksOf } from './support/visitor.ts'

const policy = (issuer: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; ` +
  `form-action 'self' ${issuer}; frame-ancestors 'none'; base-uri 'none'`

describe('the headers of the portal', () => {
  let setting: Setting
  beforeAll(async () => void (setting = await startSetting()))
  afterAll(() => setting[Symbol.asyncDispose]())

  it('SEC-59 SEC-60 are strict on every answer: pages, redirects, refusals, assets and health', async () => {
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    const paths = [
      '/account',
      '/nowhere',
      '/logout',
      '/login',
      '/login?code=x',
      '/assets/portal.css',
      '/healthz',
      '/readyz',
    ]
    for (const path of paths) await maya.send(path)
    await maya.send('/account/sessions/end-all', { method: 'POST' })
    await maya.open('/logout')
    await maya.press('Log out')
    const answers = maya.seen.filter(({ url }) => url.port === '8888')
    expect(answers.length).toBeGreaterThan(12)
    for (const { headers, status, url } of answers) {
      expect([url.pathname, headers.get('content-security-policy')]).toEqual([
        url.pathname,
        policy(setting.emulator.origin),
      ])
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      const isRedirect = status >= 300 && status < 400
      expect(headers.get('cross-origin-opener-policy')).toBe(isRedirect ? null : 'same-origin-allow-popups')
      expect(headers.get('referrer-policy')).toMatch(/^(same-origin|no-referrer)$/)
      expect(headers.has('strict-transport-security')).toBe(false)
      expect(headers.has('access-control-allow-origin')).toBe(false)
    }
  })

  it('SEC-19 keep the address of the callback, which holds a code, out of every Referer', async () => {
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    const callback = maya.seen.find(({ url }) => url.searchParams.has('code'))
    expect(callback?.status).toBe(303)
    expect(callback?.headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('SEC-47 SEC-86 keep pages of a person out of every cache', async () => {
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    for (const path of ['/', '/account', '/nowhere', '/logout']) {
      const { headers } = await maya.open(path)
      expect([path, headers.get('cache-control')]).toEqual([path, 'private, no-store'])
      expect(headers.get('vary')).toMatch(/\bCookie\b/i)
    }
  })

  it('SEC-47 let no cache give the page of a stranger to somebody who is logged in', async () => {
    const { headers } = await setting.visitor().open('/')
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['private, no-cache', 'Cookie'])
  })

  it('SEC-35 SEC-57 give every cookie HttpOnly, Path=/ and SameSite', async () => {
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    await maya.open('/logout')
    await maya.press('Log out')
    const lines = maya.seen.filter(({ url }) => url.port === '8888').flatMap(({ headers }) => headers.getSetCookie())
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines) expect(line).toMatch(/^pierhead-[^;]*;(?=.*; HttpOnly)(?=.*; SameSite=Lax).*Path=\//)
  })

  it('S1.30 follow the registered redirect alone: over https they ask for https, whatever the inner request says', async () => {
    const { PIERHEAD_DATA, ...rest } = setting.environment
    const environment = { ...rest, GLOBUS_REDIRECT_URI: 'https://data.example.org/login' }
    const portal = createPortal(readConfig({ ...environment, PIERHEAD_DATA: `${PIERHEAD_DATA}/https` }))
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }
    const response = await portal.app.request('http://127.0.0.1:8888/login', { headers })
    await portal.close()
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000')
    expect(response.headers.get('set-cookie')).toMatch(/^__Host-.*; Secure/)
    const target = new URL(response.headers.get('location') ?? '')
    expect(target.searchParams.get('redirect_uri')).toBe('https://data.example.org/login')
    expect(JSON.stringify([...response.headers])).not.toContain('evil.example')
  })

  it('S1.9 ask Globus for what the tutorial asked for, and for proof that the answer is for this login', async () => {
    const { headers } = await setting.visitor().send('/login')
    const { searchParams } = new URL(headers.get('location') ?? '')
    expect(searchParams.get('scope')).toBe(
      'openid profile email urn:globus:auth:scope:transfer.api.globus.org:all urn:globus:auth:scope:auth.globus.org:view_identity_set',
    )
    expect(searchParams.get('access_type')).toBe('offline')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(searchParams.get(name)).toMatch(/^[\w-]{22,}$/)
  })
})

describe('the files that pages name', () => {
  let setting: Setting
  beforeAll(async () => void (setting = await startSetting()))
  afterAll(() => setting[Symbol.asyncDispose]())
  const get = (path: string, headers: Record<string, string> = {}) => setting.portal.app.request(path, { headers })

  it('are all there, have the right type, and may be kept for ever', async () => {
    const { body } = await setting.visitor().open('/')
    const css = await (await get('/assets/portal.css')).text()
    const named = [...`${body}${css}`.matchAll(/(?:href=|src=|url\()["'](\/assets\/[^"']+)/g)].map(
      ([, path = '']) => path,
    )
    expect(new Set(named).size).toBe(3)
    expect(css).not.toMatch(/\/\*|^\s|\n\n/m)
    for (const path of named) {
      const response = await get(path)
      expect([path, response.status]).toEqual([path, 200])
      expect(response.headers.get('content-type')).toMatch(path.includes('.css') ? /^text\/css/ : /^image\/svg\+xml/)
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    }
  })

  it('are checked again when the address does not say which version it wants', async () => {
    const first = await get('/assets/portal.css?v=old')
    expect(first.headers.get('cache-control')).toBe('public, no-cache')
    const etag = first.headers.get('etag') ?? ''
    expect((await get('/assets/portal.css', { 'if-none-match': `"x", W/${etag}` })).status).toBe(304)
    expect((await get('/assets/portal.css', { 'if-none-match': '"x"' })).status).toBe(200)
  })

  it('never set a cookie, and never depend on one', async () => {
    const response = await get('/assets/portal.css', { cookie: 'pierhead-a=b' })
    expect(response.headers.getSetCookie()).toEqual([])
    expect(response.headers.get('vary')).toBeNull()
  })

  it('have scripts among them, which import each other under one version and hold no types', async () => {
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    const { body } = await maya.open('/collections')
    const [, path = ''] = /<script type="module" src="([^"]+)"><\/script>/.exec(body) ?? []
    expect(path).toMatch(/^\/assets\/scripts\/[\w-]{16}\/collections\.ts$/)
    const response = await get(path)
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const script = await response.text()
    expect(() => new Script(script.replaceAll(/^import .*$/gm, ''))).not.toThrow()
    for (const [, name = ''] of script.matchAll(/from '([^']+)'/g))
      expect([name, (await get(new URL(name, `http://portal${path}`).pathname)).status]).toEqual([name, 200])
    expect((await get(path.replace(/[\w-]{16}(?=\/collections)/, 'A'.repeat(16)))).status).toBe(404)
  })

  it('are small: style and script of any page are less than 60 kB together', async () => {
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    for (const page of ['/account', '/collections', `/collections/${demo.collections.oddNames}/files`, '/transfers']) {
      const { body } = await maya.open(page)
      const seen = new Map<string, number>()
      const load = async (path: string): Promise<void> => {
        if (seen.has(path)) return
        const text = await (await get(path)).text()
        seen.set(path, Buffer.byteLength(text))
        for (const [, name = ''] of text.matchAll(/^import .* from '([^']+)'$/gm))
          await load(new URL(name, `http://portal${path}`).pathname)
      }
      for (const [, path = ''] of body.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:ts|css)[^"]*)"/g)) await load(path)
      const total = [...seen.values()].reduce((sum, bytes) => sum + bytes, 0)
      expect([page, total > 5000, total < 60_000]).toEqual([page, true, true])
    }
  })

  it('leave nothing inline in a page', async () => {
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    for (const path of ['/', '/account', '/collections', '/logout', '/nowhere']) {
      const { body } = await maya.open(path)
      expect(body).not.toMatch(
        /<script(?! type="module" src="\/assets\/[^"]+"><\/script>)|<style|\sstyle=|\son\w+=|javascript:/i,
      )
      // Globus has pages of its own for identities and consents.
      const others = linksOf(body).filter(({ href }) => !/^(\/|#)/.test(href))
      for (const { href } of others) expect(new URL(href).origin).toBe(setting.emulator.origin)
    }
  })
})

describe('the routes for whatever watches over the portal', () => {
  it('say that it lives, and whether its sessions can be reached', async () => {
    await using setting = await startSetting()
    const { app, login } = setting.portal
    const statuses = async () => [(await app.request('/healthz')).status, (await app.request('/readyz')).status]
    expect(await statuses()).toEqual([200, 200])
    await login.close()
    expect(await statuses()).toEqual([200, 503])
    expect(await (await app.request('/readyz')).json()).toMatchObject({ code: 'store_unavailable' })
  })
})

describe('the log', () => {
  it('has one JSON line for each request, and no query, code or state in any', async () => {
    await using setting = await startSetting()
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    const callback = maya.seen.find(({ url }) => url.searchParams.has('code'))?.url.searchParams
    const lines = setting.log.map((line): unknown => JSON.parse(line))
    const requests = lines.filter((line) => JSON.stringify(line).includes('"message":"request"'))
    expect(requests).toHaveLength(maya.seen.filter(({ url }) => url.port === '8888').length)
    expect(lines).toContainEqual(expect.objectContaining({ event: 'login', level: 'info' }))
    const text = setting.log.join('')
    for (const name of ['code', 'state']) expect(text).not.toContain(callback?.get(name) ?? 'no callback')
    expect(text).not.toContain('?')
  })
})
