import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createUserAgent, demo } from '../src/index.ts'
import { createRig, PORTAL_REDIRECT, TRANSFER, type Rig } from './support.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.emulator.close())

const own = { origin: 'http://127.0.0.1:8889' }

const open = async (
  changes?: Record<string, string>,
): Promise<{ address: URL; name: string; page: string; response: Response }> => {
  const first = await rig.browser.request(rig.authorizeUrl(changes))
  const address = new URL(first.headers.get('location') ?? '', rig.emulator.origin)
  const response = await rig.browser.request(address)
  return { address, name: address.searchParams.get('request') ?? '', page: await response.text(), response }
}

const send = (path: string, form: Record<string, string>, headers: Record<string, string> = own): Promise<Response> =>
  rig.browser.request(new URL(path, rig.emulator.origin), { method: 'POST', body: new URLSearchParams(form), headers })

test('the login page names the app and offers every person, escaped', async () => {
  const { page } = await open({ session_message: 'Hospital <login> please' })
  expect(page).toContain('Log in to use <span class="app">Harbour Portal</span>')
  expect(page).toContain('Hospital &lt;login&gt; please')
  const buttons = Array.from(page.matchAll(/<button name="identity"[^>]*>([^<]*)<\/button>/g), ([, name]) => name)
  expect(buttons).toEqual(['Maya Okafor', 'Zoë &lt;b&gt;Núñez&lt;/b&gt;', 'Ingrid Solheim', 'Sam'])
})

test('pages forbid scripts, frames, storage and foreign forms', async () => {
  const { response, page } = await open()
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toContain("form-action 'self' http://localhost:8888 ")
  expect(policy).not.toContain('unsafe')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(page).not.toMatch(/<script|style=|\son\w+=/)
})

test('cookies are HttpOnly and Lax', async () => {
  const first = await rig.browser.request(rig.authorizeUrl())
  const request = new URL(first.headers.get('location') ?? '', rig.emulator.origin).searchParams.get('request') ?? ''
  const login = await send('/p/login', { request, identity: demo.people.maya })
  for (const line of [...first.headers.getSetCookie(), ...login.headers.getSetCookie()]) {
    expect(line).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
  }
  expect(login.status).toBe(303)
})

describe('a username and password', () => {
  test('log in, linked identities too', async () => {
    const { name } = await open()
    const orcid = rig.emulator.world.identities.find(demo.people.mayaOrcid)
    const response = await send('/p/login', {
      request: name,
      username: orcid?.username ?? '',
      password: orcid?.password ?? '',
    })
    expect(response.headers.get('location')).toBe(`/p/consent?request=${name}`)
    const done = await send('/p/consent', { request: name, account: demo.people.maya, decision: 'allow' })
    expect(done.headers.get('location')).toMatch(/^http:\/\/localhost:8888\/login\?code=/)
  })

  test.each([
    ['maya.okafor@harbour.example', 'wrong'],
    ['nobody@harbour.example', 'x'],
    [`${demo.clients.portal}@clients.auth.globus.org`, ''],
    ['', ''],
  ])('that are wrong (%s, %s) show the page again and log nobody in', async (username, password) => {
    const { name } = await open()
    const response = await send('/p/login', { request: name, username, password })
    expect(response.status).toBe(401)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await response.text()).toContain('role="alert"')
  })

  test('of a client cannot be replaced by choosing the client as a person', async () => {
    const { name } = await open()
    expect((await send('/p/login', { request: name, identity: demo.clients.portal })).status).toBe(401)
  })
})

