import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import type { Policy } from '../src/world/policies.ts'
import { createRig, json, PORTAL_REDIRECT, tokensOf, type Rig } from './support.ts'

let rig: Rig
let now = Date.UTC(2026, 0, 2)

beforeEach(() => {
  now = Date.UTC(2026, 0, 2)
  rig = createRig({ clock: { now: () => now, sleep: () => Promise.resolve() } })
})

afterEach(() => rig.emulator.close())

const { maya, mayaOrcid, ingrid, zoe } = demo.people
const MINUTE = 60_000

type Changes = Record<string, string | undefined>

/** Opens the authorization address as the app would, and says where the emulator sends the browser. */
const opened = async (changes: Changes = {}): Promise<string> => {
  const response = await rig.browser.request(rig.authorizeUrl(changes))
  const location = response.headers.get('location') ?? ''
  return location.startsWith('/p/') ? location.replace(/\?.*/, '') : new URL(location).origin
}

const errorOf = async (changes: Changes): Promise<string | null> => {
  const response = await rig.browser.request(rig.authorizeUrl({ ...changes, prompt: 'none' }))
  return new URL(response.headers.get('location') ?? '').searchParams.get('error')
}

const loginAs = async (as: string, changes: Changes = {}): Promise<string> => {
  const back = await rig.browser.authorize(rig.authorizeUrl(changes), { as })
  return (await tokensOf(await rig.redeem(back.searchParams.get('code') ?? ''))).access_token
}

interface SessionInfo {
  session_info: {
    session_id: string
    authentications: Record<string, { auth_time: number; amr: string[] | null; idp: string; acr: null }>
  }
}

const sessionOf = async (token: string): Promise<SessionInfo['session_info']> => {
  const response = await rig.post('/v2/oauth2/token/introspect', { token, include: 'session_info' })
  return (await json<SessionInfo & Record<string, unknown>>(response)).session_info
}

const policy = (changes: Partial<Policy>): string => {
  const id = crypto.randomUUID()
  rig.emulator.world.policies.put({
    id,
    project: 'x',
    displayName: 'Hospital rules',
    description: '',
    highAssurance: false,
    requiredMfa: false,
    authenticationAssuranceTimeout: null,
    domainsInclude: null,
    domainsExclude: null,
    ...changes,
  })
  return id
}

const page = async (changes: Changes): Promise<string> => {
  const first = await rig.browser.request(rig.authorizeUrl(changes))
  return (await rig.browser.request(new URL(first.headers.get('location') ?? '', rig.emulator.origin))).text()
}

describe('a session', () => {
  test('holds one login per identity with its time, and lends it to the tokens issued then', async () => {
    const first = await loginAs(maya)
    now += 10 * MINUTE
    const second = await loginAs(mayaOrcid, { session_required_identities: mayaOrcid })
    expect((await sessionOf(first)).authentications).toEqual({
      [maya]: {
        acr: null,
        amr: null,
        idp: demo.providers.harbourUniversity,
        auth_time: 1_767_312_000,
        custom_claims: {},
      },
    })
    const { authentications } = await sessionOf(second)
    expect(Object.entries(authentications).map(([id, { auth_time }]) => [id, auth_time])).toEqual([
      [maya, 1_767_312_000],
      [mayaOrcid, 1_767_312_600],
    ])
  })

  test('lends later logins to older tokens of the same app and browser by an option', async () => {
    rig.emulator.behaviour.stepUpReach = 'all-tokens'
    const first = await loginAs(maya)
    await loginAs(mayaOrcid, { session_required_identities: mayaOrcid })
    expect(Object.keys((await sessionOf(first)).authentications)).toEqual([maya, mayaOrcid])
  })
})

