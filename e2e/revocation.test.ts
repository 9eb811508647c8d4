import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningEmulator } from '@pierhead/emulator'
import { AuthorizationRequirementsError, createLogin, type AuthorizationRequirements } from 'pierhead'
import { sqliteStore } from 'pierhead/session-store/sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { TestClock } from './support/clock.ts'
import { liveTokens, requestsTo, startGlobus, transferServer } from './support/emulator.ts'
import { containing } from './support/matchers.ts'
import type { LeaverOrder } from './support/leaver.ts'

const revokePath = '/v2/oauth2/token/revoke'
const tenMinutes = 600
/** Two resource servers, each with an access token and a refresh token. */
const tokensOfOne = 4

let globus: RunningEmulator
let folder: string
let database: string
let clock: TestClock
let app: App
let maya: Visitor

beforeAll(async () => {
  globus = await startGlobus()
})

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pierhead-e2e-'))
  database = join(folder, 'sessions.db')
  clock = new TestClock()
  app = await startApp(globus, { store: sqliteStore(database, { now: clock.now }), clock })
  maya = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
})

afterEach(async () => {
  globus.faults.clear()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

afterAll(() => globus.close())

describe('tokens of a session that was logged out while revocation was down', () => {
  beforeEach(() => revocationFails())

  it('SEC-81 REL-34 C06 die after ten minutes, by a process that starts then, when theirs was killed', async () => {
    const leaver = await startLeaving()
    await expect.poll(() => requestsTo(globus, revokePath)).toBeGreaterThan(0)
    leaver.kill('SIGKILL')
    expect((await maya.open('/')).text).toContain('Login to Globus')
    expect(liveTokens(globus, app)).toBe(tokensOfOne)
    globus.faults.clear()
    const heir = startAnother(tenMinutes)
    await expect.poll(() => liveTokens(globus, app)).toBe(0)
    await heir.close()
  })

  it('SEC-81 die at the next logout of anybody', async () => {
    const ben = await logIn(new Visitor(), `${app.origin}/login`, 'Sam')
    await logOut(maya)
    expect(liveTokens(globus, app)).toBe(2 * tokensOfOne)
    clock.advance(tenMinutes)
    globus.faults.clear()
    await logOut(ben)
    await expect.poll(() => liveTokens(globus, app)).toBe(0)
  })
})

describe('tokens that nobody holds any more', () => {
  it('SEC-50 SEC-81 die when their session is ended from elsewhere, although revocation is down at first', async () => {
    revocationFails()
    // The claims of the sample app, whose sub is a text.
    const { sub } = JSON.parse((await maya.open('/claims')).body) as { sub: string }
    expect(await app.login.endSessions(sub)).toBe(1)
    expect(liveTokens(globus, app)).toBe(tokensOfOne)
    globus.faults.clear()
    clock.advance(tenMinutes)
    await app.login.drain()
    expect(liveTokens(globus, app)).toBe(0)
  })

  it('SEC-81 die when the sweep removes their session, although revocation is down at first', async () => {
    revocationFails()
    clock.advance(8 * 24 * 3600)
    await app.login.drain()
    expect((await maya.open('/')).text).toContain('Login to Globus')
    globus.faults.clear()
    clock.advance(tenMinutes)
    await app.login.drain()
    // Access tokens have died by themselves long before: the provider's clock is not eight days ahead.
    globus.world.timeShift.expire('access_tokens', Date.now(), app.clientId)
    expect(liveTokens(globus, app)).toBe(0)
  })

  it('SEC-81 die when the app refuses the person after the exchange', async () => {
    const closed = await startApp(globus, { login: { onLogin: () => ({ refuse: 'Members only.' }) } })
    const visitor = await logIn(new Visitor(), `${closed.origin}/login`, 'Maya Okafor')
    expect(visitor.text).toContain('Members only.')
    expect(requestsTo(globus, revokePath)).toBeGreaterThan(0)
    expect(liveTokens(globus, closed)).toBe(0)
    await closed.close()
  })

  it('SEC-88 die when somebody else answers the step-up of a session, whose own tokens stay', async () => {
    const stepUp = await stepUpUrl({ prompt: 'login' })
    await maya.open(stepUp)
    await maya.submit('Sam')
    if (maya.url.includes('/p/consent')) await maya.submit('Allow')
    expect({ url: maya.url, text: maya.text }).toMatchObject({ text: containing('identity_mismatch') })
    expect(liveTokens(globus, app)).toBe(tokensOfOne)
    expect((await maya.open(`${app.origin}/token/${transferServer}`)).status).toBe(200)
    await logOut(maya)
    expect(liveTokens(globus, app)).toBe(0)
  })

  it('die when a step-up replaces them', async () => {
    await maya.open(await stepUpUrl({ prompt: 'login' }))
    await maya.submit('Maya Okafor')
    expect(maya.url).toBe(`${app.origin}/`)
    expect(liveTokens(globus, app)).toBe(tokensOfOne)
    await logOut(maya)
    expect(liveTokens(globus, app)).toBe(0)
  })
})

function revocationFails(): void {
  globus.faults.next('revoke', { kind: 'answer', status: 503 }, 100)
}

async function logOut(visitor: Visitor): Promise<void> {
  await visitor.open(`${app.origin}/logout`)
  await visitor.submit('Log out')
}

async function stepUpUrl(asked: Partial<AuthorizationRequirements>): Promise<string> {
  const cookie = await maya.cookies(app.origin)
  const header = (name: string): string | undefined => (name === 'cookie' ? cookie : undefined)
  const visit = await app.login.open({ method: 'GET', target: '/', header })
  const origin = { service: 'transfer', resourceServer: transferServer }
  return visit.requestUrl(new AuthorizationRequirementsError(asked, origin))
}

/** Another process of the same app, so many seconds later. */
function startAnother(seconds: number) {
  const later = new TestClock()
  later.advance(seconds)
  const store = sqliteStore(database, { now: later.now })
  return createLogin({ ...app.options, clock: later, session: { secrets: app.options.session.secrets, store } })
}

/** A process in which Maya is logging out. */
async function startLeaving(): Promise<ChildProcess> {
  const { clientId, clientSecret, issuer, redirectUri, scopes, session } = app.options
  const order: LeaverOrder = {
    options: { clientId, clientSecret, redirectUri, scopes, ...(issuer === undefined ? {} : { issuer }) },
    secrets: session.secrets,
    database,
    cookie: await maya.cookies(app.origin),
  }
  const program = fork(join(import.meta.dirname, 'support/leaver.ts'), { execArgv: ['--conditions=pierhead-source'] })
  program.send(order)
  program.once('error', () => undefined)
  await once(program, 'spawn')
  return program
}
