import { describe, expect, it } from 'vitest'
import { scopes } from '../../src/globus.ts'
import { memoryStore } from '../../src/session-store/memory.ts'
import { startOfTests } from '../support/clock.ts'
import { ada, ben, clientId, clientSecret } from '../support/provider.ts'
import { createRig, logIn, logOut, openSession, redirectUri, secret, start } from '../support/rig.ts'

describe('the sessions of a person', () => {
  it('SEC-50 can be listed and ended from elsewhere, and their tokens die', async () => {
    const rig = await createRig()
    const phone = rig.newBrowser()
    await logIn(rig)
    await logIn({ provider: rig.provider, browser: phone })
    await logIn({ provider: rig.provider, browser: rig.newBrowser() }, { who: ben })
    const listed = await collect(rig.login.sessions(ada.sub))
    const own = await openSession(rig.login, phone)
    expect(listed.map((each) => each.id)).toContain(own.id)
    expect(listed).toHaveLength(2)
    expect(listed[0]).toMatchObject({ browser: 'TestBrowser/1', createdAt: startOfTests, seenAt: startOfTests })
    expect(await rig.login.endSessions(ada.sub, (session) => session.id !== own.id)).toBe(1)
    expect((await rig.browser.visit('/')).body).toBe('hello stranger')
    expect((await phone.visit('/')).body).toBe('hello Ada Tester')
    expect(await rig.login.endSessions(ada.sub)).toBe(1)
    expect(new Set(rig.provider.live().map((token) => token.sub))).toEqual(new Set([ben.sub]))
    expect(await rig.login.endSessions(ada.sub)).toBe(0)
  })

  it('SEC-79 end in every process that shares the store', async () => {
    const rig = await createRig()
    const second = await rig.another()
    await logIn(rig)
    await openSession(second.login, rig.browser)
    const old = rig.browser.copy()
    await logOut(rig.browser)
    await expect(openSession(second.login, old)).rejects.toThrow('no session')
  })

  it('REL-37 are found under a secret that is not the first any more', async () => {
    const store = memoryStore({ now: () => startOfTests })
    const before = await createRig({ store })
    await logIn(before)
    const next = `${secret}-the-next-one`
    const after = await createRig({
      store,
      session: { secrets: [next, secret] },
      options: { issuer: before.provider.issuer },
    })
    expect(await collect(after.login.sessions(ada.sub))).toHaveLength(1)
  })

  it('cannot be listed or ended where they live in cookies, and the error says what to do', async () => {
    const { login } = await createRig({ store: 'cookie' })
    expect(() => login.sessions(ada.sub)).toThrow(/Configure session.store/)
    expect(() => login.endSessions(ada.sub)).toThrow(TypeError)
  })
})

describe('upkeep', () => {
  it('SEC-51 revokes the tokens of sessions that expired', async () => {
    const rig = await createRig({ session: { idleTimeout: 600 } })
    await logIn(rig)
    await rig.clock.advance(599_000)
    await rig.login.drain()
    expect(rig.provider.live()).toHaveLength(4)
    await rig.clock.advance(1000)
    await rig.login.drain()
    expect(rig.provider.live()).toEqual([])
  })

  it('SEC-81 tries again later and later, until the provider answers', async () => {
    const rig = await createRig()
    await logIn(rig)
    rig.provider.behave.fail.revoke = 'reset'
    await logOut(rig.browser)
    for (let minutes = 0; minutes < 30; minutes += 1) {
      await rig.clock.advance(60_000)
      await rig.login.drain()
    }
    const tried = rig.provider.count('revoke')
    expect(tried).toBeLessThan(40)
    rig.provider.behave.fail = {}
    await rig.clock.advance(3_600_000)
    await rig.login.drain()
    expect(rig.provider.live()).toEqual([])
    expect(rig.events.filter((event) => event.event === 'revocation_failed').length).toBe(tried)
    await rig.clock.advance(3_600_000)
    const done = rig.provider.count('revoke')
    await rig.login.drain()
    expect(rig.provider.count('revoke')).toBe(done)
  })

  it('leaves revocations that it cannot open to a process that has the secret', async () => {
    const store = memoryStore({ now: () => rig.clock.now() })
    const rig = await createRig({ store })
    await logIn(rig)
    rig.provider.behave.fail.revoke = 503
    await logOut(rig.browser)
    rig.provider.behave.fail = {}
    await rig.clock.advance(61_000)
    const stranger = await createRig({ store, session: { secrets: [`${secret}-another`] } })
    await stranger.login.drain()
    expect(stranger.events.map((event) => [event.event, event.code])).toContainEqual([
      'revocation_failed',
      'unknown_key',
    ])
    await rig.clock.advance(3_600_000)
    await rig.login.drain()
    expect(rig.provider.live()).toEqual([])
  })

  it('revokes from one queue once, though two processes work on it', async () => {
    const rig = await createRig()
    const second = await rig.another()
    await logIn(rig)
    rig.provider.behave.fail.revoke = 503
    await logOut(rig.browser)
    rig.provider.behave.fail = {}
    await rig.clock.advance(61_000)
    const before = rig.provider.count('revoke')
    await Promise.all([rig.login.drain(), second.login.drain()])
    expect(rig.provider.count('revoke') - before).toBe(4)
  })
})

