import { request } from 'node:http'
import type { RunningEmulator } from '@pierhead/emulator'
import { createLogin } from 'pierhead'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type App } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { registerApp, startGlobus } from './support/emulator.ts'

/** Where the kit sent a request. */
interface Sent {
  readonly path: string
  readonly query: string
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
    sent.push({ path: url.pathname, query: url.search })
    return fetch(outgoing)
  }
  const app = await startApp(globus, { ...options, login: { fetch: watch, ...options.login } })
  return { app, sent }
}

describe('what the Tornado app does, done by the kit', () => {
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
})

describe('what the Flask app does, done by the kit', () => {
  it('S2.3 is configured by four values, and refuses the secret that the tutorial prints', async () => {
    const { app } = await startWatchedApp()
    const { clientId, clientSecret, redirectUri, scopes } = app.options
    const configure = (secret: string): unknown =>
      createLogin({ clientId, clientSecret, redirectUri, scopes, session: { secrets: [secret] } })
    expect(() => configure('abc123!')).toThrow(/published example/)
    expect(() => configure('only-eleven')).toThrow(/11 bytes; at least 32/)
    await app.close()
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
