import { describe, expect, it } from 'vitest'
import { AuthorizationRequirementsError, type AuthorizationRequirements } from '../../src/index.ts'
import { scopes } from '../../src/globus.ts'
import { adapters, type App } from '../support/adapters.ts'
import { ben } from '../support/provider.ts'
import { createRig, logIn, start, type Rig, type RigOptions } from '../support/rig.ts'

const groups = 'groups.api.globus.org'

function requirements(more: Partial<AuthorizationRequirements> = {}): AuthorizationRequirementsError {
  return new AuthorizationRequirementsError(more, { service: 'groups', resourceServer: groups })
}

/** What the application wants before it does what `/work` and `/form` are for; undefined: nothing. */
let demand: (tokens: readonly string[]) => AuthorizationRequirementsError | undefined

const app: App = ({ path, require }) => {
  if (path === '/csrf') return { body: require().csrfToken }
  if (path !== '/work') return { body: 'elsewhere' }
  const session = require()
  const error = demand(session.tokens.map((token) => token.resourceServer))
  if (error !== undefined) throw error
  return { body: `done for ${session.claims.sub}` }
}

const needsGroups = (tokens: readonly string[]): AuthorizationRequirementsError | undefined =>
  tokens.includes(groups)
    ? undefined
    : requirements({ requiredScopes: [scopes.groups.all], sessionMessage: 'Groups wants <b>consent</b>' })

async function loggedIn(options: RigOptions = {}): Promise<Rig> {
  demand = needsGroups
  const rig = await createRig({ app, ...options })
  await logIn(rig)
  return rig
}

/** Follows the way that an answer shows to the provider. */
async function toProvider({ browser }: Rig, location: string): Promise<URL> {
  return new URL(await start(browser, location))
}

describe.each(Object.entries(adapters))('a requirement that a handler met, with %s', (_name, mount) => {
  it('leads a page through Globus and back to it, in the same session', async () => {
    const rig = await loggedIn({ mount })
    const answer = await rig.browser.visit('/work?tide=high')
    expect(answer.status).toBe(303)
    const address = await toProvider(rig, answer.headers.get('location') ?? '')
    expect(address.searchParams.get('scope')?.split(' ')).toEqual([
      scopes.openid,
      scopes.profile,
      scopes.email,
      scopes.transfer.all,
      scopes.groups.all,
    ])
    const back = await rig.browser.visit(rig.provider.approve(address.href))
    expect(back.headers.get('location')).toBe('/work?tide=high')
    expect((await rig.browser.visit('/work')).body).toMatch(/^done for 1111/)
  })

  it('REL-54 keeps a form until its sender is back, and sends it only when they confirm', async () => {
    const rig = await loggedIn({ mount })
    const { body: token } = await rig.browser.visit('/csrf')
    const sent = await rig.browser.visit('/work', {
      method: 'POST',
      form: { csrf_token: token, name: 'Tide <b>Crew</b>', note: '1 & 2' },
    })
    expect(sent.status).toBe(303)
    const address = await toProvider(rig, sent.headers.get('location') ?? '')
    const back = await rig.browser.visit(rig.provider.approve(address.href))
    const page = await rig.browser.visit(back.headers.get('location') ?? '')
    expect(page.status).toBe(200)
    expect(page.body).toContain('It was not done yet')
    expect(page.body).not.toContain('<b>Crew')
    const fields = Object.fromEntries(
      [...page.body.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        decode(value),
      ]),
    )
    expect(fields).toMatchObject({ name: 'Tide <b>Crew</b>', note: '1 & 2' })
    expect(/action="([^"]*)"/.exec(page.body)?.[1]).toBe('/work')
    expect((await rig.browser.visit('/work', { method: 'POST', form: fields })).body).toMatch(/^done for/)
  })

  it('tells a script where to send its person', async () => {
    const rig = await loggedIn({ mount })
    const answer = await rig.browser.visit('/work', { fetch: true })
    expect(answer.status).toBe(403)
    const problem: Record<string, string> = JSON.parse(answer.body)
    expect(problem['code']).toBe('authorization_required')
    const address = await toProvider(rig, problem['login_url'] ?? '')
    expect(address.searchParams.get('session_message')).toBe('Groups wants <b>consent</b>')
  })
})

