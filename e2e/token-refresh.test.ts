import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Behaviour, RunningEmulator } from '@pierhead/emulator'
import { createLogin } from 'pierhead'
import { sqliteStore } from 'pierhead/session-store/sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp, type StoreName } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { TestClock } from './support/clock.ts'
import { countTokenRequests, introspect, liveTokens, startGlobus, transferServer } from './support/emulator.ts'
import { containing, including } from './support/matchers.ts'
import type { CallerOrder, CallerResult } from './support/token-caller.ts'

const hour = 3600
const tokenPath = `/token/${transferServer}`
const stores: readonly StoreName[] = ['sqlite', 'memory', 'sealed cookies']

let globus: RunningEmulator

beforeAll(async () => {
  globus = await startGlobus({ accessTokenLifetime: hour })
})

afterEach(() => {
  globus.faults.clear()
  setRotation('off')
})

afterAll(() => globus.close())

describe.each(stores)('an access token that expires, with sessions in %s', (store) => {
  let app: App
  let maya: Visitor

  beforeAll(async () => {
    app = await startApp(globus, { store })
    maya = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
  })

  afterAll(() => app.close())

  it('S1.21 S2.15 REL-21 is refreshed once, however many requests come at that moment', async () => {
    const { body: first } = await maya.open(tokenPath)
    expect(await countTokenRequests(globus, async () => maya.open(tokenPath))).toBe(0)
    expire(app)
    const cookie = await maya.cookies(app.origin)
    let tokens: string[] = []
    const requests = await countTokenRequests(globus, async () => {
      tokens = await Promise.all(Array.from({ length: 60 }, () => askForToken(app, cookie)))
    })
    // A session in cookies renews all that is due, here two tokens, before its headers leave.
    expect(requests).toBe(store === 'sealed cookies' ? 2 : 1)
    expect(new Set(tokens).size).toBe(1)
    expect(tokens).not.toContain(first)
    const about = await introspect(globus, app, tokens[0] ?? '')
    expect(about).toMatchObject({ active: true, aud: including(transferServer) })
    await maya.open(tokenPath)
    expect(tokens).toContain(maya.body)
  })

  it('C17 REL-30 is refreshed beside those of other resource servers, one request each', async () => {
    expire(app)
    const requests = await countTokenRequests(globus, async () => {
      await maya.open(tokenPath)
      await maya.open('/token/auth.globus.org')
      await maya.open(tokenPath)
    })
    expect(requests).toBe(2)
  })

  it('REL-06 serves on through an outage while it lives, and nobody is logged out after', async () => {
    await maya.open(tokenPath)
    const { body: old } = maya
    app.clock.advance(hour - 40)
    globus.faults.add({ endpoint: 'token', fault: { kind: 'answer', status: 503 }, times: 'always' })
    expect((await maya.open(tokenPath)).body).toBe(old)
    app.clock.advance(60)
    await maya.open(tokenPath)
    expect({ status: maya.status, text: maya.text }).toMatchObject({
      status: 503,
      text: containing('provider_error'),
    })
    globus.faults.clear()
    app.clock.advance(5)
    await maya.open(tokenPath)
    expect(maya.status).toBe(200)
    expect(maya.body).not.toBe(old)
  })

  it('REL-07 sends the person to log in again when the refresh token was revoked at Globus', async () => {
    const sam = await logIn(new Visitor(), `${app.origin}/login`, 'Sam')
    globus.world.tokens.revokeOwned({ client: app.clientId, identity: await subjectOf(sam) }, Date.now())
    app.clock.advance(hour)
    const script = await askFor(app, await sam.cookies(app.origin), 'application/json')
    expect(script).toMatchObject({ status: 401 })
    expect(JSON.parse(script.body)).toMatchObject({ code: 'login_required' })
    await sam.open(tokenPath)
    expect(sam.url).toBe(`${app.origin}${tokenPath}`)
    expect(await introspect(globus, app, sam.body)).toMatchObject({ active: true })
  })
})

describe.each(['sqlite', 'memory'] as const)('a provider that rotates refresh tokens, with sessions in %s', (store) => {
  it.each(['rotate', 'detect'] as const)('REL-22 REL-25 logs nobody out over many expiries (%s)', async (rotation) => {
    const app = await startApp(globus, { store })
    const maya = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    setRotation(rotation)
    const cookie = await maya.cookies(app.origin)
    for (let round = 0; round < 5; round += 1) {
      expire(app)
      const requests = await countTokenRequests(globus, async () => {
        const tokens = await Promise.all(Array.from({ length: 20 }, () => askForToken(app, cookie)))
        expect(new Set(tokens).size).toBe(1)
        expect(await introspect(globus, app, tokens[0] ?? '')).toMatchObject({ active: true })
      })
      expect(requests).toBe(1)
    }
    expect((await maya.open('/')).text).toContain('Hello Maya Okafor!')
    // Two refresh tokens, and the one access token that was renewed.
    expect(liveTokens(globus, app)).toBe(3)
    await maya.open('/logout')
    await maya.submit('Log out')
    expect(liveTokens(globus, app)).toBe(0)
    await app.close()
  })
})

