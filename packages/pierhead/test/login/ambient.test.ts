import { describe, expect, it, onTestFinished } from 'vitest'
import { LoginError, type Login, type SessionStore } from '../../src/index.ts'
import { scopes } from '../../src/globus.ts'
import { createAmbient, type Ambient } from '../../src/lib/login/ambient.ts'
import { openFetchVisit } from '../../src/lib/login/fetch-visit.ts'
import { forwardedHeaders, setCookies, targetHeader, type SetCookie } from '../../src/lib/login/forwarded-request.ts'
import { shareLogin } from '../../src/lib/login/shared-login.ts'
import { memoryStore } from '../../src/session-store/memory.ts'
import type { TestData } from '../support/adapters.ts'
import { startOfTests } from '../support/clock.ts'
import { createRig, logIn, type Rig, type RigOptions } from '../support/rig.ts'

/** What a framework throws for a redirect. */
class Redirected extends Error {}

interface Scene extends Rig {
  readonly ambient: Ambient
  readonly sent: SetCookie[]
  readonly cookie: string
}

/** A framework that knows one request, which a browser with a session sent. */
async function scene(options: RigOptions = {}, more: Record<string, string> = {}): Promise<Scene> {
  const rig = await createRig(options)
  await logIn(rig)
  const cookie = [...rig.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = new Headers({ cookie, [targetHeader]: '/work?tide=high', ...more })
  const sent: SetCookie[] = []
  const ambient = createAmbient({
    headers: async () => headers,
    setCookies: async (cookies) => void sent.push(...cookies),
    redirect: async (url) => {
      throw new Redirected(url)
    },
  })
  return { ...rig, ambient, sent, cookie }
}

const answered: readonly (readonly [string, string])[] = [
  ['cache-control', 'private, no-store'],
  ['set-cookie', '__Host-a=new; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax'],
  ['set-cookie', 'b=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax'],
]

describe('the request that goes on to a page', () => {
  const forward = (headers: Record<string, string>): Headers =>
    forwardedHeaders(new Request('http://inner.example/work', { headers }), { answered, target: '/work' })

  it('carries the cookies that the answer sets in place of those that came', () => {
    const headers = forward({ cookie: 'other=1; __Host-a=old; b=old;c=x=y', accept: 'text/html' })
    expect(headers.get('cookie')).toBe('other=1; c=x=y; __Host-a=new')
    expect(headers.get('accept')).toBe('text/html')
    expect(forward({}).get('cookie')).toBe('__Host-a=new')
  })

  it('SEC-64 carries its own address, whatever the browser says', () => {
    expect(forward({ [targetHeader]: 'https://evil.example/' }).get(targetHeader)).toBe('/work')
  })

  it('reads back what was serialized', () => {
    expect(setCookies(answered)).toEqual([
      { name: '__Host-a', value: 'new', maxAge: 60, secure: true },
      { name: 'b', value: '', maxAge: 0, secure: false },
    ])
  })
})

describe('a login for the whole process', () => {
  it('is made once, when it is first asked for, also by another copy of the module', async () => {
    const { login } = await createRig()
    onTestFinished(() => void Reflect.deleteProperty(globalThis, Symbol.for('pierhead.logins')))
    let made = 0
    const create = (): Login<TestData | undefined> => {
      made += 1
      return login
    }
    const [first, copy, other] = [shareLogin(create, 'a'), shareLogin(create, 'a'), shareLogin(create, 'b')]
    expect(made).toBe(0)
    expect([first(), copy(), first()]).toEqual([login, login, login])
    expect(made).toBe(1)
    expect(other()).toBe(login)
    expect(made).toBe(2)
  })
})

describe('a request of the fetch standard', () => {
  interface Posted {
    readonly body?: ArrayBuffer | string
    readonly headers?: Readonly<Record<string, string>>
  }
  const post = async (rig: Scene, init: Posted, facts = {}): Promise<number | undefined> => {
    const headers = { cookie: rig.cookie, origin: 'http://localhost:5000', ...init.headers }
    const request = new Request('http://inner.example/work', { method: 'POST', ...init, headers })
    const { visit, readForm } = await openFetchVisit(rig.login, request, facts)
    return (await visit.route(readForm))?.status
  }
  const multipart = async (fields: Record<string, string>, length?: number): Promise<Posted> => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    const response = new Response(form)
    const body = await response.arrayBuffer()
    const type = response.headers.get('content-type') ?? ''
    return { body, headers: { 'content-type': type, 'content-length': String(length ?? body.byteLength) } }
  }

  it('SEC-87 is let through with the token in a multipart form of moderate length', async () => {
    const rig = await scene()
    const token = (await rig.browser.visit('/csrf')).body
    expect(await post(rig, await multipart({ csrf_token: token }))).toBeUndefined()
    expect(await post(rig, await multipart({ csrf_token: `_${token.slice(1)}` }))).toBe(403)
    expect(await post(rig, await multipart({ other: token }))).toBe(403)
    expect(await post(rig, await multipart({ csrf_token: token }, 1024 * 1024 + 1))).toBe(403)
    const broken = {
      body: 'no part',
      headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '7' },
    }
    expect(await post(rig, broken)).toBe(403)
  })

  it('SEC-87 is not let through from elsewhere, though the framework vouches for it', async () => {
    const rig = await scene()
    expect(await post(rig, {}, { vouched: true })).toBeUndefined()
    expect(await post(rig, { headers: { origin: 'https://evil.example' } }, { vouched: true })).toBe(403)
    expect(await post(rig, {})).toBe(403)
  })
})

