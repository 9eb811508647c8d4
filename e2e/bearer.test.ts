import { randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { demo, type RunningEmulator } from '@pierhead/emulator'
import { createAppIdentity, type AppIdentity, type Caller } from 'pierhead'
import { scopes, transferClient } from 'pierhead/globus'
import { bearer, requireCaller } from 'pierhead/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startApp, type App } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { revokeToken, startGlobus, transferServer } from './support/emulator.ts'
import { close, portOf } from './support/servers.ts'

const { clients, collections } = demo
const tides = demo.scopes.tideApi

let globus: RunningEmulator
let identity: AppIdentity
let app: App
let api: ReturnType<typeof createServer>

beforeAll(async () => {
  globus = await startGlobus()
  const clientSecret = randomBytes(32).toString('base64')
  globus.world.clients.addSecret(clients.tideApi, randomUUID(), clientSecret, Date.now())
  identity = createAppIdentity({ clientId: clients.tideApi, clientSecret, issuer: globus.origin })
  const guard = bearer(identity.bearer({ scopes: [tides] }))
  api = createServer((req, res) => {
    const next = async (): Promise<void> => void res.end(JSON.stringify(await answer(requireCaller(req))))
    guard(req, res, next).catch(() => res.destroy())
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  app = await startApp(globus, { login: { scopes: [scopes.openid, scopes.profile, tides, scopes.transfer.all] } })
})

afterAll(async () => {
  await app.close()
  await close(api)
  await globus.close()
})

beforeEach(() => {
  for (const name of ['AUTH', 'TRANSFER']) vi.stubEnv(`GLOBUS_SDK_SERVICE_URL_${name}`, globus.origin)
})

/** What the API does: it asks Transfer in the name of its caller. */
async function answer({ sub, username, tokens }: Caller): Promise<object> {
  const { display_name: collection } = await transferClient(tokens).endpoint.get(collections.tidalSurveyArchive)
  return { sub, username, collection }
}

const call = (token?: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${portOf(api)}/tides`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })

async function tokenOf(name: string, server: string): Promise<string> {
  const visitor = await logIn(new Visitor(), `${app.origin}/login`, name)
  return (await visitor.open(`${app.origin}/token/${encodeURIComponent(server)}`)).body
}

/** The name under which the tokens of the API's scope are kept. */
async function tideServer(): Promise<string> {
  const visitor = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
  const held: readonly { resourceServer: string; scopes: readonly string[] }[] = JSON.parse(
    (await visitor.open(`${app.origin}/tokens`)).body,
  )
  return held.find((token) => token.scopes.includes(tides))?.resourceServer ?? ''
}

describe('the Tide Gauge API, a resource server of the demo world', () => {
  it('lets Maya in by the token of an app, and acts for her at Transfer', async () => {
    const response = await call(await tokenOf('Maya Okafor', await tideServer()))
    expect([response.status, await response.json()]).toEqual([
      200,
      { sub: demo.people.maya, username: 'maya.okafor@harbour.example', collection: 'Tidal Survey Archive' },
    ])
  })

  it('refuses no token, a made-up one, one for Transfer and one that was revoked', async () => {
    const without = await call()
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer realm="${clients.tideApi}"`,
    ])
    const revoked = await tokenOf('Maya Okafor', await tideServer())
    revokeToken(globus, revoked)
    for (const token of ['AgMadeUp', await tokenOf('Maya Okafor', transferServer), revoked]) {
      const response = await call(token)
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        `Bearer realm="${clients.tideApi}", error="invalid_token"`,
      ])
    }
  })

  it('acts as itself too, with one request for all its tokens', async () => {
    const own = identity.tokens([scopes.transfer.all, scopes.groups.all])
    const before = globus.requestCounts.get('/v2/oauth2/token') ?? 0
    const endpoint = await transferClient(own).endpoint.get(collections.tidalSurveyPublic)
    expect(endpoint.display_name).toBe('Tidal Survey, Public Release')
    expect(await own.accessToken('groups.api.globus.org')).not.toBe(await own.accessToken(transferServer))
    expect((globus.requestCounts.get('/v2/oauth2/token') ?? 0) - before).toBe(1)
  })
})
