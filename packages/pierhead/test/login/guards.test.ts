import { describe, expect, it } from 'vitest'
import type { AuthenticationOptions } from '../../src/index.ts'
import { scopes } from '../../src/globus.ts'
import { adapters, type App } from '../support/adapters.ts'
import { ada } from '../support/provider.ts'
import { createRig, logIn, loginOptions, start, type Rig, type RigOptions } from '../support/rig.ts'

const hospital = '33333333-aaaa-4bbb-8ccc-000000000003'
const policy = 'd7e8f9a0-2c3d-4e5f-9a0b-1c2d3e4f5001'

let demanded: AuthenticationOptions = {}
const app: App = async ({ path, guards, require }) => {
  if (path === '/csrf') return { body: require().csrfToken }
  if (path === '/search') return { body: `found by ${guards.requireScopes(scopes.search.search, 'openid').claims.sub}` }
  if (path === '/data') return { body: `data for ${(await guards.requireAuthentication(demanded)).claims.sub}` }
  return { body: 'elsewhere' }
}

interface Authentication {
  readonly auth_time?: unknown
  readonly amr?: unknown
  readonly acr?: unknown
}

/** Someone logged in whose session at Globus has these logins, by identity. */
async function loggedIn(
  logins: Record<string, Authentication> | undefined,
  wanted: AuthenticationOptions,
  options: RigOptions = {},
): Promise<Rig & { logins: Record<string, Authentication> | undefined }> {
  demanded = wanted
  const made = await createRig({ app, ...options })
  const rig = { ...made, logins }
  made.provider.behave.introspection = (_token, include) => ({
    ...(include.includes('session_info') && { session_info: { session_id: 's', authentications: rig.logins } }),
    ...(include.includes('identity_set_detail') && {
      identity_set_detail: [
        { id: ada.sub, sub: ada.sub, username: 'ada@harbour.example' },
        { sub: hospital, username: 'Ada@Hospital.example' },
      ],
    }),
  })
  await logIn(made)
  return rig
}

const secondsAgo = (rig: Pick<Rig, 'clock'>, seconds: number): number => Math.floor(rig.clock.now() / 1000) - seconds

/** Goes where an answer leads, logs in at Globus, and gives the address there and the answer on the way back. */
async function stepUp(rig: Rig, target: string): Promise<{ query: URLSearchParams; location: string | null }> {
  const answer = await rig.browser.visit(target)
  expect(answer.status).toBe(303)
  const address = await start(rig.browser, answer.headers.get('location') ?? '')
  const back = await rig.browser.visit(rig.provider.approve(address))
  return { query: new URL(address).searchParams, location: back.headers.get('location') }
}

describe.each(Object.entries(adapters))('a handler that demands scopes, with %s', (_name, mount) => {
  it('sends the person to give what is missing, keeps what is held, and is reached again', async () => {
    const rig = await loggedIn({}, {}, { mount })
    const { query, location } = await stepUp(rig, '/search?q=tide')
    expect(query.get('scope')?.split(' ')).toEqual([...loginOptions({}).scopes, scopes.search.search])
    expect([query.has('prompt'), location]).toEqual([false, '/search?q=tide'])
    expect((await rig.browser.visit('/search')).body).toBe(`found by ${ada.sub}`)
  })

  it('lets nobody in who has no session', async () => {
    const rig = await createRig({ app, mount })
    expect((await rig.browser.visit('/search')).headers.get('location')).toBe('/login?return_to=%2Fsearch')
    expect((await rig.browser.visit('/data', { fetch: true })).status).toBe(401)
  })
})

describe('demanded scopes', () => {
  it('do not shrink what an earlier step-up added, whatever its resource server', async () => {
    const rig = await loggedIn(
      {},
      {},
      {
        app: ({ path, guards }) => ({
          body: guards.requireScopes(path === '/a' ? scopes.search.search : scopes.flows.viewFlows).id,
        }),
      },
    )
    await stepUp(rig, '/a')
    const { query } = await stepUp(rig, '/b')
    expect(query.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining([scopes.search.search, scopes.flows.viewFlows]),
    )
    expect((await rig.browser.visit('/a')).status).toBe(200)
  })

  it('are compared without the dependencies in brackets', async () => {
    const scope = `${scopes.transfer.all}[*https://auth.globus.org/scopes/x/data_access]`
    const rig = await createRig({ app: ({ guards }) => ({ body: guards.requireScopes(scope).claims.sub }) })
    await logIn(rig)
    expect((await rig.browser.visit('/')).body).toBe(ada.sub)
  })
})

