import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { logIn, startSetting, type Setting } from './support/setting.ts'
import { linksOf, type Seen, type Visitor } from './support/visitor.ts'

/** What every page about a problem has: the code, a way on, and nothing of what went on inside. */
function expectProblem(page: Seen, expected: { status: number; code: string }): void {
  expect([page.status, page.text.match(/Code (\w+)/)?.[1]]).toEqual([expected.status, expected.code])
  expect(page.headers.get('cache-control')).toContain('no-store')
  expect(page.text).toMatch(/Request [0-9a-f-]{36}/)
  expect(linksOf(page.body)).toContainEqual({ name: 'Back to the home page', href: '/' })
  expect(page.text).not.toMatch(/Error:|node_modules|\.ts\b|\bat \w+ \(/)
}

describe('a login that fails', () => {
  let setting: Setting
  beforeAll(async () => void (setting = await startSetting()))
  beforeEach(() => setting.emulator.reset())
  afterAll(() => setting[Symbol.asyncDispose]())

  const reachConsent = async (): Promise<Visitor> => {
    const visitor = setting.visitor()
    await visitor.open('/')
    await visitor.follow('Login to Globus')
    await visitor.press('Maya Okafor')
    expect(visitor.page.url.pathname).toBe('/p/consent')
    return visitor
  }

  it('S1.11 says so when the person refused consent, and leads to another attempt that works', async () => {
    const visitor = await reachConsent()
    await visitor.press('Deny')
    expectProblem(visitor.page, { status: 403, code: 'access_denied' })
    expect(visitor.page.text).toContain('You did not allow access')
    await visitor.follow('Try again')
    await visitor.press('Allow')
    expect(visitor.page.text).toContain('Hello Maya Okafor!')
  })

  it('S1.12 says so when the login was not begun in this browser, and begins one', async () => {
    const visitor = setting.visitor()
    expectProblem(await visitor.open('/login?code=abc&state=def'), { status: 400, code: 'unknown_login' })
    await visitor.follow('Try again')
    expect(visitor.page.url.pathname).toBe('/p/login')
  })

  it('S1.12 does not log anybody in by a callback that is used a second time', async () => {
    const visitor = await reachConsent()
    await visitor.press('Allow')
    const callback = visitor.seen.find(({ url }) => url.searchParams.has('code'))
    const other = setting.visitor()
    expectProblem(await other.open(callback?.url.href ?? ''), { status: 400, code: 'unknown_login' })
    expect((await other.open('/')).text).not.toContain('Hello')
    expect((await visitor.open(callback?.url.href ?? '')).text).toContain('Hello Maya Okafor!')
  })

  it.each([
    ['answers 503', { kind: 'answer', status: 503, body: 'down' }, 503, 'provider_error'],
    ['cuts the connection', { kind: 'reset' }, 503, 'provider_unreachable'],
    ['answers with a page', { kind: 'answer', status: 200, body: '<p>hello' }, 502, 'invalid_token_response'],
    ['refuses the client', { kind: 'answer', status: 401, body: '{"error":"invalid_client"}' }, 502, 'client_rejected'],
  ] as const)('explains that Globus %s, and logs why', async (_, fault, status, code) => {
    const visitor = await reachConsent()
    const logged = setting.log.length
    setting.emulator.faults.next('token', fault, 5)
    await visitor.press('Allow')
    expectProblem(visitor.page, { status, code })
    expect(linksOf(visitor.page.body).map(({ name }) => name)).toContain('Try again')
    const requestId = /Request ([0-9a-f-]{36})/.exec(visitor.page.text)?.[1] ?? 'none'
    const lines = setting.log.slice(logged).filter((line) => line.includes(requestId))
    expect(lines.some((line) => line.includes(`"code":"${code}"`) && line.includes('"level":"error"'))).toBe(true)
  })

  it('SEC-15 shows a hostile error text as text, or not at all', async () => {
    const visitor = setting.visitor()
    const hostile = '<script>alert(1)</script>'
    const query = new URLSearchParams({ error: hostile, error_description: hostile, error_uri: 'https://evil.example' })
    const page = await visitor.open(`/login?${query}`)
    expect(page.status).toBe(400)
    expect(page.body).not.toContain('<script')
    expect(page.body).not.toContain('evil.example')
  })
})

describe('a request that cannot be answered', () => {
  let setting: Setting
  beforeAll(async () => {
    setting = await startSetting({
      prepare: ({ app }) => {
        app.get('/broken', () => {
          throw new Error('the detail that only the log may have')
        })
      },
    })
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('gets a page when a person asks for what is not there, with the ways on of that person', async () => {
    const visitor = setting.visitor()
    expectProblem(await visitor.open('/nowhere'), { status: 404, code: 'not_found' })
    await logIn(visitor, 'Maya Okafor')
    expectProblem(await visitor.open('/nowhere'), { status: 404, code: 'not_found' })
    expect(linksOf(visitor.page.body)).toContainEqual({ name: 'Account', href: '/account' })
  })

  it('gets a problem document when a script asks', async () => {
    for (const headers of [
      { accept: 'application/json' },
      { accept: 'text/html', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' },
    ]) {
      const response = await setting.portal.app.request('/nowhere', { headers })
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(await response.json()).toMatchObject({ status: 404, code: 'not_found', title: 'There is no such page' })
    }
  })

  it('names the request on the page and keeps the detail in the log', async () => {
    const page = await setting.visitor().open('/broken')
    expectProblem(page, { status: 500, code: 'internal_error' })
    expect(page.body).not.toContain('the detail')
    const requestId = /Request ([0-9a-f-]{36})/.exec(page.text)?.[1] ?? 'none'
    const line = setting.log.find((text) => text.includes('the detail that only the log may have'))
    expect(line).toContain(requestId)
  })

  it('is refused before it is read when it is too large', async () => {
    const body = `csrf_token=${'x'.repeat(70_000)}`
    const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
    const stated = { ...headers, 'content-length': String(body.length) }
    for (const sent of [headers, stated]) {
      const response = await setting.portal.app.request('/logout', { method: 'POST', headers: sent, body })
      expect(response.status).toBe(413)
      expect(await response.text()).toContain('body_too_large')
    }
  })

  it('never fails for odd paths, queries and cookies', async () => {
    const visitor = setting.visitor()
    const paths = [
      '//evil.example',
      '/%2e%2e/%2e%2e/etc',
      '/%zz',
      '/account?done=__proto__',
      '/?x=%00',
      '/assets/../main.ts',
    ]
    for (const path of paths) {
      const { status } = await visitor.send(`http://localhost:8888${path}`)
      expect([path, status < 500]).toEqual([path, true])
    }
    for (const cookie of ['pierhead', '=;=;', `a=${'b'.repeat(5000)}`, 'pierhead-x-session=%%%']) {
      const response = await setting.portal.app.request('/', { headers: { cookie } })
      expect([cookie.slice(0, 20), response.status]).toEqual([cookie.slice(0, 20), 200])
    }
  })
})