describe('several processes on one SQLite file', () => {
  let folder: string
  let database: string
  let app: App
  let maya: Visitor

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pierhead-e2e-'))
    database = join(folder, 'sessions.db')
    const clock = new TestClock()
    app = await startApp(globus, { store: sqliteStore(database, { now: clock.now }), clock })
    maya = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
  })

  afterAll(async () => {
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('REL-22 share one refresh between several logins of one process', async () => {
    expire(app)
    const { clock, options } = app
    const logins = Array.from({ length: 3 }, () => {
      const store = sqliteStore(database, { now: clock.now })
      return createLogin({ ...options, session: { secrets: options.session.secrets, store } })
    })
    const cookie = await maya.cookies(app.origin)
    const request = { method: 'GET', target: '/', header: (name: string) => (name === 'cookie' ? cookie : undefined) }
    let tokens: (string | undefined)[] = []
    const requests = await countTokenRequests(globus, async () => {
      const calls = logins.flatMap((login) =>
        Array.from({ length: 50 }, async () => (await login.open(request)).session?.accessToken(transferServer)),
      )
      tokens = await Promise.all(calls)
    })
    await Promise.all(logins.map((login) => login.close()))
    expect(requests).toBe(1)
    expect(new Set(tokens).size).toBe(1)
    expect(await introspect(globus, app, tokens[0] ?? '')).toMatchObject({ active: true })
  })

  it.each(['off', 'detect'] as const)(
    'REL-22 share one refresh between four processes with 50 callers each, soon (rotation %s)',
    async (rotation) => {
      setRotation(rotation)
      expire(app)
      const { clientId, clientSecret, issuer, redirectUri, scopes, session } = app.options
      const order: CallerOrder = {
        options: { clientId, clientSecret, redirectUri, scopes, ...(issuer === undefined ? {} : { issuer }) },
        secrets: session.secrets,
        database,
        cookie: await maya.cookies(app.origin),
        ahead: (app.clock.now() - Date.now()) / 1000,
        calls: 50,
        resourceServer: transferServer,
      }
      const callers = await Promise.all(Array.from({ length: 4 }, () => prepareCaller(order)))
      const started = performance.now()
      let results: CallerResult[] = []
      const requests = await countTokenRequests(globus, async () => {
        results = await Promise.all(callers.map((call) => call()))
      })
      expect(results.flatMap(({ failures }) => failures)).toEqual([])
      expect(requests).toBe(1)
      expect(new Set(results.flatMap(({ tokens }) => tokens)).size).toBe(1)
      // Five seconds is what a waiter would take to doubt a holder that is alive.
      expect(performance.now() - started).toBeLessThan(5000)
      await maya.open(tokenPath)
      expect(results[0]?.tokens).toEqual([maya.body])
    },
  )
})

/** Puts the app's clock past the end of its tokens, and ends their lives at the provider too. */
function expire(app: App): void {
  app.clock.advance(hour)
  globus.world.timeShift.expire('access_tokens', Date.now(), app.clientId)
}

function setRotation(refreshRotation: Behaviour['refreshRotation']): void {
  globus.behaviour.refreshRotation = refreshRotation
}

async function askFor(app: App, cookie: string, accept: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${app.origin}${tokenPath}`, { headers: { cookie, accept }, redirect: 'manual' })
  return { status: response.status, body: await response.text() }
}

async function askForToken(app: App, cookie: string): Promise<string> {
  const { status, body } = await askFor(app, cookie, 'text/html')
  if (status !== 200) throw new Error(`The app answered ${status}: ${body}`)
  return body
}

async function subjectOf(visitor: Visitor): Promise<string> {
  // The claims of the sample app, whose sub is a text.
  return (JSON.parse((await visitor.open('/claims')).body) as { sub: string }).sub
}

/** Starts a process that waits for the word to begin. */
async function prepareCaller(order: CallerOrder): Promise<() => Promise<CallerResult>> {
  const program = join(import.meta.dirname, 'support/token-caller.ts')
  const child = fork(program, { execArgv: ['--conditions=pierhead-source'], env: process.env })
  child.send(order)
  await once(child, 'message')
  return async () => {
    child.send('go')
    // Our own program's answer, declared beside it.
    const [result] = (await once(child, 'message')) as [CallerResult]
    return result
  }
}