describe('session_required_identities', () => {
  test('asks for a login with each, and for nothing when all have logged in', async () => {
    await loginAs(maya)
    const both = { session_required_identities: `${maya},${mayaOrcid}` }
    expect(await opened(both)).toBe('/p/login')
    expect(await errorOf(both)).toBe('login_required')
    await loginAs(mayaOrcid, both)
    expect(await opened(both)).toBe('http://localhost:8888')
  })

  test('with prompt=login is met by a login made now only', async () => {
    await loginAs(mayaOrcid)
    now += MINUTE
    const required = { session_required_identities: mayaOrcid, prompt: 'login' }
    await expect(rig.browser.authorize(rig.authorizeUrl(required), { as: maya })).rejects.toThrow('did not end')
    await loginAs(mayaOrcid, required)
  })

  test('is told on the login page, which offers nobody else', async () => {
    const text = await page({ session_required_identities: ingrid, session_message: 'Patients’ data' })
    expect(text).toContain('a login as ingrid.solheim@hospital.example')
    expect(text).toContain('Patients’ data')
    expect(Array.from(text.matchAll(/name="identity" value="([^"]*)"/g), ([, id]) => id)).toEqual([ingrid])
  })
})

describe('session_required_single_domain', () => {
  test('is met by a login with any of the domains', async () => {
    await loginAs(maya)
    expect(await opened({ session_required_single_domain: 'hospital.example,harbour.example' })).toBe(
      'http://localhost:8888',
    )
    expect(await opened({ session_required_single_domain: 'hospital.example' })).toBe('/p/login')
  })
})

describe('session_required_mfa', () => {
  const required = { session_required_identities: ingrid, session_required_mfa: 'True' }

  test('alone, or false, demands nothing', async () => {
    await loginAs(maya)
    expect(await opened({ session_required_mfa: 'True' })).toBe('http://localhost:8888')
    expect(await opened({ session_required_mfa: 'false', session_required_identities: '' })).toBe(
      'http://localhost:8888',
    )
  })

  test('asks for the second factor only, when the login is there', async () => {
    const plain = await loginAs(ingrid)
    expect((await sessionOf(plain)).authentications[ingrid]?.amr).toBeNull()
    expect(await opened(required)).toBe('/p/mfa')
    expect(await errorOf(required)).toBe('interaction_required')
    const token = await loginAs(ingrid, required)
    expect((await sessionOf(token)).authentications[ingrid]?.amr).toEqual(['mfa'])
    expect(await opened(required)).toBe('http://localhost:8888')
  })

  test('is asked again after a new login', async () => {
    await loginAs(ingrid, required)
    await loginAs(ingrid, { ...required, prompt: 'login' })
    await rig.browser.authorize(rig.authorizeUrl({ prompt: 'login' }), { as: ingrid })
    expect(await opened(required)).toBe('/p/mfa')
  })

  test('cannot be met by somebody without a second factor', async () => {
    const changes = { session_required_single_domain: 'harbour.example', session_required_mfa: 'true' }
    const login = rig.browser.authorize(rig.authorizeUrl(changes), { as: zoe })
    await expect(login).rejects.toThrow('This identity has no second factor')
  })

  test('is not met by a form that nobody was shown', async () => {
    const first = await rig.browser.request(
      rig.authorizeUrl({ session_required_identities: zoe, session_required_mfa: 'true' }),
    )
    const request = new URL(first.headers.get('location') ?? '', rig.emulator.origin).searchParams.get('request') ?? ''
    const send = (path: string, form: Record<string, string>): Promise<Response> =>
      rig.browser.request(`${rig.emulator.origin}${path}`, {
        method: 'POST',
        body: new URLSearchParams({ request, ...form }),
      })
    expect((await send('/p/mfa', { identity: zoe })).headers.get('location')).toBe(`/p/login?request=${request}`)
    await send('/p/login', { identity: zoe })
    expect((await send('/p/mfa', { identity: zoe })).status).toBe(200)
    expect((await send('/p/consent', { account: zoe, decision: 'allow' })).headers.get('location')).toContain(
      '/p/login',
    )
  })
})

describe('session_required_policies', () => {
  test('without high assurance is met by any identity of the account', async () => {
    await loginAs(maya)
    expect(await opened({ session_required_policies: policy({ domainsInclude: ['orcid.org'] }) })).toBe(
      'http://localhost:8888',
    )
    expect(await opened({ session_required_policies: policy({ domainsInclude: ['hospital.example'] }) })).toBe(
      '/p/login',
    )
    expect(
      await opened({ session_required_policies: policy({ domainsExclude: ['harbour.example', 'orcid.org'] }) }),
    ).toBe('/p/login')
  })

  test('with high assurance is met by a login with its domain, until its time is over', async () => {
    const id = policy({ highAssurance: true, domainsInclude: ['orcid.org'], authenticationAssuranceTimeout: 1800 })
    await loginAs(maya)
    expect(await opened({ session_required_policies: id })).toBe('/p/login')
    await loginAs(mayaOrcid, { session_required_policies: id })
    now += 30 * MINUTE
    expect(await opened({ session_required_policies: id })).toBe('http://localhost:8888')
    now += 1000
    expect(await opened({ session_required_policies: id })).toBe('/p/login')
  })

  test('can demand a second factor', async () => {
    const id = policy({ highAssurance: true, requiredMfa: true, domainsInclude: ['hospital.example'] })
    await loginAs(ingrid)
    expect(await opened({ session_required_policies: id })).toBe('/p/mfa')
    const token = await loginAs(ingrid, { session_required_policies: id })
    expect((await sessionOf(token)).authentications[ingrid]?.amr).toEqual(['mfa'])
  })

  test('that several name must all be met', async () => {
    const open = policy({})
    const closed = policy({ domainsInclude: ['nowhere.example'] })
    await loginAs(maya)
    expect(await opened({ session_required_policies: `${open},${closed}` })).toBe('/p/login')
    expect(await page({ session_required_policies: closed })).toContain('meets the policy “Hospital rules”')
  })

  test('that does not exist is refused at the app', async () => {
    const response = await rig.browser.request(rig.authorizeUrl({ session_required_policies: 'nonsense' }))
    expect(response.headers.get('location')).toContain(`${PORTAL_REDIRECT}?error=invalid_request`)
  })
})

describe('an identity provider that the registration of an app', () => {
  const change = (changes: { requiredIdp?: string; preselectIdp?: string }): void => {
    const client = rig.emulator.world.clients.find(demo.clients.portal)
    if (client === undefined) throw new Error('no portal')
    rig.emulator.world.clients.put({ ...client, ...changes })
  }

  test('requires must have given the person an identity', async () => {
    change({ requiredIdp: demo.providers.orcid })
    await loginAs(maya)
    await expect(rig.browser.authorize(rig.authorizeUrl({ prompt: 'login' }), { as: zoe })).rejects.toThrow(
      'did not end',
    )
  })

  test('preselects comes first on the login page', async () => {
    change({ preselectIdp: demo.providers.harbourHospital })
    expect(/name="identity" value="([^"]*)"/.exec(await page({}))?.[1]).toBe(ingrid)
  })
})
