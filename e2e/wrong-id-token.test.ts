import { idTokenMutations, type IdTokenMutation, type RunningEmulator } from '@pierhead/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { countTokenRequests, liveTokens, requestsTo, startGlobus } from './support/emulator.ts'
import { secretsIn } from './support/wire.ts'

/** Allowed by OpenID Connect Core section 3.1.3.7: an audience of one may stand in a list. */
const harmless: readonly IdTokenMutation[] = ['aud-array']
/** Right in itself: only UserInfo tells that it is about somebody else. */
const foreign: readonly IdTokenMutation[] = ['bad-sub']
const harmful = idTokenMutations.filter((mutation) => !harmless.includes(mutation) && !foreign.includes(mutation))

let globus: RunningEmulator

beforeAll(async () => {
  globus = await startGlobus()
})

afterEach(() => globus.faults.clear())
afterAll(() => globus.close())

describe.each(['sqlite', 'sealed cookies'] as const)('an ID token that is wrong, with sessions in %s', (store) => {
  let app: App

  beforeAll(async () => {
    app = await startApp(globus, { store })
    await leave(await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor'))
  })

  afterAll(() => app.close())

  it.each(harmful)('SEC-22 SEC-23 makes no session and leaves no token alive: %s', async (mutation) => {
    const before = requestsTo(globus, '/v2/oauth2/userinfo')
    globus.faults.nextIdToken(mutation)
    const visitor = await logIn(new Visitor(), `${app.origin}/login?return_to=/private`, 'Maya Okafor')
    expect(visitor.url).toContain(`${app.origin}/login?code=`)
    expect(visitor.status).toBe(502)
    expect(visitor.text).toMatch(/^The login could not be verified .* Log in Home invalid_id_token$/)
    expect(requestsTo(globus, '/v2/oauth2/userinfo')).toBe(before)
    expect(liveTokens(globus, app)).toBe(0)
    expect(app.events.at(-1)).toMatchObject({ event: 'login_failed', level: 'error', code: 'invalid_id_token' })
    expect(secretsIn([visitor.body, app.events], app.wire.secrets)).toEqual([])
    expect(await visitor.cookies(app.origin)).not.toContain('-session=')
    expect((await visitor.open('/')).text).toContain('Login to Globus')
  })

  it.each(foreign)('SEC-28 makes no session when it names another person than UserInfo does: %s', async (mutation) => {
    globus.faults.nextIdToken(mutation)
    const visitor = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    expect(visitor.text).toContain('userinfo_failed')
    expect(liveTokens(globus, app)).toBe(0)
    expect(await visitor.cookies(app.origin)).not.toContain('-session=')
  })

  it.each(harmless)('SEC-26 is told from one that only looks unusual: %s', async (mutation) => {
    globus.faults.nextIdToken(mutation)
    const visitor = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    expect(visitor.text).toContain('Hello Maya Okafor!')
    await leave(visitor)
  })
})

describe('the signing key of the provider', () => {
  let app: App

  beforeAll(async () => {
    app = await startApp(globus)
  })

  afterAll(() => app.close())

  const tryToLogIn = (): Promise<Visitor> => logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')

  it('REL-10 may change between two logins', async () => {
    expect((await tryToLogIn()).text).toContain('Hello Maya Okafor!')
    globus.world.signingKeys.rotate()
    app.clock.advance(11)
    expect((await tryToLogIn()).text).toContain('Hello Maya Okafor!')
  })

  it('REL-10 may change while a person is at the login page', async () => {
    app.clock.advance(11)
    const visitor = await new Visitor().open(`${app.origin}/login`)
    globus.world.signingKeys.rotate()
    await visitor.submit('Maya Okafor')
    expect(visitor.text).toContain('Hello Maya Okafor!')
  })

  it('REL-10 is asked for at most every ten seconds: a second change in that time costs one failed login', async () => {
    app.clock.advance(11)
    globus.world.signingKeys.rotate()
    expect((await tryToLogIn()).text).toContain('Hello Maya Okafor!')
    globus.world.signingKeys.rotate()
    const before = requestsTo(globus, '/jwk.json')
    const live = liveTokens(globus, app)
    const refused = await tryToLogIn()
    expect(refused.text).toContain('invalid_id_token')
    expect(requestsTo(globus, '/jwk.json')).toBe(before)
    expect(liveTokens(globus, app)).toBe(live)
    app.clock.advance(11)
    await refused.follow('Log in')
    expect(refused.text).toContain('Hello Maya Okafor!')
  })

  it('REL-10 SEC-23 is not fetched again and again by wrong tokens', async () => {
    app.clock.advance(11)
    globus.faults.nextIdToken('bad-signature', 5)
    const before = requestsTo(globus, '/jwk.json')
    const requests = await countTokenRequests(globus, async () => {
      for (let round = 0; round < 5; round += 1) expect((await tryToLogIn()).text).toContain('invalid_id_token')
    })
    expect(requests).toBe(5)
    expect(requestsTo(globus, '/jwk.json') - before).toBe(1)
  })

  it('REL-10 serves on from the last copy while the key endpoint is down', async () => {
    app.clock.advance(2 * 3600)
    globus.faults.next('jwks', { kind: 'answer', status: 503 }, 3)
    expect((await tryToLogIn()).text).toContain('Hello Maya Okafor!')
  })
})

async function leave(visitor: Visitor): Promise<void> {
  await visitor.open('/logout')
  await visitor.submit('Log out')
}
