import { demo, type RunningEmulator } from '@pierhead/emulator'
import { createLogin } from 'pierhead'
import * as hono from 'pierhead/hono'
import * as node from 'pierhead/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { startGlobus } from './support/emulator.ts'
import type { SentRequest } from './support/wire.ts'

describe('what both tutorials say about the wire', () => {
  let globus: RunningEmulator
  let app: App
  let visitor: Visitor

  beforeAll(async () => {
    globus = await startGlobus()
    app = await startApp(globus)
    visitor = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
  })

  afterAll(async () => {
    await app.close()
    await globus.close()
  })

  const sentTo = (path: string): SentRequest[] => app.wire.sent.filter(({ url }) => new URL(url).pathname === path)

  it('S1.1 S1.5 asks discovery where everything is, and each endpoint once for a login', () => {
    expect(app.wire.sent.map(({ method, url }) => `${method} ${url.replace(globus.origin, '')}`)).toEqual([
      'GET /.well-known/openid-configuration',
      'POST /v2/oauth2/token',
      'GET /jwk.json',
      'GET /v2/oauth2/userinfo',
    ])
  })

  it('S1.9 S2.8 S2.10 sends the complete public address and fresh secrets to authorize', async () => {
    const asked = new Visitor()
    asked.stopsBefore = globus.origin
    const first = new URL((await asked.open(`${app.origin}/login`)).url)
    const again = new URL((await asked.open(`${app.origin}/login`)).url)
    const { state, nonce, code_challenge: challenge, ...rest } = Object.fromEntries(first.searchParams)
    expect(rest).toEqual({
      response_type: 'code',
      client_id: app.clientId,
      redirect_uri: `${app.origin}/login`,
      scope: 'openid profile email urn:globus:auth:scope:transfer.api.globus.org:all',
      access_type: 'offline',
      code_challenge_method: 'S256',
    })
    for (const secret of [state, nonce, challenge]) expect(secret).toMatch(/^[\w-]{22,}$/)
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(again.searchParams.get(name)).not.toBe(first.searchParams.get(name))
  })

  it('S1.2 S1.3 S2.11 sends code, address and verifier to the token endpoint, and itself by raw Basic', () => {
    const [{ headers, form } = { headers: new Headers(), form: {} }, ...others] = sentTo('/v2/oauth2/token')
    expect(others).toEqual([])
    const basic = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')
    expect(headers.get('authorization')).toBe(`Basic ${basic}`)
    expect(Object.keys(form).toSorted()).toEqual(['code', 'code_verifier', 'grant_type', 'redirect_uri'])
    expect(form).toMatchObject({ grant_type: 'authorization_code', redirect_uri: `${app.origin}/login` })
  })

  it('S1.4 asks UserInfo with the token in the header, never in the address', () => {
    const [request] = sentTo('/v2/oauth2/userinfo')
    expect(request?.headers.get('authorization')).toMatch(/^Bearer [A-Za-z0-9]+$/)
    expect(request?.url).toBe(`${globus.origin}/v2/oauth2/userinfo`)
  })

  it('S2.13 knows who it is by issuer and subject, from a verified token', async () => {
    const claims: unknown = JSON.parse((await visitor.open('/claims')).body)
    expect(claims).toMatchObject({ iss: globus.origin, sub: demo.people.maya })
  })

  it('S1.32 takes a redirect address only character by character', async () => {
    const asked = new Visitor()
    asked.stopsBefore = globus.origin
    const { url } = await asked.open(`${app.origin}/login`)
    asked.stopsBefore = undefined
    const right = encodeURIComponent(`${app.origin}/login`)
    await asked.open(url.replace(right, `${right}%2F`))
    expect(asked.url).toContain(globus.origin)
    expect(asked.status).toBe(400)
    expect(asked.text).toMatch(/redirect/i)
  })

  it('S2.4 shares nothing between logins that go on at the same time', async () => {
    const names = ['Maya Okafor', 'Ingrid Solheim', 'Sam', 'Zoë <b>Núñez</b>']
    const visitors = await Promise.all(names.map((name) => logIn(new Visitor(), `${app.origin}/private`, name)))
    expect(visitors.map((each) => each.text.includes('Only for'))).toEqual([true, true, true, true])
    for (const [index, name] of names.entries()) expect(visitors[index]?.text).toContain(`Only for ${name}`)
  })

  it('S2.9 needs scopes, and "openid" among them', () => {
    expect(() => createLogin({ ...app.options, scopes: [] })).toThrow(/openid/)
    expect(() => createLogin({ ...app.options, scopes: ['profile'] })).toThrow(TypeError)
  })

  it('S1.27 S2.3 refuses the secrets that the tutorials print, and says how to make one', () => {
    for (const published of ['abc123!', '32oETzKXQAGaYdkL5gEmGeJJFuYh7EQnp2XdTP1o/Vo=']) {
      const start = (): unknown => createLogin({ ...app.options, session: { secrets: [published] } })
      expect(start).toThrow('A session secret is a published example. Make one with `openssl rand -base64 48`')
    }
  })

  it('S1.33 S2.2 has clients of both tutorials registered, with their addresses and a secret', () => {
    const registered = new Map(globus.info().clients.map((client) => [client.client_id, client]))
    expect(registered.get(demo.clients.portal)?.redirect_uris).toEqual(['http://localhost:8888/login'])
    expect(registered.get(demo.clients.exampleApp)?.redirect_uris).toEqual(['http://localhost:5000/login'])
    expect(registered.get(demo.clients.exampleApp)?.client_secret).toMatch(/^.{32,}$/)
  })

  it('S2.23 has the same names in every adapter', () => {
    const { readForm: _bodyOfNode, ...sameInNode } = node
    expect(Object.keys(sameInNode).toSorted()).toEqual(Object.keys(hono).toSorted())
  })
})
