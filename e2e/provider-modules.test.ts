import { misbehaviourNames, misbehaviours, type MisbehaviourName, type RunningEmulator } from '@pierhead/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, startApp, type StoreName } from './support/app.ts'
import { frameworks, type Framework } from './support/frameworks.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { authServer, introspect, liveTokens, requestsTo, startGlobus } from './support/emulator.ts'
import { secretsIn } from './support/wire.ts'

const userinfo = '/v2/oauth2/userinfo'
const hour = 3600

/** The code of the refusal, where it is not `invalid_id_token`. */
const reasons: Partial<Record<MisbehaviourName, string>> = {
  'oidcc-client-test-userinfo-invalid-sub': 'userinfo_failed',
  'oidcc-client-test-discovery-issuer-mismatch': 'issuer_mismatch',
  'fapi2-security-profile-final-client-test-discovery-issuer-mismatch': 'issuer_mismatch',
  'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails': 'unknown_login',
  'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-missing-state-fails':
    'invalid_callback',
  'fapi2-security-profile-final-client-test-invalid-authorization-response-iss': 'issuer_mismatch',
  'fapi2-security-profile-final-client-test-remove-authorization-response-iss': 'issuer_mismatch',
}

const withOutcome = (...outcomes: readonly string[]): MisbehaviourName[] =>
  misbehaviourNames.filter((name) => outcomes.includes(misbehaviours[name].outcome))

/** A module of each kind, by what becomes of it: the other modules take the same ways through an adapter. */
const examples: readonly MisbehaviourName[] = [
  ...withOutcome('login').slice(0, 1),
  'oidcc-client-test-nonce-invalid',
  'oidcc-client-test-userinfo-invalid-sub',
  'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails',
  ...withOutcome('refresh').slice(0, 1),
  ...withOutcome('no-refresh').slice(0, 1),
]
const stores = ['sqlite', 'sealed cookies'] as const satisfies StoreName[]
/** Hono plays them all; the other adapters do with PIERHEAD_MODULES=all (`npm run test:conformance`). */
const cells = frameworks.flatMap((framework: Framework, index) =>
  stores.flatMap((store, turn) => {
    if (framework === 'hono' || process.env.PIERHEAD_MODULES === 'all')
      return [{ framework, store, played: withOutcome }]
    const some: typeof withOutcome = (...outcomes) => withOutcome(...outcomes).filter((name) => examples.includes(name))
    return index % 2 === turn ? [{ framework, store, played: some }] : []
  }),
)

let globus: RunningEmulator

beforeAll(async () => {
  globus = await startGlobus({ accessTokenLifetime: hour })
})

afterEach(() => globus.faults.clear())
afterAll(() => globus.close())

it('all 28 modules of OpenID Connect and all 21 of FAPI 2.0 are played', () => {
  expect(misbehaviourNames.filter((name) => name.startsWith('oidcc-client-test'))).toHaveLength(28)
  expect(misbehaviourNames.filter((name) => name.startsWith('fapi2-security-profile-final-client-'))).toHaveLength(21)
  expect(withOutcome('login', 'no-login', 'refresh', 'no-refresh')).toHaveLength(49)
})

describe.each(cells)('with $framework and sessions in $store', ({ framework, store, played }) => {
  let app: App

  beforeEach(async () => {
    app = await startApp(globus, { framework, store })
  })

  afterEach(() => app.close())

  it.each(played('login'))('a login succeeds: %s', async (name) => {
    globus.faults.misbehave(name)
    const asked = requestsTo(globus, userinfo)
    for (const round of [1, 2]) {
      const visitor = await logIn(new Visitor(), `${app.origin}/private`, 'Maya Okafor')
      expect(visitor.text).toContain('Only for Maya Okafor')
      expect(requestsTo(globus, userinfo) - asked).toBe(round)
      // What is fetched again is fetched at most every ten seconds.
      app.clock.advance(11)
    }
    expect(app.events.filter(({ event }) => event === 'login_failed')).toEqual([])
  })

  it.each(played('no-login'))(
    'SEC-11 SEC-13 SEC-107 there is no session, no cookie and no live token: %s',
    async (name) => {
      globus.faults.misbehave(name)
      const asked = requestsTo(globus, userinfo)
      const code = reasons[name] ?? 'invalid_id_token'
      const visitor = await logIn(new Visitor(), `${app.origin}/private`, 'Maya Okafor')
      expect(visitor.status).toBeGreaterThanOrEqual(400)
      expect(visitor.text).toContain(code)
      expect(await visitor.cookies(app.origin)).not.toContain('-session=')
      expect(liveTokens(globus, app)).toBe(0)
      expect(requestsTo(globus, userinfo) - asked).toBe(code === 'userinfo_failed' ? 1 : 0)
      expect(tokenRequestsOf(app)).toBe(['invalid_id_token', 'userinfo_failed'].includes(code) ? 1 : 0)
      expect(app.events.map(({ event }) => event)).not.toContain('login')
      expect(app.events.at(-1)).toMatchObject({ event: 'login_failed', code })
      expect(secretsIn([visitor.body, app.events], app.wire.secrets)).toEqual([])
      expect((await visitor.open(`${app.origin}/`)).text).toContain('Login to Globus')
    },
  )

  it.each(played('refresh'))('a token is refreshed and used: %s', async (name) => {
    globus.faults.misbehave(name)
    const { visitor, old } = await withExpiredToken()
    await visitor.open('/token/auth.globus.org')
    expect(visitor.status).toBe(200)
    expect(visitor.body).not.toBe(old)
    const answer = await fetch(globus.origin + userinfo, { headers: { authorization: `Bearer ${visitor.body}` } })
    expect(await answer.json()).toMatchObject({ name: 'Maya Okafor' })
    // A cookie session may refresh its other tokens too, before the answer begins.
    expect(refreshesOf(app)).toMatchObject([{ event: 'token_refreshed' }])
  })

  it.each(played('no-refresh'))('SEC-29 the refreshed token is not used, and dies: %s', async (name) => {
    globus.faults.misbehave(name)
    const { visitor, old } = await withExpiredToken()
    const live = liveAtAuth(app)
    await visitor.open('/token/auth.globus.org')
    expect(visitor.status).toBe(502)
    expect(visitor.text).toContain('invalid_id_token')
    expect(refreshesOf(app)).toMatchObject([{ event: 'token_refresh_failed', code: 'invalid_id_token' }])
    expect(liveAtAuth(app)).toBe(live)
    expect(await introspect(globus, app, old)).toMatchObject({ active: true })
    expect(secretsIn([visitor.body, app.events], app.wire.secrets)).toEqual([])
  })

  /** Maya, whose access tokens have expired in the eyes of the app. */
  async function withExpiredToken(): Promise<{ visitor: Visitor; old: string }> {
    const visitor = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    const { body: old } = await visitor.open('/token/auth.globus.org')
    expect(visitor.status).toBe(200)
    app.clock.advance(hour)
    return { visitor, old }
  }
})

const refreshesOf = ({ events }: App): unknown[] =>
  events.filter(({ event, resourceServer }) => event.startsWith('token_refresh') && resourceServer === authServer)

/** How many tokens of an app for Globus Auth itself would still work. */
const liveAtAuth = ({ clientId }: App): number =>
  globus.world.tokens
    .census(Date.now())
    .filter(({ client, resourceServer }) => client === clientId && resourceServer === authServer)
    .reduce((sum, { live }) => sum + live, 0)

const tokenRequestsOf = ({ wire }: App): number => wire.sent.filter(({ url }) => url.endsWith('/token')).length
