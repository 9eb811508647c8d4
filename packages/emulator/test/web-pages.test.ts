import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import { createRig, json, TRANSFER, type Rig } from './support.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.emulator.close())

const { maya, mayaOrcid, zoe } = demo.people
const GROUPS = 'urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships'
const TIDES: string = demo.scopes.tideApi

const at = (path: string): URL => new URL(path, rig.emulator.origin)

const page = async (path: string): Promise<string> => (await rig.browser.request(at(path))).text()

const send = (path: string, form: Record<string, string>, origin = rig.emulator.origin): Promise<Response> =>
  rig.browser.request(at(path), { method: 'POST', body: new URLSearchParams(form), headers: { origin } })

const signIn = (next: string, identity: string = maya): Promise<Response> => send('/p/sign-in', { next, identity })

const active = async (token: string, client?: string): Promise<unknown> =>
  (await json(await rig.post('/v2/oauth2/token/introspect', { token }, client)))['active']

describe('a page of Globus Auth', () => {
  test.each(['/v2/web/consents', '/v2/web/identities?client_id=x', '/v2/web/developers'])(
    '(%s) asks who one is first, and goes on to where one wanted',
    async (path) => {
      const response = await rig.browser.request(at(path))
      const location = response.headers.get('location') ?? ''
      expect(location).toBe(`/p/sign-in?next=${encodeURIComponent(path)}`)
      expect(await page(location)).toContain('Log in to use <span class="app">Globus Auth</span>')
      expect((await signIn(path)).headers.get('location')).toBe(path)
      expect((await rig.browser.request(at(path))).status).toBe(200)
    },
  )

  test.each([
    'https://evil.example/v2/web/consents',
    '//evil.example/v2/web/',
    '/v2/oauth2/authorize',
    '/v2/web/../../p/x',
    'http://[',
  ])('is never %s after a login', async (next) => {
    expect((await signIn(next)).headers.get('location')).toBe('/v2/web/identities')
  })

  test('does not let wrong passwords or other sites in', async () => {
    const wrong = await send('/p/sign-in', { next: '/', username: 'maya.okafor@harbour.example', password: 'x' })
    expect(wrong.status).toBe(401)
    const foreign = await send('/p/sign-in', { next: '/', identity: maya }, 'https://evil.example')
    expect(foreign.status).toBe(403)
    expect([...wrong.headers.getSetCookie(), ...foreign.headers.getSetCookie()]).toEqual([])
  })

  test('SEC-85 leads back to a registered app only', async () => {
    await signIn('')
    const query = (redirect: string): string =>
      `?client_id=${demo.clients.portal}&redirect_uri=${encodeURIComponent(redirect)}&redirect_name=Tides%20%3Cb%3E`
    for (const path of ['/v2/web/identities', '/v2/web/consents']) {
      expect(await page(path + query('http://localhost:8888/profile'))).toContain(
        '<a href="http://localhost:8888/profile">Return to Tides &lt;b&gt;</a>',
      )
      const refused = await page(path + query('https://evil.example/'))
      expect(refused).not.toContain('href="https://evil.example')
      expect(refused).toContain('not one of a registered app')
    }
  })
})

describe('the page of identities', () => {
  test('lists those that are linked, and which have logged in', async () => {
    await signIn('', mayaOrcid)
    const text = await page('/v2/web/identities')
    expect(text).toContain('0000-0000-0042-0010@orcid.org')
    expect(text).toMatch(/maya\.okafor@harbour\.example<\/strong>\s*<em>\(primary\)<\/em>/)
    expect(text.match(/Logged in at/g)).toHaveLength(1)
    expect(text.match(/Not logged in with this browser/g)).toHaveLength(1)
  })
})

describe('the page of consents', () => {
  const idOf = (scope: string): string =>
    String(rig.emulator.world.consents.ofIdentity(maya).find((consent) => consent.scope === scope)?.id)

  const allowed = (): string[] => rig.emulator.world.consents.ofIdentity(maya).map(({ scope }) => scope)

  test('shows what one allowed which app, as a tree', async () => {
    await rig.login({ scope: `openid ${TIDES}[*${GROUPS}]` })
    const text = await page('/v2/web/consents')
    expect(text).toContain('<h2>Harbour Portal</h2>')
    expect(text).toContain('Read and copy the tide tables of Harbour University')
    expect(text.match(/name="consent"/g)).toHaveLength(1)
    expect(text).toContain(`aria-label="Rescind ${GROUPS}"`)
  })

  test('rescinds all of an app: its tokens and those of the services behind it die at once', async () => {
    const offline = { scope: `openid ${TIDES}`, access_type: 'offline' }
    const login = await rig.login(offline)
    const tides = login.other_tokens[0]
    const grant = { grant_type: 'urn:globus:auth:grant_type:dependent_token', token: tides?.access_token ?? '' }
    const response = await rig.post('/v2/oauth2/token', grant, demo.clients.tideApi)
    const [dependent] = await json<{ access_token: string }[]>(response)
    expect(await active(dependent?.access_token ?? '', demo.clients.tideApi)).toBe(true)
    const answer = await send('/v2/web/consents?client_id=x', { account: maya, app: demo.clients.portal })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/v2/web/consents?client_id=x'])
    for (const { access_token, refresh_token = '' } of [login, ...login.other_tokens]) {
      expect([await active(access_token), await active(refresh_token)]).toEqual([false, false])
    }
    expect(await active(dependent?.access_token ?? '', demo.clients.tideApi)).toBe(false)
    expect(allowed()).toEqual([])
    expect(await page('/v2/web/consents')).toContain('You have not allowed anything.')
    const again = await rig.browser.request(rig.authorizeUrl())
    expect(again.headers.get('location')).toContain('/p/consent')
  })

  test('rescinds an optional part alone, and the rest lives on', async () => {
    const { access_token } = await rig.login({ scope: `${TRANSFER}[*${GROUPS}]` })
    await send('/v2/web/consents', { account: maya, consent: idOf(GROUPS) })
    expect(allowed()).toEqual([TRANSFER])
    expect(await active(access_token)).toBe(true)
  })

  test('leaves alone what cannot go without the rest, what is somebody else’s, and other apps', async () => {
    const scope = `openid ${TIDES}`
    const { access_token } = await rig.login({ scope })
    const before = allowed()
    await send('/v2/web/consents', { account: maya, consent: idOf(TRANSFER) })
    await send('/v2/web/consents', { account: zoe, app: demo.clients.portal })
    await send('/v2/web/consents', { account: maya, app: demo.clients.exampleApp })
    await send('/v2/web/consents', { account: maya, consent: 'nonsense' })
    const foreign = await send('/v2/web/consents', { account: maya, app: demo.clients.portal }, 'https://evil.example')
    expect(foreign.status).toBe(403)
    await signIn('', zoe)
    await send('/v2/web/consents', { account: zoe, app: demo.clients.portal })
    expect(allowed()).toEqual(before)
    expect(await active(access_token)).toBe(true)
  })
})

