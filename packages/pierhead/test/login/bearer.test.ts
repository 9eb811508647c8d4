import { request as sendRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { getRequestListener } from '@hono/node-server'
import express, { type ErrorRequestHandler } from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as expressAdapter from '../../src/express.ts'
import * as fastifyAdapter from '../../src/fastify.ts'
import * as honoAdapter from '../../src/hono.ts'
import {
  createAppIdentity,
  LoginError,
  type BearerGuard,
  type BearerOptions,
  type Caller,
  type LoginEvent,
} from '../../src/index.ts'
import * as nodeAdapter from '../../src/node.ts'
import { startAuth, tokenEntry, type Auth, type Json } from '../support/auth-service.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { clientId, clientSecret } from '../support/provider.ts'

const scope = `https://auth.globus.org/scopes/${clientId}/tides`
const transferScope = 'urn:globus:auth:scope:transfer.api.globus.org:all'
const transfer = 'transfer.api.globus.org'
const portal = 'b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3001'

type Handler = (caller: Caller) => Promise<string> | string
type Serve = (guard: BearerGuard, handler: Handler) => Parameters<typeof createServer>[1]

const frameworks: Readonly<Record<string, Serve>> = {
  hono: (guard, handler) => {
    const app = new Hono()
    app.onError(() => new Response('the application failed', { status: 500 }))
    app.use('/api/*', honoAdapter.bearer(guard))
    app.get('/api/tides', async (c) => c.text(await handler(honoAdapter.requireCaller(c))))
    app.get('/open', (c) => c.text(honoAdapter.requireCaller(c).sub))
    const listener = getRequestListener(app.fetch)
    return (req, res) => void listener(req, res)
  },
  'node:http': (guard, handler) => {
    const middleware = nodeAdapter.bearer(guard)
    return (req, res) => {
      const next = async (): Promise<void> => void res.end(await handler(nodeAdapter.requireCaller(req)))
      const isApi = req.url?.startsWith('/api/') === true
      Promise.resolve(isApi ? middleware(req, res, next) : next()).catch(() => {
        res.statusCode = 500
        res.end('the application failed')
      })
    }
  },
  Express: (guard, handler) => {
    const app = express()
    app.use('/api', expressAdapter.bearer(guard))
    app.get('/api/tides', async (req, res) => void res.end(await handler(expressAdapter.requireCaller(req))))
    app.get('/open', (req, res) => void res.end(expressAdapter.requireCaller(req).sub))
    const failed: ErrorRequestHandler = (_error, _req, res, _next) => void res.status(500).end('the application failed')
    return app.use(expressAdapter.loginErrors(), failed)
  },
  Fastify: (guard, handler) => {
    const app = fastify()
    app.setErrorHandler((_error, _request, reply) => reply.code(500).send('the application failed'))
    app.get('/open', async (request) => fastifyAdapter.requireCaller(request).sub)
    const ready = app.register(async (api) => {
      await api.register(fastifyAdapter.bearerPlugin(guard))
      api.get('/api/tides', async (request) => handler(fastifyAdapter.requireCaller(request)))
    })
    return (req, res) => void Promise.resolve(ready.ready()).then(() => app.routing(req, res))
  },
}

interface Service {
  readonly auth: Auth
  readonly clock: TestClock
  readonly events: LoginEvent[]
  /** Puts a token into the world. */
  issue(token: string, more?: Json): void
  get(headers?: Readonly<Record<string, string | string[]>>, path?: string): Promise<Answered>
}

interface Answered {
  readonly status: number | undefined
  readonly challenge: string | undefined
  readonly body: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

async function start(
  serve: Serve,
  handler: Handler = ({ sub }) => `tides for ${sub}`,
  options: Partial<BearerOptions> = {},
): Promise<Service> {
  const auth = await startAuth()
  const clock = createTestClock()
  const events: LoginEvent[] = []
  const identity = createAppIdentity({
    clientId,
    clientSecret,
    issuer: auth.issuer,
    clock,
    logger: (event) => events.push(event),
  })
  const server = createServer(serve(identity.bearer({ scopes: [scope], realm: 'Tide Gauge API', ...options }), handler))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo
  const now = Math.floor(clock.now() / 1000)
  const good = {
    sub: 'maya',
    scope,
    client_id: portal,
    aud: ['tide_api', clientId, portal],
    exp: now + 172_800,
    nbf: now,
  }
  return {
    auth,
    clock,
    events,
    issue: (token, more = {}) => void auth.tokens.set(token, { ...good, iss: auth.issuer, ...more }),
    get: (headers = {}, path = '/api/tides') =>
      new Promise((resolve, reject) => {
        const outgoing = sendRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
          const { statusCode: status, headers: received } = response
          const challenge = received['www-authenticate']
          text(response).then((body) => resolve({ status, challenge, body, headers: received }), reject)
        })
        outgoing.on('error', reject).end()
      }),
  }
}