describe('forms', () => {
  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://127.0.0.1:8888' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ ...own, 'sec-fetch-site': 'same-site' }],
  ])('SEC-97 from elsewhere (%j) are refused', async (headers) => {
    const { name } = await open()
    const response = await send('/p/login', { request: name, identity: demo.people.maya }, headers)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('FOREIGN_FORM')
    expect(response.headers.getSetCookie()).toEqual([])
  })

  test('of another browser are refused, though it knows the address', async () => {
    const { name, address } = await open()
    const other = createUserAgent({ fetch: rig.emulator.fetch })
    const body = new URLSearchParams({ request: name, identity: demo.people.maya })
    const response = await other.request(new URL('/p/login', address), { method: 'POST', body, headers: own })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('LOGIN_ATTEMPT_EXPIRED')
  })

  test.each([[{}], [{ request: 'nonsense' }], [{ request: '../..' }]])(
    'without a known login (%j) are refused',
    async (form) => {
      expect((await send('/p/login', form)).status).toBe(400)
      expect((await send('/p/consent', form)).status).toBe(400)
    },
  )

  test('that are no forms get a page, not a stack', async () => {
    const url = new URL('/p/login', rig.emulator.origin)
    const response = await rig.browser.request(url, {
      method: 'POST',
      body: '{',
      headers: { ...own, 'content-type': 'application/json' },
    })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('BAD_FORM')
  })

  test('sent twice finish once', async () => {
    const { name } = await open()
    await send('/p/login', { request: name, identity: demo.people.maya })
    const form = { request: name, account: demo.people.maya, decision: 'allow' }
    expect((await send('/p/consent', form)).status).toBe(303)
    expect((await send('/p/consent', form)).status).toBe(400)
  })
})

describe('consent', () => {
  test('lists what the app asks for in words, dependencies below', async () => {
    const { name } = await open({ scope: `openid ${demo.scopes.tideApi}`, access_type: 'offline' })
    await send('/p/login', { request: name, identity: demo.people.zoe })
    const page = await (await rig.browser.request(new URL(`/p/consent?request=${name}`, rig.emulator.origin))).text()
    expect(page).toContain('Zoë &lt;b&gt;Núñez&lt;/b&gt;')
    expect(page).toContain('Know who you are on Globus')
    expect(page.replace(/\s+/g, ' ')).toMatch(/Read and copy the tide tables.*<ul>.*Manage data using Globus Transfer/)
    expect(page).toContain('http://localhost:8888')
    expect(page.match(/<button/g)).toHaveLength(2)
  })

  test('is asked once per app and person, again only for more', async () => {
    await rig.login({ scope: 'openid' })
    const again = await rig.browser.request(rig.authorizeUrl({ scope: 'openid' }))
    expect(again.headers.get('location')).toMatch(/^http:\/\/localhost:8888\/login\?code=/)
    const more = await rig.browser.request(rig.authorizeUrl({ scope: `openid ${TRANSFER}` }))
    expect(more.headers.get('location')).toMatch(/^\/p\/consent/)
    const prompted = await rig.browser.request(rig.authorizeUrl({ scope: 'openid', prompt: 'consent' }))
    expect(prompted.headers.get('location')).toMatch(/^\/p\/consent/)
  })

  test('of one person is not given by a form that another one saw', async () => {
    const one = await open()
    await send('/p/login', { request: one.name, identity: demo.people.maya })
    const two = await open({ prompt: 'login' })
    await send('/p/login', { request: two.name, identity: demo.people.sam })
    const response = await send('/p/consent', { request: one.name, account: demo.people.maya, decision: 'allow' })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('sam@globusid.org')
  })

  test('cannot be given before a login', async () => {
    const { name } = await open()
    const response = await send('/p/consent', { request: name, account: demo.people.maya, decision: 'allow' })
    expect(response.headers.get('location')).toBe(`/p/login?request=${name}`)
  })
})

describe('several tabs', () => {
  test('of a browser that knew nothing can all finish', async () => {
    const tabs = await Promise.all([open(), open(), open()])
    for (const { name } of tabs) {
      const login = await send('/p/login', { request: name, identity: demo.people.maya })
      if (login.headers.get('location')?.startsWith('http') === true) continue
      const done = await send('/p/consent', { request: name, account: demo.people.maya, decision: 'allow' })
      expect(done.headers.get('location')).toMatch(/\?code=/)
    }
  })

  test('that nobody finishes do not fill the cookie header', async () => {
    let request = new Headers()
    const send = rig.emulator.fetch
    const browser = createUserAgent({ fetch: (sent) => ((request = sent.headers), send(sent)) })
    for (let i = 0; i < 40; i += 1) await browser.request(rig.authorizeUrl())
    expect((request.get('cookie') ?? '').length).toBeLessThan(1000)
  })
})