describe('the Developers page', () => {
  const register = (form: Record<string, string>): Promise<Response> =>
    send('/v2/web/developers', { account: maya, name: 'Tide Viewer', project: demo.projects.harbour, ...form })

  const envOf = (text: string): Record<string, string> =>
    Object.fromEntries(Array.from(text.matchAll(/(GLOBUS_\w+)=([^\s<]+)/g), ([, name, value]) => [name, value]))

  beforeEach(() => signIn('/v2/web/developers'))

  test('offers the choices of the real site, and lists the apps that are there', async () => {
    const text = await page('/v2/web/developers')
    const choices = Array.from(text.matchAll(/<summary>([^<]*)<\/summary>/g), ([, choice]) => choice)
    expect(choices.slice(0, 2)).toEqual([
      'Register a portal, science gateway, or other application you host',
      'Register a thick client or script that will be installed and run by users on their devices',
    ])
    expect(choices).toContain('Register a service account or application credential for automation')
    expect(text).toContain('Harbour University apps')
    expect(text).toContain(demo.clients.portal)
  })

  test('registers a portal that can log people in with what it shows', async () => {
    const response = await register({
      type: 'portal',
      redirect_uris: 'http://localhost:7777/login\r\nhttps://tides.example/login',
    })
    const env = envOf(await response.text())
    expect(env).toMatchObject({
      GLOBUS_REDIRECT_URI: 'http://localhost:7777/login',
      GLOBUS_SDK_SERVICE_URL_AUTH: `${rig.emulator.origin}/`,
    })
    const changes = { client_id: env['GLOBUS_CLIENT_ID'], redirect_uri: env['GLOBUS_REDIRECT_URI'] }
    const back = await rig.browser.authorize(rig.authorizeUrl(changes), { as: maya })
    const code = back.searchParams.get('code') ?? ''
    expect(rig.emulator.world.clients.secrets(env['GLOBUS_CLIENT_ID'] ?? '')).toHaveLength(1)
    const redirect = { redirect_uri: 'http://localhost:7777/login' }
    expect((await rig.redeem(code, redirect, env['GLOBUS_CLIENT_ID'])).status).toBe(200)
    expect(await page('/v2/web/developers')).not.toContain('GLOBUS_CLIENT_SECRET')
  })

  test('registers a thick client without a secret, and a service account without addresses', async () => {
    expect(Object.keys(envOf(await (await register({ type: 'thick-client' })).text()))).toEqual([
      'GLOBUS_CLIENT_ID',
      'GLOBUS_SDK_SERVICE_URL_AUTH',
    ])
    const service = envOf(await (await register({ type: 'service-account' })).text())
    const grant = { grant_type: 'client_credentials', scope: 'openid' }
    expect((await rig.post('/v2/oauth2/token', grant, service['GLOBUS_CLIENT_ID'])).status).toBe(200)
  })

  test.each([
    [{ type: 'magic' }, 'type must be one of'],
    [{ type: 'portal', redirect_uris: 'http://tides.example/' }, 'uses http'],
    [{ type: 'portal', name: ' ' }, 'name is missing'],
    [{ type: 'service-account', redirect_uris: 'https://tides.example/' }, 'has no redirect address'],
  ])('refuses %j, saying why', async (form, reason) => {
    const before = rig.emulator.world.clients.all().length
    const response = await register(form)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(reason)
    expect(rig.emulator.world.clients.all()).toHaveLength(before)
  })

  test('puts the app of somebody who is no admin into a project of their own', async () => {
    await signIn('', zoe)
    await send('/v2/web/developers', { account: zoe, name: 'Zoë’s', type: 'portal', project: demo.projects.harbour })
    const [project, ...others] = rig.emulator.world.projects.administeredBy([zoe])
    expect(others).toEqual([])
    expect(rig.emulator.world.clients.inProject(project?.id ?? '').map(({ name }) => name)).toEqual(['Zoë’s'])
    expect(await page('/v2/web/developers')).toContain('Apps of Zoë &lt;b&gt;Núñez&lt;/b&gt;')
  })

  test('registers nothing for another site or another person', async () => {
    const before = rig.emulator.world.clients.all().length
    expect(
      (await send('/v2/web/developers', { account: maya, name: 'x', type: 'portal' }, 'https://evil.example')).status,
    ).toBe(403)
    await send('/v2/web/developers', { account: zoe, name: 'x', type: 'portal' })
    expect(rig.emulator.world.clients.all()).toHaveLength(before)
  })
})