describe('a step-up', () => {
  it('keeps the session, its other tokens and its data, and revokes what the new tokens replace', async () => {
    const rig = await loggedIn({ options: { onLogin: () => ({ data: { visits: 7 } }) } })
    const before = rig.provider.live().map((token) => token.text)
    const cookie = [...rig.browser.cookies].find(([name]) => name.endsWith('-session'))
    await stepUp(rig)
    expect([...rig.browser.cookies].find(([name]) => name.endsWith('-session'))).toEqual(cookie)
    const live = rig.provider.live()
    expect(live.filter((token) => before.includes(token.text))).toEqual([])
    expect(new Set(live.map((token) => token.resourceServer)).size).toBe(3)
  })

  it('for one service takes no scope away from the tokens of another', async () => {
    const rig = await loggedIn()
    const { viewIdentities } = scopes.auth
    demand = () =>
      new AuthorizationRequirementsError(
        { requiredScopes: [viewIdentities] },
        { service: 'auth', resourceServer: 'auth.globus.org' },
      )
    await stepUp(rig)
    demand = needsGroups
    const answer = await rig.browser.visit('/work')
    const address = await toProvider(rig, answer.headers.get('location') ?? '')
    expect(address.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining([viewIdentities, scopes.groups.all, scopes.transfer.all]),
    )
  })

  it('SEC-88 changes nothing when another person logs in, and revokes what they were given', async () => {
    const rig = await loggedIn()
    const mine = rig.provider.live().map((token) => token.text)
    const answer = await rig.browser.visit('/work')
    const address = await toProvider(rig, answer.headers.get('location') ?? '')
    const back = await rig.browser.visit(rig.provider.approve(address.href, ben))
    expect(back.status).toBe(403)
    expect(back.body).toContain('identity_mismatch')
    expect(rig.provider.live().map((token) => token.text)).toEqual(mine)
    expect((await rig.browser.visit('/work')).status).toBe(303)
  })

  it('SEC-89 stops after two rounds that did not help, and says what is missing', async () => {
    const rig = await loggedIn()
    demand = () => requirements({ sessionRequiredSingleDomain: ['hospital.example'], sessionMessage: 'Hospital only' })
    await stepUp(rig)
    await stepUp(rig)
    const third = await rig.browser.visit('/work')
    expect(third.status).toBe(403)
    expect(third.body).toContain('requirements_unmet')
    expect(third.body).toContain('Hospital only')
    await rig.clock.advance(5 * 60 * 1000 + 1)
    expect((await rig.browser.visit('/work')).status).toBe(303)
  })

  it('SEC-90 asks for every kind of session requirement, and for a fresh login with it', async () => {
    const rig = await loggedIn()
    demand = () =>
      requirements({
        sessionRequiredIdentities: ['11111111-aaaa-4bbb-8ccc-000000000009'],
        sessionRequiredSingleDomain: ['a.example', 'b.example'],
        sessionRequiredPolicies: ['p1', 'p2'],
        sessionRequiredMfa: true,
      })
    const answer = await rig.browser.visit('/work')
    const { searchParams } = await toProvider(rig, answer.headers.get('location') ?? '')
    expect(Object.fromEntries(searchParams)).toMatchObject({
      session_required_identities: '11111111-aaaa-4bbb-8ccc-000000000009',
      session_required_single_domain: 'a.example,b.example',
      session_required_policies: 'p1,p2',
      session_required_mfa: 'true',
      prompt: 'login',
    })
  })

  it('belongs to the session that met the requirement, for ten minutes', async () => {
    const rig = await loggedIn()
    const answer = await rig.browser.visit('/work')
    const link = answer.headers.get('location') ?? ''
    const other = rig.newBrowser()
    await logIn({ provider: rig.provider, browser: other }, { who: ben })
    const refused = await other.visit(link)
    expect([refused.status, refused.body.includes('invalid_request')]).toEqual([400, true])

    const stranger = await rig.newBrowser().visit(link)
    expect(stranger.status).toBe(302)
    expect(new URL(stranger.headers.get('location') ?? '').searchParams.get('scope')).not.toContain(groups)

    await rig.clock.advance(10 * 60 * 1000 + 1)
    const late = await rig.browser.visit(link)
    expect([late.status, late.headers.get('location')]).toEqual([303, '/work'])
  })

  it('shows a kept form to nobody else', async () => {
    const rig = await loggedIn()
    const { body: token } = await rig.browser.visit('/csrf')
    const sent = await rig.browser.visit('/work', { method: 'POST', form: { csrf_token: token, name: 'mine' } })
    const target = new URL(sent.headers.get('location') ?? '', 'http://localhost').searchParams.get('return_to') ?? ''
    expect(target).toMatch(/^\/login\?resume=/)
    const other = rig.newBrowser()
    await logIn({ provider: rig.provider, browser: other }, { who: ben })
    const page = await other.visit(target)
    expect([page.status, page.body.includes('mine')]).toEqual([403, false])
    await rig.clock.advance(10 * 60 * 1000 + 1)
    expect((await rig.browser.visit(target)).body).toContain('form_expired')
  })

  it('works for sessions that live in cookies', async () => {
    const rig = await loggedIn({ store: 'cookie' })
    await stepUp(rig)
    expect((await rig.browser.visit('/work')).body).toMatch(/^done for/)
  })
})

async function stepUp(rig: Rig): Promise<void> {
  const answer = await rig.browser.visit('/work')
  const address = await toProvider(rig, answer.headers.get('location') ?? '')
  const back = await rig.browser.visit(rig.provider.approve(address.href))
  expect(back.headers.get('location')).toBe('/work')
}

function decode(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
