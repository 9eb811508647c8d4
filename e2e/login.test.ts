import type { RunningEmulator } from '@pierhead/emulator'
import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp, tableOfApps } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import {
  authServer,
  countTokenRequests,
  introspect,
  liveTokens,
  startGlobus,
  transferServer,
} from './support/emulator.ts'
import { including, near } from './support/matchers.ts'
import { secretsIn } from './support/wire.ts'

const { people: ids } = demo
const people = [
  { id: ids.maya, name: 'Maya Okafor', email: 'maya.okafor@harbour.example', organization: 'Harbour University' },
  {
    id: ids.zoe,
    name: 'Zoë <b>Núñez</b>',
    email: 'zoe.nunez@harbour.example',
    organization: 'Harbour University',
  },
  {
    id: ids.ingrid,
    name: 'Ingrid Solheim',
    email: 'ingrid.solheim@hospital.example',
    organization: 'Harbour Hospital',
  },
  { id: ids.sam, name: 'Sam', email: null, organization: null },
]

let globus: RunningEmulator

beforeAll(async () => {
  globus = await startGlobus()
})

afterAll(() => globus.close())

describe.each(tableOfApps)('an app on $framework with sessions in $store', ({ framework, store }) => {
  let app: App

  beforeAll(async () => {
    app = await startApp(globus, { framework, store })
  })

  afterAll(() => app.close())

  it.each(people)('S1.18 S1.24 greets $name, whatever Globus knows of them', async (person) => {
    const visitor = await logIn(new Visitor(), `${app.origin}/login`, person.name)
    expect(visitor.url).toBe(`${app.origin}/`)
    expect(visitor.text).toContain(`Hello ${person.name}!`)
    expect(visitor.text).toContain(`UUID: ${person.id}`)
    expect(visitor.text).toContain(`Email: ${person.email ?? 'none'}`)
    expect(visitor.text).toContain(`Organization: ${person.organization ?? 'none'}`)
    expect(visitor.body).not.toContain('<b>')
    const claims: unknown = JSON.parse((await visitor.open('/claims')).body)
    const { id, ...rest } = person
    expect(claims).toMatchObject({ iss: globus.origin, sub: id, ...rest })
  })

  it('S1.23 REL-46 shows a stranger one link, and no cookie is set for looking', async () => {
    const visitor = await new Visitor().open(`${app.origin}/`)
    expect(visitor.text).toBe('Authentication is delegated to Globus Auth Login to Globus')
    expect(visitor.headers.getSetCookie()).toEqual([])
    await visitor.follow('Login to Globus')
    expect(visitor.url).toContain(`${globus.origin}/p/login?`)
  })

  it('S1.19 S2.12 keeps a working token for each resource server', async () => {
    const visitor = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    const tokens: unknown = JSON.parse((await visitor.open('/tokens')).body)
    const soon = Date.now() / 1000 + 172_800
    expect(tokens).toEqual([
      {
        resourceServer: authServer,
        scopes: including('openid', 'profile', 'email'),
        expiresAt: near(soon),
        hasRefreshToken: true,
      },
      {
        resourceServer: transferServer,
        scopes: ['urn:globus:auth:scope:transfer.api.globus.org:all'],
        expiresAt: near(soon),
        hasRefreshToken: true,
      },
    ])
    for (const server of [authServer, transferServer]) {
      const { body: token } = await visitor.open(`/token/${server}`)
      const about = await introspect(globus, app, token)
      expect(about).toMatchObject({ active: true, sub: ids.maya, aud: including(server) })
    }
  })

  it('comes back to the page that asked for the login, and answers a script with 401 and the way to log in', async () => {
    const visitor = await logIn(new Visitor(), `${app.origin}/private?page=2&q=a%20b`, 'Maya Okafor')
    expect(visitor.url).toBe(`${app.origin}/private?page=2&q=a%20b`)
    expect(visitor.text).toContain('Only for Maya Okafor')

    const script = await new Visitor().open(`${app.origin}/claims`, { headers: { accept: 'application/json' } })
    expect(script.status).toBe(401)
    expect(JSON.parse(script.body)).toMatchObject({ code: 'login_required', login_url: '/login?return_to=%2Fclaims' })
  })

  it.each(['https://evil.example/', '//evil.example/', String.raw`/\evil.example`, '/%2Fevil.example', 'javascript:1'])(
    'SEC-62 ignores the return target %s',
    async (target) => {
      const visitor = await logIn(
        new Visitor(),
        `${app.origin}/login?return_to=${encodeURIComponent(target)}`,
        'Maya Okafor',
      )
      expect(visitor.url).toBe(`${app.origin}/`)
    },
  )

  it('SEC-92 lets another person log in over a session, and nothing of the first one is left', async () => {
    const other = await startApp(globus, { framework, store })
    const visitor = await logIn(new Visitor(), `${other.origin}/login`, 'Maya Okafor')
    const before = await visitor.cookies(other.origin)
    await logIn(visitor, `${other.origin}${other.login.loginUrl({ prompt: 'login', returnTo: '/private' })}`, 'Sam')
    expect(visitor.text).toContain('Only for Sam')
    expect(other.events.map(({ event }) => event)).toContain('identity_switched')
    const mine = globus.world.tokens.census(Date.now()).filter(({ client }) => client === other.clientId)
    expect(new Set(mine.map(({ identity }) => identity))).toEqual(new Set([ids.sam]))
    expect(liveTokens(globus, other)).toBe(4)

    const replay = await new Visitor().open(`${other.origin}/`, { headers: { cookie: before } })
    expect(replay.text).not.toContain('Maya')
    await other.close()
  })

  it('S1.16 S1.17 SEC-35 hands the browser sealed cookies that no script and no foreign form gets', async () => {
    const visitor = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    const cookies = await visitor.cookies(app.origin)
    expect(cookies).toContain('-session=')
    expect(secretsIn(cookies, app.wire.secrets)).toEqual([])
    expect(cookies).not.toMatch(/maya|okafor|harbour/i)
    expect(cookies).not.toMatch(/-login-/)
  })

  it('S1.11 S2.16 says so when consent was refused, and does not ask again by itself', async () => {
    const visitor = new Visitor()
    const other = await startApp(globus, { framework, store })
    await visitor.open(`${other.origin}/login`)
    await visitor.submit('Sam')
    await visitor.submit('Deny')
    expect(visitor.url).toContain(`${other.origin}/login?error=access_denied`)
    expect(visitor.status).toBe(403)
    expect(visitor.text).toMatch(/You did not allow access.*access_denied/)
    await visitor.follow('Home')
    expect(visitor.text).toContain('Login to Globus')
    expect(other.events.at(-1)).toMatchObject({ event: 'login_failed', code: 'access_denied' })
    await other.close()
  })

  it('S1.8 S1.12 SEC-06 uses a callback once: a reload goes home, and a copy elsewhere is refused', async () => {
    const visitor = new Visitor()
    await logIn(visitor, `${app.origin}/login`, 'Maya Okafor')
    const callback = visitor.trail.find((address) => address.includes('/login?code=')) ?? ''
    const requests = await countTokenRequests(globus, async () => {
      await visitor.open(callback)
      expect(visitor.text).toContain('Hello Maya Okafor!')
      const copy = await new Visitor().open(callback)
      expect(copy.status).toBe(400)
      expect(copy.text).toContain('unknown_login')
      expect((await copy.open('/')).text).toContain('Login to Globus')
    })
    expect(requests).toBe(0)
    expect((await new Visitor().open(`${app.origin}/login?code=`)).url).toContain('/p/login?')
  })

  it('S1.10 SEC-01 SEC-02 takes no code that another browser brought home, nor one with another state', async () => {
    const attacker = new Visitor()
    attacker.stopsBefore = `${app.origin}/login?code=`
    const { url: stopped } = await logIn(attacker, `${app.origin}/login`, 'Sam')
    attacker.stopsBefore = undefined
    const victim = await new Visitor().open(`${app.origin}/login`)
    const requests = await countTokenRequests(globus, async () => {
      await victim.open(stopped)
      expect(victim.text).toContain('unknown_login')
      const state = new URL(stopped).searchParams.get('state') ?? ''
      await attacker.open(stopped.replace(state, `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`))
      expect(attacker.text).toContain('unknown_login')
    })
    expect(requests).toBe(0)
    expect((await victim.open(`${app.origin}/`)).text).toContain('Login to Globus')
  })
})