describe('where the framework hands on no request', () => {
  it('opens the session once for all who ask, and from the cookies', async () => {
    let reads = 0
    const store = memoryStore({ now: () => startOfTests })
    const counted: SessionStore = {
      ...store,
      read: (id) => {
        reads += 1
        return store.read(id)
      },
    }
    const { ambient, login } = await scene({ store: counted })
    const before = reads
    const { getSession, requireSession } = ambient.guards
    const asked = [getSession(login), requireSession(() => login), ambient.render(login, () => getSession(login))]
    expect((await Promise.all(asked)).map((session) => session?.claims.name)).toEqual(Array(3).fill('Ada Tester'))
    expect(reads - before).toBe(1)
  })

  it('leads through what is missing by a redirect, and back', async () => {
    const { ambient, login } = await scene()
    const asked = ambient.guards.requireScopes(login, scopes.search.search)
    await expect(asked).rejects.toThrow(Redirected)
    await expect(asked).rejects.toThrow(/^http:\/\/localhost:5000\/login\?return_to=%2Fwork%3Ftide%3Dhigh&request=/)
    const stranger = await scene({}, { cookie: '' })
    const refused = stranger.ambient.guards.requireSession(stranger.login)
    await expect(refused).rejects.toThrow('http://localhost:5000/login?return_to=%2Fwork%3Ftide%3Dhigh')
  })

  it('shows a refusal on a page, and leaves failures and errors of others to the application', async () => {
    const { ambient, login, browser } = await scene()
    const fail = (error: Error): Promise<unknown> =>
      ambient.render(login, async () => {
        throw error
      })
    const refused = await fail(new LoginError('requirements_unmet', 'Tides <need> more.')).catch(String)
    const address = String(refused).slice(String(refused).indexOf('/login'))
    const page = await browser.visit(address)
    expect([page.status, page.body.includes('Tides &#60;need&#62; more.')]).toEqual([403, true])
    const down = new LoginError('provider_unreachable', 'No connection.')
    await expect(fail(down)).rejects.toBe(down)
    const foreign = new RangeError('mine')
    await expect(fail(foreign)).rejects.toBe(foreign)
  })

  it('shows a refusal for ten minutes, and only one that is ours', async () => {
    const { ambient, login, browser, clock } = await scene()
    const refusal = new LoginError('requirements_unmet', 'More.')
    const refused = await ambient.render(login, () => Promise.reject<string>(refusal)).catch(String)
    const address = refused.slice(refused.indexOf('/login'))
    expect((await browser.visit(address.replace(/.$/, '_'))).body).toContain('invalid_request')
    await clock.advance(601_000)
    expect((await browser.visit(address)).headers.get('location')).toBe('/work?tide=high')
  })

  it('sends the cookies of what was changed', async () => {
    const { ambient, login, sent } = await scene({ store: 'cookie' })
    await ambient.render(login, async () => {
      const session = await ambient.guards.requireSession(login)
      await session.update(() => ({ visits: 3 }))
    })
    expect(sent.map(({ name }) => name).filter((name) => name.includes('session'))).toHaveLength(2)
  })
})