function codeOf({ body }: Answered): unknown {
  const problem: Json = JSON.parse(body)
  return problem['code']
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe.each(Object.entries(frameworks))('a resource server on %s', (_name, serve) => {
  it('lets in who sends a good token, and knows them', async () => {
    const service = await start(serve, ({ sub, username, identities, clientId: app, scopes }) =>
      JSON.stringify({ sub, username, identities, app, scopes }),
    )
    service.issue('good', {
      username: 'maya@harbour.example',
      identity_set: ['maya', 'orcid'],
      scope: `openid ${scope}`,
    })
    const { status, body } = await service.get(bearer('good'))
    expect([status, JSON.parse(body)]).toEqual([
      200,
      {
        sub: 'maya',
        username: 'maya@harbour.example',
        identities: ['maya', 'orcid'],
        app: portal,
        scopes: ['openid', scope],
      },
    ])
    expect(service.auth.introspected).toEqual([{ token: 'good', include: 'identity_set' }])
  })

  it('answers without a token 401 and a challenge without an error', async () => {
    const service = await start(serve)
    for (const headers of [{}, { authorization: 'Basic eDp5' }, { authorization: 'Bearerx y' }]) {
      const { status, challenge, body } = await service.get(headers)
      expect([status, challenge]).toEqual([401, 'Bearer realm="Tide Gauge API"'])
      expect(JSON.parse(body)).toMatchObject({ code: 'token_required' })
    }
    expect(service.auth.introspected).toEqual([])
  })

  it.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer a,b', 'Bearer é', 'Bearer "a"', `Bearer ${'a'.repeat(4097)}`])(
    'answers the malformed header %j with 400 and asks nobody',
    async (authorization) => {
      const service = await start(serve)
      const { status, challenge } = await service.get({ authorization: Buffer.from(authorization).toString('latin1') })
      expect([status, challenge]).toEqual([400, 'Bearer realm="Tide Gauge API", error="invalid_request"'])
      expect(service.auth.introspected).toEqual([])
    },
  )

  it('does not look for tokens in the query, and lets no second header in', async () => {
    const service = await start(serve)
    service.issue('good')
    expect((await service.get({}, '/api/tides?access_token=good')).status).toBe(401)
    const twice = await service.get({ authorization: ['Bearer bad', 'Bearer good'] })
    expect([400, 401]).toContain(twice.status)
  })

  it('answers a token without its scope with 403, the scope, and the way to ask for it', async () => {
    const service = await start(serve)
    service.issue('poor', { scope: 'openid' })
    const { status, challenge, body } = await service.get(bearer('poor'))
    expect(status).toBe(403)
    expect(challenge).toBe(`Bearer realm="Tide Gauge API", error="insufficient_scope", scope="${scope}"`)
    expect(JSON.parse(body)).toMatchObject({ authorization_parameters: { required_scopes: [scope] } })
  })

  it('lets nobody in when tokens cannot be checked, and says when to come again', async () => {
    const service = await start(serve)
    service.issue('good')
    service.auth.fail = 500
    const { status, headers, challenge } = await service.get(bearer('good'))
    expect([status, headers['retry-after'], challenge]).toEqual([503, '10', undefined])
    expect(service.events).toMatchObject([{ event: 'access_refused', level: 'error', code: 'provider_error' }])
    service.auth.fail = undefined
    expect((await service.get(bearer('good'))).status).toBe(200)
  })

  it('tells the application of the caller which consent is missing behind the scope', async () => {
    const service = await start(serve, async ({ tokens }) => tokens.accessToken(transfer))
    service.issue('good')
    service.auth.dependent = {
      status: 403,
      body: { error: 'dependent_consent_required', errors: [{ unapproved_scopes: [transferScope, 7, 'a"b'] }] },
    }
    const { status, body } = await service.get(bearer('good'))
    expect([status, JSON.parse(body)]).toEqual([
      403,
      {
        code: 'ConsentRequired',
        authorization_parameters: { required_scopes: [`${scope}[${transferScope}]`], session_required_mfa: undefined },
      },
    ])
  })

  it('turns other errors of the package into a problem document, and hands on those that are not ours', async () => {
    let thrown: Error = new LoginError('token_missing', 'CANARY reason')
    const service = await start(serve, () => Promise.reject(thrown))
    service.issue('good')
    const ours = await service.get(bearer('good'))
    expect([ours.status, ours.body.includes('CANARY'), codeOf(ours)]).toEqual([500, false, 'token_missing'])
    expect(service.events.map(({ message }) => message).join()).toContain('CANARY reason')
    thrown = new Error('somebody else')
    expect(await service.get(bearer('good'))).toMatchObject({ status: 500, body: 'the application failed' })
  })

  it('has no caller where no guard ran', async () => {
    const service = await start(serve)
    service.issue('good')
    expect((await service.get(bearer('good'), '/open')).status).toBe(500)
  })
})