describe.each(Object.entries(adapters))('a handler that demands a kind of login, with %s', (_name, mount) => {
  it('sends the person to Globus, and is reached again once Globus shows that login', async () => {
    const rig = await loggedIn(undefined, { domains: ['hospital.example'], message: 'Patients' }, { mount })
    rig.logins = { [ada.sub]: { auth_time: secondsAgo(rig, 10) } }
    const { query, location } = await stepUp(rig, '/data?page=2')
    expect(Object.fromEntries(query)).toMatchObject({
      session_required_single_domain: 'hospital.example',
      session_message: 'Patients',
      prompt: 'login',
    })
    expect(location).toBe('/data?page=2')
    rig.logins = { ...rig.logins, [hospital]: { auth_time: secondsAgo(rig, 1) } }
    await rig.clock.advance(30_001)
    expect((await rig.browser.visit('/data')).body).toBe(`data for ${ada.sub}`)
  })

  it('keeps a form that was sent, and shows it to its sender afterwards', async () => {
    const rig = await loggedIn({}, { mfa: true }, { mount })
    const { body: token } = await rig.browser.visit('/csrf')
    const sent = await rig.browser.visit('/data', { method: 'POST', form: { csrf_token: token, note: 'spring tide' } })
    const address = await start(rig.browser, sent.headers.get('location') ?? '')
    expect(new URL(address).searchParams.get('session_required_mfa')).toBe('true')
    const back = await rig.browser.visit(rig.provider.approve(address))
    expect((await rig.browser.visit(back.headers.get('location') ?? '')).body).toContain('spring tide')
  })
})

type Case = readonly [
  name: string,
  demand: AuthenticationOptions,
  logins: (now: number) => Record<string, Authentication>,
  met: boolean,
]

const cases: readonly Case[] = [
  ['no login at all', {}, () => ({}), false],
  ['any login', {}, (time) => ({ [ada.sub]: { auth_time: time } }), true],
  ['a login without a time', {}, () => ({ [ada.sub]: {} }), false],
  ['a login whose time is text', {}, () => ({ [ada.sub]: { auth_time: '1' } }), false],
  ['the identity, by id', { identities: [hospital] }, (time) => ({ [hospital]: { auth_time: time } }), true],
  [
    'the identity, by username in any case',
    { identities: ['ADA@hospital.example'] },
    (time) => ({ [hospital]: { auth_time: time } }),
    true,
  ],
  ['another identity', { identities: [hospital] }, (time) => ({ [ada.sub]: { auth_time: time } }), false],
  ['one of two identities', { identities: [hospital, ada.sub] }, (time) => ({ [ada.sub]: { auth_time: time } }), false],
  [
    'one of two domains',
    { domains: ['x.example', 'hospital.example'] },
    (time) => ({ [hospital]: { auth_time: time } }),
    true,
  ],
  ['the end of a domain', { domains: ['ospital.example'] }, (time) => ({ [hospital]: { auth_time: time } }), false],
  ['a domain above it', { domains: ['example'] }, (time) => ({ [hospital]: { auth_time: time } }), false],
  ['a login as old as allowed', { maxAge: 60 }, (time) => ({ [ada.sub]: { auth_time: time - 60 } }), true],
  ['a login that is too old', { maxAge: 60 }, (time) => ({ [ada.sub]: { auth_time: time - 61 } }), false],
  [
    'a fresh login of another domain',
    { maxAge: 60, domains: ['hospital.example'] },
    (time) => ({ [ada.sub]: { auth_time: time }, [hospital]: { auth_time: time - 61 } }),
    false,
  ],
  ['a second factor', { mfa: true }, (time) => ({ [ada.sub]: { auth_time: time, amr: ['pwd', 'mfa'] } }), true],
  [
    'the second factor of REFEDS',
    { mfa: true },
    (time) => ({ [ada.sub]: { auth_time: time, acr: 'https://refeds.org/profile/mfa' } }),
    true,
  ],
  ['a password', { mfa: true }, (time) => ({ [ada.sub]: { auth_time: time, amr: ['pwd'] } }), false],
  ['an unknown way', { mfa: true }, (time) => ({ [ada.sub]: { auth_time: time, amr: null } }), false],
  [
    'a second factor of another domain',
    { mfa: true, domains: ['hospital.example'] },
    (time) => ({ [ada.sub]: { auth_time: time, amr: ['mfa'] }, [hospital]: { auth_time: time } }),
    false,
  ],
]

