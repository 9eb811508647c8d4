import { request } from 'node:http'
import { demo, type RunningEmulator } from '@pierhead/emulator'
import * as hono from 'pierhead/hono'
import * as node from 'pierhead/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type App } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { registerApp, startGlobus } from './support/emulator.ts'

/** What the kit sent to Globus, without its secrets. */
interface Sent {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly scheme: string | undefined
  readonly fields: readonly string[]
}

let globus: RunningEmulator

beforeAll(async () => {
  globus = await startGlobus()
})

afterAll(() => globus.close())

/** An app whose requests to Globus are written down. */
async function startWatchedApp(options: Parameters<typeof startApp>[1] = {}): Promise<{ app: App; sent: Sent[] }> {
  const sent: Sent[] = []
  const watch: typeof fetch = async (input, init) => {
    const outgoing = new Request(input, init)
    const url = new URL(outgoing.url)
    const body = outgoing.method === 'POST' ? await outgoing.clone().text() : ''
    const scheme = outgoing.headers.get('authorization')?.split(' ', 1)[0]
    const fields = [...new URLSearchParams(body).keys()]
    sent.push({ method: outgoing.method, path: url.pathname, query: url.search, scheme, fields })
    return fetch(outgoing)
  }
  const app = await startApp(globus, { ...options, login: { fetch: watch, ...options.login } })
  return { app, sent }
}

describe('what the Tornado app does, done by the kit', () => {
  it('S1.1 S1.2 S1.3 S1.4 S1.13 S2.11 asks discovery, token and UserInfo, in this order, each as Globus wants it', async () => {
    const { app, sent } = await startWatchedApp()
    await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    const steps = sent.filter(({ path }) => path !== '/jwk.json')
    expect(steps).toEqual(
      [
        { method: 'GET', path: '/.well-known/openid-configuration', query: '', scheme: undefined, fields: [] },
        {
          method: 'POST',
          path: '/v2/oauth2/token',
          query: '',
          scheme: 'Basic',
          fields: ['redirect_uri', 'code', 'code_verifier', 'grant_type'].toSorted(),
        },
        { method: 'GET', path: '/v2/oauth2/userinfo', query: '', scheme: 'Bearer', fields: [] },
      ].map((step) => ({ ...step, fields: expect.arrayContaining(step.fields) })),
    )
    await app.close()
  })

  it('S1.5 puts no token and no secret into an address', async () => {
    const { app, sent } = await startWatchedApp()
    const visitor = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    await visitor.open(`${app.origin}/logout`)
    await visitor.submit('Log out')
    expect(sent.filter(({ path }) => path.endsWith('/revoke')).length).toBeGreaterThan(3)
    expect(sent.filter(({ query }) => query !== '')).toEqual([])
    await app.close()
  })

  it('S1.2 the emulator takes the login of the Tornado mixin: no state, credentials in the body', async () => {
    const client = registerApp(globus, 'Tornado', 'http://localhost:8888/login')
    const parameters = {
      response_type: 'code',
      redirect_uri: 'http://localhost:8888/login',
      client_id: client.clientId,
      access_type: 'offline',
      scope: 'openid profile email urn:globus:auth:scope:transfer.api.globus.org:all',
    }
    const visitor = new Visitor()
    visitor.stopsBefore = parameters.redirect_uri
    await logIn(
      visitor,
      `${globus.origin}/v2/oauth2/authorize?${new URLSearchParams(parameters).toString()}`,
      'Maya Okafor',
    )
    const body = new URLSearchParams({
      redirect_uri: parameters.redirect_uri,
      code: new URL(visitor.url).searchParams.get('code') ?? '',
      client_id: client.clientId,
      client_secret: client.clientSecret,
      grant_type: 'authorization_code',
    })
    const response = await fetch(`${globus.origin}/v2/oauth2/token`, { method: 'POST', body })
    expect(await response.json()).toMatchObject({
      access_token: expect.stringMatching(/^Ag/),
      refresh_token: expect.stringMatching(/^Ag/),
      expires_in: 172_800,
      other_tokens: [{ resource_server: 'transfer.api.globus.org' }],
    })
  })

  it('S1.15 S1.20 keeps one session in place of seven cookies, and ends it on the server at its limit', async () => {
    const { app } = await startWatchedApp({ login: {} })
    const visitor = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    const names = (await visitor.cookies(app.origin)).split('; ').map((cookie) => cookie.split('=', 1).join(''))
    expect(names.filter((name) => !name.endsWith('-rounds'))).toEqual([expect.stringMatching(/-session$/)])
    app.clock.advance(7 * 24 * 3600 + 1)
    expect((await visitor.open(`${app.origin}/`)).text).toContain('Login to Globus')
    await app.close()
  })

  it('S1.30 S2.8 SEC-64 sends the registered address, whatever the inner request calls this server', async () => {
    const { app } = await startWatchedApp()
    const location = await locationFor(`${app.origin}/login`, {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example;proto=https',
    })
    expect(new URL(location).searchParams.get('redirect_uri')).toBe(`${app.origin}/login`)
    expect(location).not.toContain('evil')
    await app.close()
  })

  it('S1.32 the emulator refuses a redirect address that differs by a slash, on its own page', async () => {
    const { app } = await startWatchedApp()
    const address = new URL(await locationFor(`${app.origin}/login`))
    address.searchParams.set('redirect_uri', `${app.origin}/login/`)
    const visitor = await new Visitor().open(address.href)
    expect(visitor.status).toBe(400)
    expect(visitor.url).toContain(globus.origin)
    expect(visitor.text).toContain('Mismatching redirect URI.')
    await app.close()
  })
})

describe('what the Flask app does, done by the kit', () => {
  it('S2.2 the demo world has a confidential client for http://localhost:5000/login', () => {
    const client = globus.info().clients.find(({ client_id: id }) => id === demo.clients.exampleApp)
    expect(client).toMatchObject({ client_type: 'confidential_client', redirect_uris: ['http://localhost:5000/login'] })
    expect(client?.client_secret).toMatch(/^[\w+/]{43}=$/)
  })

  it('S2.4 S2.13 keeps logins that run at the same time apart, and knows who each of them is', async () => {
    const { app } = await startWatchedApp()
    const people = ['Maya Okafor', 'Ingrid Solheim', 'Sam']
    const visitors = people.map(() => new Visitor())
    await Promise.all(visitors.map((visitor) => visitor.open(`${app.origin}/login`)))
    const claims = await Promise.all(
      visitors.map(async (visitor, index) => {
        await logIn(visitor, visitor.url, people[index] ?? '')
        return JSON.parse((await visitor.open(`${app.origin}/claims`)).body) as unknown
      }),
    )
    const { maya, ingrid, sam } = demo.people
    expect(claims).toMatchObject([maya, ingrid, sam].map((sub) => ({ iss: globus.origin, sub })))
    await app.close()
  })

  it('S2.23 is the same under every framework', () => {
    const names = Object.keys(hono).toSorted()
    expect(names).toEqual(['getSession', 'loginMiddleware', 'requireSession'])
    expect(Object.keys(node)).toEqual(expect.arrayContaining(names))
  })
})

/** Where a GET is sent on to. Not with fetch, which does not let anyone lie about the host. */
function locationFor(url: string, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers: { accept: 'text/html', ...headers } }, (response) => {
      response.resume()
      resolve(response.headers.location ?? '')
    })
    outgoing.once('error', reject).end()
  })
}