describe('links to log in', () => {
  it('carry what the application asks, sealed, and nobody can change it', async () => {
    const rig = await createRig()
    const link = rig.login.loginUrl({ returnTo: '/files', identity: ada.sub, message: 'Please use your own.' })
    expect(link).not.toContain(ada.sub)
    const url = new URL(await start(rig.browser, link))
    expect(url.searchParams.get('session_required_identities')).toBe(ada.sub)
    expect(url.searchParams.get('session_message')).toBe('Please use your own.')
    expect(url.searchParams.get('prompt')).toBe('login')
    const forged = await rig.browser.visit(link.replace(/.$/, '!'))
    expect([forged.status, forged.body.includes('invalid_request')]).toEqual([400, true])
    await rig.clock.advance(86_400_001)
    expect((await rig.browser.visit(link)).body).toContain('login_expired')
  })

  it('SEC-62 leave out a return target that is not ours', async () => {
    const { login } = await createRig()
    expect(login.loginUrl({ returnTo: '//evil.example' })).toBe('/login')
    expect(login.loginUrl({ returnTo: '/' })).toBe('/login')
    expect(login.loginUrl({ domain: 'harbour.example' })).toMatch(/^\/login\?request=[\w.-]+$/)
  })

  it('SEC-08 SEC-48 a login request that was sealed for a link is no transaction and no session', async () => {
    const rig = await createRig()
    await logIn(rig)
    const sealed = new URLSearchParams(rig.login.loginUrl({ prompt: 'login' }).split('?')[1]).get('request') ?? ''
    for (const name of new Set(rig.browser.cookies.keys())) rig.browser.cookies.set(name, sealed)
    expect((await rig.browser.visit('/')).body).toBe('hello stranger')
  })

  it('stop a browser that loses every session from going round for ever', async () => {
    const rig = await createRig()
    for (let round = 0; round < 3; round += 1) {
      expect((await logIn(rig)).status).toBe(303)
      for (const name of rig.browser.cookies.keys()) if (name.endsWith('-session')) rig.browser.cookies.delete(name)
    }
    const stopped = await rig.browser.visit('/login')
    expect([stopped.status, stopped.body.includes('cookies are off')]).toEqual([400, true])
  })

  it('S2.2 S2.8 the same works below a base path, behind a proxy that removes it', async () => {
    const rig = await createRig({
      options: { redirectUri: 'https://portal.example/portal/login', basePath: '/portal', stripPrefix: true },
    })
    const location = await start(rig.browser, '/login?return_to=%2Fportal%2Ffiles')
    expect(new URL(location).searchParams.get('redirect_uri')).toBe('https://portal.example/portal/login')
    const callback = rig.provider.approve(location).replace(/^\/portal/, '')
    expect((await rig.browser.visit(callback)).headers.get('location')).toBe('/portal/files')
    const guarded = await rig.newBrowser().visit('/private')
    expect(guarded.headers.get('location')).toBe('/portal/login?return_to=%2Fportal%2Fprivate')
  })
})

describe('the exchange of the code', () => {
  it('S2.11 sends grant, code, redirect URI and verifier, and identifies the application by Basic', async () => {
    const rig = await createRig()
    await logIn(rig)
    const call = rig.provider.calls.find((each) => each.endpoint === 'token')
    expect([...(call?.form.keys() ?? [])].toSorted()).toEqual(['code', 'code_verifier', 'grant_type', 'redirect_uri'])
    expect(call?.form.get('grant_type')).toBe('authorization_code')
    expect(call?.form.get('redirect_uri')).toBe(redirectUri)
    const basic = Buffer.from(call?.authorization?.replace('Basic ', '') ?? '', 'base64').toString()
    expect(basic).toBe(`${clientId}:${clientSecret}`)
  })

  it('S2.1 gives credentials that act for the person until logout takes them back', async () => {
    const rig = await createRig()
    await logIn(rig)
    const token = (await rig.browser.visit('/token/transfer.api.globus.org')).body
    expect(rig.provider.live().map((each) => each.text)).toContain(token)
    await logOut(rig.browser)
    expect(rig.provider.live()).toEqual([])
  })
})