describe('a login that Globus shows', () => {
  it.each(cases)('%s for %j: met %s', async (_name, wanted, logins, met) => {
    const rig = await loggedIn(undefined, wanted)
    rig.logins = logins(secondsAgo(rig, 0))
    expect((await rig.browser.visit('/data')).status).toBe(met ? 200 : 303)
  })

  it.each([undefined, null, 'x', { authentications: null }, { authentications: [] }])(
    'is none when session_info is %j',
    async (info) => {
      const rig = await loggedIn({}, {})
      rig.provider.behave.introspection = () => ({ session_info: info })
      expect((await rig.browser.visit('/data')).status).toBe(303)
    },
  )

  it('is none when the token is dead, and the answer is no when Globus cannot be asked', async () => {
    const rig = await loggedIn(undefined, {})
    rig.logins = { [ada.sub]: { auth_time: secondsAgo(rig, 0) } }
    expect((await rig.browser.visit('/data')).status).toBe(200)
    for (const token of rig.provider.live()) rig.provider.kill(token.text)
    await rig.clock.advance(29_999)
    expect((await rig.browser.visit('/data')).status).toBe(200)
    await rig.clock.advance(1)
    expect((await rig.browser.visit('/data')).status).toBe(303)
    rig.provider.behave.fail.introspect = 500
    await rig.clock.advance(30_000)
    expect((await rig.browser.visit('/data')).status).toBe(503)
  })

  it('may be asked for again and again when it helps each time', async () => {
    const rig = await loggedIn(undefined, { maxAge: 30 })
    for (let round = 0; round < 4; round += 1) {
      rig.logins = {}
      await rig.clock.advance(31_000)
      await stepUp(rig, '/data')
      rig.logins = { [ada.sub]: { auth_time: secondsAgo(rig, 0) } }
      await rig.clock.advance(1)
      expect((await rig.browser.visit('/data')).status).toBe(200)
    }
  })

  it('that never comes ends after two rounds with a page', async () => {
    const rig = await loggedIn({}, { domains: ['hospital.example'] })
    await stepUp(rig, '/data')
    await stepUp(rig, '/data')
    const third = await rig.browser.visit('/data')
    expect([third.status, third.body.includes('requirements_unmet')]).toEqual([403, true])
    expect(rig.events.map(({ event }) => event)).toContain('access_refused')
  })
})

describe('what Globus does not show', () => {
  it('is refused unless the application takes the word of the browser', async () => {
    const thrown: unknown[] = []
    const rig = await loggedIn(
      undefined,
      {},
      {
        app: async ({ guards }) => {
          await guards.requireAuthentication({ policies: [policy] }).catch((error: unknown) => thrown.push(error))
          await guards.requireAuthentication({ maxAge: 0 }).catch((error: unknown) => thrown.push(error))
          return { body: '' }
        },
      },
    )
    await rig.browser.visit('/')
    expect(thrown).toEqual([expect.any(TypeError), expect.any(TypeError)])
  })

  it('is asked for once, and then taken as met for as long as maxAge says', async () => {
    const wanted = { policies: [policy], mfa: true, maxAge: 600, dangerouslyAcceptUnproven: true }
    const rig = await loggedIn(undefined, wanted)
    rig.logins = { [ada.sub]: { auth_time: secondsAgo(rig, 0) } }
    const { query } = await stepUp(rig, '/data')
    expect([query.get('session_required_policies'), query.get('session_required_mfa')]).toEqual([policy, 'true'])
    expect((await rig.browser.visit('/data')).status).toBe(200)
    await rig.clock.advance(600_001)
    rig.logins = { [ada.sub]: { auth_time: secondsAgo(rig, 0) } }
    expect((await rig.browser.visit('/data')).status).toBe(303)
  })

  it('does not outweigh what Globus shows', async () => {
    const rig = await loggedIn(undefined, { mfa: true, dangerouslyAcceptUnproven: true })
    rig.logins = { [ada.sub]: { auth_time: secondsAgo(rig, 0), amr: ['pwd'] } }
    await stepUp(rig, '/data')
    await rig.clock.advance(30_001)
    expect((await rig.browser.visit('/data')).status).toBe(303)
  })
})