describe('prompt=login', () => {
  test('asks again, although somebody is logged in, and keeps the account', async () => {
    await rig.login()
    const { address, name } = await open({ prompt: 'login' })
    expect(address.pathname).toBe('/p/login')
    const consent = await rig.browser.request(new URL(`/p/consent?request=${name}`, address))
    expect(consent.headers.get('location')).toBe(`/p/login?request=${name}`)
    const response = await send('/p/login', { request: name, identity: demo.people.maya })
    expect(response.headers.get('location')).toMatch(/\?code=/)
  })

  test('gives the session a new id', async () => {
    const first = await open()
    const one = await send('/p/login', { request: first.name, identity: demo.people.maya })
    const second = await open({ prompt: 'login' })
    const two = await send('/p/login', { request: second.name, identity: demo.people.maya })
    const id = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect(id(one)).toMatch(/^pierhead_emulator_8889=/)
    expect(id(two)).not.toBe(id(one))
  })
})

describe('required identities and domains', () => {
  test('offer those who meet them, and let nobody else through', async () => {
    const { name, page } = await open({ session_required_single_domain: 'orcid.org' })
    expect(page).toContain(demo.people.mayaOrcid)
    expect(page).not.toContain(demo.people.sam)
    const wrong = await send('/p/login', { request: name, identity: demo.people.sam })
    expect(wrong.headers.get('location')).toBe(`/p/login?request=${name}`)
    const right = await send('/p/login', { request: name, identity: demo.people.mayaOrcid })
    expect(right.headers.get('location')).toBe(`/p/consent?request=${name}`)
  })

  test('are met by a login that was made before', async () => {
    await rig.login()
    const met = await rig.browser.request(rig.authorizeUrl({ session_required_identities: demo.people.maya }))
    expect(met.headers.get('location')).toMatch(/\?code=/)
    const unmet = await rig.browser.request(rig.authorizeUrl({ session_required_identities: demo.people.mayaOrcid }))
    expect(unmet.headers.get('location')).toMatch(/^\/p\/login/)
  })
})

describe('logout', () => {
  const logout = async (query: Record<string, string>): Promise<string> => {
    const url = new URL('/v2/web/logout', rig.emulator.origin)
    url.search = new URLSearchParams(query).toString()
    const response = await rig.browser.request(url)
    expect(response.status).toBe(200)
    return response.text()
  }

  test('ends the session of the browser, so that the next login asks who one is, and revokes nothing', async () => {
    const tokens = await rig.login()
    await logout({ client_id: demo.clients.portal })
    const next = await rig.browser.request(rig.authorizeUrl())
    expect(next.headers.get('location')).toMatch(/^\/p\/login/)
    const introspection = await rig.post('/v2/oauth2/token/introspect', { token: tokens.access_token })
    expect(await introspection.json()).toMatchObject({ active: true })
  })

  test.each(['client_id', 'client'])('shows a link back for %s', async (parameter) => {
    const page = await logout({
      [parameter]: demo.clients.portal,
      redirect_uri: 'http://localhost:8888/',
      redirect_name: 'The <Portal>',
    })
    expect(page).toContain('<a class="button primary" href="http://localhost:8888/">Continue to The &lt;Portal&gt;</a>')
  })

  test.each([
    'https://evil.example/',
    'javascript:alert(1)',
    '//evil.example',
    'http://localhost:8888@evil.example/',
    PORTAL_REDIRECT.replace('8888', '8887'),
  ])('SEC-85 shows no link to %s', async (redirect_uri) => {
    const page = await logout({ client_id: demo.clients.portal, redirect_uri })
    expect(page).not.toContain('href="h')
    expect(page).not.toContain('Continue to')
  })
})