const [first] = Object.values(frameworks)
const serve: Serve = (guard, handler) => first?.(guard, handler)

describe('a token', () => {
  const cases: readonly (readonly [string, (now: number) => Json])[] = [
    ['of another audience', () => ({ aud: [portal] })],
    ['of an audience that only begins alike', () => ({ aud: [`${clientId}0`] })],
    ['without an audience', () => ({ aud: undefined })],
    ['of another issuer', () => ({ iss: 'https://evil.example' })],
    ['that has expired', (now) => ({ exp: now })],
    ['whose end is no number', () => ({ exp: 'never' })],
    ['that is not valid yet', (now) => ({ nbf: now + 61 })],
    ['without a person', () => ({ sub: undefined })],
    ['without any scope', () => ({ scope: null })],
    ['that is not active', () => ({ active: false })],
  ]
  it.each(cases)('%s is refused', async (_name, more) => {
    const service = await start(serve)
    service.issue('one', more(Math.floor(service.clock.now() / 1000)))
    const { status, challenge } = await service.get(bearer('one'))
    expect([status, challenge]).toEqual([401, 'Bearer realm="Tide Gauge API", error="invalid_token"'])
  })

  it('whose audience is one text, or that lacks what RFC 7662 makes optional, is taken', async () => {
    const service = await start(serve)
    service.issue('one', { aud: clientId, iss: undefined, exp: undefined, nbf: undefined })
    expect((await service.get(bearer('one'))).status).toBe(200)
  })

  it('is asked about once in half a minute, and refused from then on when it was revoked', async () => {
    const service = await start(serve)
    service.issue('one')
    await Promise.all(Array.from({ length: 20 }, () => service.get(bearer('one'))))
    expect(service.auth.introspected).toHaveLength(1)
    service.auth.tokens.delete('one')
    await service.clock.advance(29_999)
    expect((await service.get(bearer('one'))).status).toBe(200)
    await service.clock.advance(1)
    expect((await service.get(bearer('one'))).status).toBe(401)
    expect(service.auth.introspected).toHaveLength(2)
  })

  it('ends at its own time, also within that half minute', async () => {
    const service = await start(serve)
    service.issue('one', { exp: Math.floor(service.clock.now() / 1000) + 10 })
    expect((await service.get(bearer('one'))).status).toBe(200)
    await service.clock.advance(10_000)
    expect((await service.get(bearer('one'))).status).toBe(401)
  })

  it('says nothing about another token', async () => {
    const service = await start(serve)
    service.issue('one')
    expect((await service.get(bearer('one'))).status).toBe(200)
    expect((await service.get(bearer('one='))).status).toBe(401)
    expect((await service.get(bearer('ONE'))).status).toBe(401)
  })

  it('is taken with the scheme in any case', async () => {
    const service = await start(serve)
    service.issue('one')
    expect((await service.get({ authorization: 'bEARER   one' })).status).toBe(200)
  })
})