describe('who logged in', () => {
  it('S1.18 SEC-31 may lack every claim but the subject', async () => {
    const rig = await createRig()
    await logIn(rig, { who: { sub: 'only-a-subject' } })
    expect((await rig.browser.visit('/')).body).toBe('hello only-a-subject')
  })

  it('S1.15 S2.13 is told by ID token and UserInfo together, display claims of a wrong type left out', async () => {
    const rig = await createRig()
    rig.provider.behave.userinfo = (claims) => ({
      ...claims,
      name: { first: 'A' },
      email: null,
      iss: 'x',
      __proto__: { a: 1 },
    })
    await logIn(rig)
    const { claims } = await openSession(rig.login, rig.browser)
    expect(claims).toMatchObject({ iss: rig.provider.issuer, sub: ada.sub, preferred_username: 'ada@harbour.example' })
    expect([claims.name, claims.email, claims['nonce'], claims['at_hash']]).toEqual([
      undefined,
      null,
      undefined,
      undefined,
    ])
  })

  it('is decided by onLogin, which may use the tokens and give the session its data', async () => {
    const asked: string[] = []
    const rig = await createRig({
      options: {
        async onLogin({ claims, session }) {
          asked.push(claims.sub, await session.accessToken('transfer.api.globus.org'))
          await session.accessToken('nowhere').catch((error: unknown) => asked.push(String(error)))
          return { data: { visits: 7 } }
        },
      },
    })
    await logIn(rig)
    expect((await rig.browser.visit('/data')).body).toBe('7')
    expect(asked).toEqual([
      ada.sub,
      expect.stringContaining('CANARY-access'),
      expect.stringContaining('has no token for nowhere'),
    ])
  })

  it('leaves no token alive when onLogin fails', async () => {
    const rig = await createRig({
      options: {
        onLogin: () => {
          throw new RangeError('the application failed')
        },
      },
    })
    expect((await logIn(rig)).status).toBe(500)
    expect([rig.provider.issued.length, rig.provider.live().length]).toEqual([4, 0])
  })

  it('SEC-43 says so when the session does not fit into cookies, and revokes the tokens', async () => {
    const large = { visits: 1, more: 'x'.repeat(9000) }
    const rig = await createRig({
      store: 'cookie',
      options: { onLogin: () => ({ data: large }) },
    })
    const answer = await logIn(rig)
    expect([answer.status, answer.body.includes('session_too_large')]).toEqual([500, true])
    expect(rig.provider.live()).toEqual([])
  })
})

describe('listeners and loggers', () => {
  it('SEC-107 hear of login, logout and refusals, with subject and session', async () => {
    const rig = await createRig()
    const heard: string[] = []
    const stop = rig.login.on('login', ({ subject, sid }) => heard.push(`${subject} ${sid}`))
    await logIn(rig)
    const { id } = await openSession(rig.login, rig.browser)
    expect(heard).toEqual([`${ada.sub} ${id}`])
    stop()
    await logIn(rig)
    await logOut(rig.browser)
    expect(heard).toHaveLength(1)
    expect(rig.events.map((event) => event.event)).toEqual(['login', 'login', 'logout'])
  })

  it('SEC-112 do no harm when they fail: logout still revokes every token', async () => {
    const rig = await createRig()
    const fail = (): never => {
      throw new Error('the log is full')
    }
    rig.login.on('login', fail)
    rig.login.on('logout', fail)
    expect((await logIn(rig)).status).toBe(303)
    expect((await logOut(rig.browser)).status).toBe(303)
    expect(rig.provider.live()).toEqual([])
  })
})

describe('the logout page of Globus', () => {
  it('S2.19 S2.20 SEC-68 gets every value encoded', async () => {
    const { login, provider } = await createRig({ options: { scopes: [scopes.openid], name: 'Räum & Co? #1' } })
    const url = new URL(login.globusLogoutUrl({ redirectUri: 'https://x.example/?a=b&c=d#e' }))
    expect(url.origin + url.pathname).toBe(`${provider.issuer}/v2/web/logout`)
    expect([...url.searchParams]).toEqual([
      ['client_id', expect.any(String)],
      ['redirect_uri', 'https://x.example/?a=b&c=d#e'],
      ['redirect_name', 'Räum & Co? #1'],
    ])
    expect(url.hash).toBe('')
  })
})

async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = []
  for await (const value of values) list.push(value)
  return list
}