describe('acting for a caller', () => {
  const entry = (expiresIn?: number): Json => tokenEntry(transferScope, expiresIn)
  const dependentGrants = ({ auth }: Service): number =>
    auth.grants.filter(({ grant }) => grant?.endsWith(':dependent_token')).length

  it('exchanges the token once, for as long as what came of it lives', async () => {
    const service = await start(serve, async ({ tokens }) => tokens.accessToken(transfer))
    service.issue('one', { exp: undefined })
    const [before, after] = [entry(3000), entry()]
    service.auth.dependent = { status: 200, body: [before] }
    const bodies = await Promise.all(Array.from({ length: 10 }, () => service.get(bearer('one'))))
    expect(new Set(bodies.map(({ body }) => body))).toEqual(new Set([before['access_token']]))
    expect(dependentGrants(service)).toBe(1)
    service.auth.dependent = { status: 200, body: [after] }
    await service.clock.advance(2_941_000)
    expect((await service.get(bearer('one'))).body).toBe(after['access_token'])
    expect(dependentGrants(service)).toBe(2)
  })

  it('exchanges it anew when a service refused the result, not more than once in half a minute', async () => {
    const told: { refused?: string } = {}
    const service = await start(serve, async ({ tokens }) => tokens.accessToken(transfer, told))
    service.issue('one', { exp: undefined })
    service.auth.dependent = { status: 200, body: [entry()] }
    told.refused = (await service.get(bearer('one'))).body
    service.auth.dependent = { status: 200, body: [entry()] }
    expect((await service.get(bearer('one'))).body).toBe(told.refused)
    await service.clock.advance(30_000)
    expect((await service.get(bearer('one'))).body).not.toBe(told.refused)
    expect(dependentGrants(service)).toBe(2)
  })

  it.each([
    [200, [], 500, 'token_missing'],
    [200, {}, 502, 'invalid_token_response'],
    [200, [null], 502, 'invalid_token_response'],
    [200, [{ access_token: 'x' }], 502, 'invalid_token_response'],
    [400, { error: 'invalid_grant' }, 401, 'invalid_token'],
    [403, { error: 'dependent_consent_required' }, 503, 'provider_error'],
    [500, {}, 503, 'provider_error'],
  ])('answers %i %j of the provider with %i', async (status, body, expected, code) => {
    const service = await start(serve, async ({ tokens }) => tokens.accessToken(transfer))
    service.issue('one')
    service.auth.dependent = { status, body }
    const answer = await service.get(bearer('one'))
    expect([answer.status, codeOf(answer)]).toEqual([expected, code])
  })
})

describe('a guard for tokens', () => {
  it.each([
    [{ scopes: [] }, 'must name a scope of this service'],
    [{ scopes: ['a b'] }, 'has a space'],
    [{ scopes: ['a"'] }, 'a quote'],
    [{ realm: 'a"b' }, 'realm must be'],
    [{ realm: 'a\r\nx: y' }, 'realm must be'],
  ])('is not made with %j', async (wrong, message) => {
    const identity = createAppIdentity({ clientId, clientSecret, issuer: 'http://127.0.0.1:9' })
    expect(() => identity.bearer({ scopes: [scope], ...wrong })).toThrow(message)
  })
})
