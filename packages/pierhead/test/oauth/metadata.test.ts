import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isPierheadError, type PierheadError } from '../../src/errors.ts'
import { authorizationUrl } from '../../src/lib/oauth/authorization-request.ts'
import { globusMetadata } from '../../src/lib/oauth/globus-metadata.ts'
import { parseMetadata } from '../../src/lib/oauth/metadata.ts'
import { createProvider, isLoopback, type ProviderOptions } from '../../src/lib/oauth/provider.ts'
import { exchangeCode } from '../../src/lib/oauth/token-request.ts'
import {
  json,
  metadataOf,
  newRsaSigner,
  nonce,
  raw,
  startHostileProvider,
  type HostileProvider,
  type Json,
} from './hostile-provider.ts'

let host: HostileProvider
beforeEach(async () => {
  host = await startHostileProvider()
})
afterEach(() => host.close())

const request = { scopes: ['openid'], state: 's', nonce, codeVerifier: 'v'.repeat(43), refreshTokens: true }
const options: ProviderOptions = {
  issuer: 'https://id.example.org',
  clientId: 'c',
  clientSecret: 's',
  redirectUri: 'https://app.example.org/login',
  fetch,
  now: () => 1_790_000_000_000,
}

/** `accepted` when every address lies on the issuer's origin; else the code of our own refusal. */
function outcome(document: Json): unknown {
  try {
    const { tokenEndpoint, jwksUri, userinfoEndpoint = jwksUri } = parseMetadata(document, options)
    const origins = [tokenEndpoint, jwksUri, userinfoEndpoint].map((url) => new URL(url).origin)
    return origins.every((origin) => origin === options.issuer) ? 'accepted' : origins
  } catch (error) {
    return isPierheadError(error) ? error.code : error
  }
}

describe('options of a provider', () => {
  test.each([
    ['issuer', { issuer: 'https://id.example.org/' }],
    ['issuer', { issuer: 'id.example.org' }],
    ['issuer', { issuer: 'http://id.example.org' }],
    ['issuer', { issuer: 'http://localhost.example.org' }],
    ['issuer', { issuer: 'https://id.example.org?x=1' }],
    ['issuer', { issuer: 'https://user@id.example.org' }],
    ['issuer', { issuer: 'ftp://127.0.0.1' }],
    ['clientId', { clientId: '' }],
    ['clientId', { clientId: 'a:b' }],
    ['clientId', { clientId: 'a\nb' }],
    ['clientSecret', { clientSecret: '' }],
    ['clientSecret', { clientSecret: 'a\r\nb' }],
    ['redirectUri', { redirectUri: '/login' }],
    ['endpointOrigins', { endpointOrigins: ['https://keys.example.org/'] }],
    ['endpointOrigins', { endpointOrigins: ['keys.example.org'] }],
    ['endpointOrigins', { endpointOrigins: ['http://keys.example.org'] }],
    ['endpointOrigins', { endpointOrigins: ['http://127.0.0.1:1'] }],
  ])('a wrong %s %j is refused at once', (name, change) => {
    expect(() => createProvider({ ...options, ...change })).toThrow(TypeError)
    expect(() => createProvider({ ...options, ...change })).toThrow(name)
  })

  test.each(['http://localhost:8889', 'http://127.0.0.1:8889', 'http://[::1]:8889', 'https://id.example.org/realm/a'])(
    'the issuer %s is accepted and nothing is sent yet',
    (issuer) => {
      const refuse = () => Promise.reject(new Error('no request expected'))
      expect(createProvider({ ...options, issuer, fetch: refuse }).options.issuer).toBe(issuer)
    },
  )

  test('loopback hosts are told from names that look like them', () => {
    for (const name of ['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]'])
      expect(isLoopback(name)).toBe(true)
    for (const name of ['localhost.example.org', '127.0.0.1.example.org', 'xlocalhost', '128.0.0.1', '[::2]', '']) {
      expect(isLoopback(name)).toBe(false)
    }
  })
})

describe('SEC-20 the issuer of the metadata', () => {
  test.each([
    'https://id.example.org/',
    'https://id.example.org/x',
    'https://ID.example.org',
    'HTTPS://id.example.org',
    'http://id.example.org',
    'https://id.example.org:443',
    'https://id.example.org.',
    'https://id.example.orgINVALID',
    ' https://id.example.org',
    'https://xn--d-fga.example.org',
    '',
    undefined,
    null,
    7,
    ['https://id.example.org'],
  ])('%j is another issuer', (issuer) => {
    const document = { ...metadataOf(options.issuer), issuer }
    expect(() => parseMetadata(document, options)).toThrow(expect.objectContaining({ code: 'issuer_mismatch' }))
  })
})

describe('SEC-21 hostile metadata', () => {
  const names = ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint', 'revocation_endpoint']
  const values = [
    'https://evil.example/x',
    'https://id.example.org.evil.example/x',
    'https://id.example.org@evil.example/x',
    'https://user:pass@id.example.org/x',
    'https://id.example.org/x#fragment',
    'http://id.example.org/x',
    'http://127.0.0.1/x',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'data:text/html,x',
    'javascript:alert(1)',
    'blob:https://id.example.org/x',
    '//id.example.org/x',
    '/x',
    '',
    7,
    {},
    ['https://id.example.org/x'],
  ]

  test.each(names)('%s must be an address of a trusted origin', (name) => {
    const outcomes = values.map((value) => [value, outcome({ ...metadataOf(options.issuer), [name]: value })])
    expect(outcomes.filter(([, code]) => code !== 'provider_error')).toEqual([])
  })

  test.each(names.slice(0, 3))('%s may not be missing', (name) => {
    for (const value of [undefined, null]) {
      expect(() => parseMetadata({ ...metadataOf(options.issuer), [name]: value }, options)).toThrow(
        `${name} is missing`,
      )
    }
  })

  test('a further origin is trusted only when it was named', () => {
    const document = { ...metadataOf(options.issuer), jwks_uri: 'https://keys.example.org/jwks' }
    const trusting = { ...options, endpointOrigins: ['https://keys.example.org'] }
    expect(parseMetadata(document, trusting).jwksUri).toBe('https://keys.example.org/jwks')
    expect(() => parseMetadata(document, options)).toThrow('not a trusted origin')
  })

  test('SEC-108 no document makes it throw anything but our own error, or name a foreign origin', () => {
    const odd = fc.oneof(fc.jsonValue(), fc.webUrl(), fc.constantFrom(...values))
    const document = fc.record(
      Object.fromEntries([...names, 'id_token_signing_alg_values_supported'].map((n) => [n, odd])),
    )
    fc.assert(
      fc.property(document, fc.subarray([...names]), (change, kept) => {
        const honest = metadataOf(options.issuer)
        const mixed = { ...honest, ...change, ...Object.fromEntries(kept.map((name) => [name, honest[name]])) }
        expect(['accepted', 'provider_error']).toContain(outcome(mixed))
      }),
    )
  })

  test('no request leaves to a foreign endpoint', async () => {
    const canary = await startHostileProvider()
    host.behave.metadata = (document) => ({ ...document, token_endpoint: `${canary.issuer}/v2/oauth2/token` })
    const exchange = exchangeCode(host.relyingParty(), { code: 'c', codeVerifier: 'v'.repeat(43), nonce })
    await expect(exchange).rejects.toMatchObject({ code: 'provider_error' })
    expect(canary.received).toEqual([])
    await canary.close()
  })
})

describe('the metadata cache', () => {
  test('REL-02 a failure is not remembered: the next login tries again', async () => {
    const party = host.relyingParty()
    host.behave.take.metadata = (_request, response) => json(response, {}, 503)
    await expect(authorizationUrl(party, request)).rejects.toMatchObject({ code: 'provider_error' })
    host.behave.take.metadata = undefined
    await expect(authorizationUrl(party, request)).resolves.toBeInstanceOf(URL)
    await authorizationUrl(party, request)
    expect(host.calls('metadata')).toHaveLength(2)
  })

  test('concurrent logins share one fetch, also a failing one', async () => {
    host.behave.take.metadata = (_request, response) => json(response, {}, 500)
    const party = host.relyingParty()
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => authorizationUrl(party, request)))
    expect(new Set(outcomes.map((each) => each.status))).toEqual(new Set(['rejected']))
    expect(host.calls('metadata')).toHaveLength(1)
  })

  test('REL-12 after its life the copy is renewed in the background, and a new valid one is used', async () => {
    const party = host.relyingParty()
    await authorizationUrl(party, request)
    host.behave.metadata = (document) => ({ ...document, authorization_endpoint: `${host.issuer}/new` })
    host.clock.now += 3_599_999
    expect((await authorizationUrl(party, request)).pathname).toBe('/v2/oauth2/authorize')
    expect(host.calls('metadata')).toHaveLength(1)
    host.clock.now += 1
    expect((await authorizationUrl(party, request)).pathname).toBe('/v2/oauth2/authorize')
    await expect.poll(async () => (await authorizationUrl(party, request)).pathname).toBe('/new')
    expect(host.calls('metadata')).toHaveLength(2)
  })

  test('REL-12 an invalid copy is reported and ignored; attempts are 10 s apart', async () => {
    const reports: PierheadError[] = []
    let started = 0
    const counting: typeof fetch = (input, init) => {
      started++
      return fetch(input, init)
    }
    const party = host.relyingParty({ fetch: counting, onStale: (error) => reports.push(error) })
    await authorizationUrl(party, request)
    host.behave.metadata = (document) => ({ ...document, issuer: 'https://evil.example' })
    host.clock.now += 3_600_000
    await Promise.all(Array.from({ length: 10 }, () => authorizationUrl(party, request)))
    await expect.poll(() => reports.map((error) => error.code)).toEqual(['issuer_mismatch'])
    host.clock.now += 9_999
    await authorizationUrl(party, request)
    expect(started).toBe(2)
    host.clock.now += 1
    expect((await authorizationUrl(party, request)).pathname).toBe('/v2/oauth2/authorize')
    expect(started).toBe(3)
    await expect.poll(() => reports).toHaveLength(2)
  })

  test('a login at Globus starts while its discovery is down, hanging or lying', async () => {
    const down = () => Promise.reject(new TypeError('fetch failed'))
    const hanging = () => new Promise<Response>(() => {})
    const lying = () => Promise.resolve(Response.json({ issuer: 'https://evil.example' }))
    for (const issuer of ['https://auth.globus.org', 'https://auth.preview.globus.org']) {
      for (const broken of [down, hanging, lying]) {
        const party = createProvider({ ...options, issuer, fetch: broken })
        expect((await authorizationUrl(party, request)).href).toContain(
          `${issuer}/v2/oauth2/authorize?response_type=code&`,
        )
      }
    }
  })

  test('the recorded copy for Globus passes the checks of a fetched one', () => {
    const issuer = 'https://auth.globus.org'
    expect(globusMetadata(issuer)).toEqual(parseMetadata(metadataOf(issuer), { ...options, issuer }))
    expect(globusMetadata('https://auth.globus.org.evil.example')).toBeUndefined()
  })
})

describe('REL-10 key rotation', () => {
  const login = (party: ReturnType<HostileProvider['relyingParty']>) =>
    exchangeCode(party, { code: 'c', codeVerifier: 'v'.repeat(43), nonce })
  const rotate = () => {
    host.behave.signer = newRsaSigner()
    host.behave.published = [host.behave.signer]
  }

  test('two rotations within a minute are followed', async () => {
    const party = host.relyingParty()
    await login(party)
    for (let round = 0; round < 2; round++) {
      rotate()
      await expect(login(party)).resolves.toBeDefined()
      host.clock.now += 10_000
    }
    expect(host.calls('keys')).toHaveLength(3)
  })

  test('a flood of wrong signatures asks for the keys once per 10 s', async () => {
    const party = host.relyingParty()
    await login(party)
    host.behave.signer = newRsaSigner()
    for (let second = 0; second < 3; second++) {
      const flood = await Promise.allSettled(Array.from({ length: 20 }, () => login(party)))
      expect(flood.every((each) => each.status === 'rejected')).toBe(true)
      host.clock.now += 5_000
    }
    expect(host.calls('keys')).toHaveLength(3)
  })

  test('known keys serve while the key endpoint is down, for as long as that takes', async () => {
    const reports: PierheadError[] = []
    const party = host.relyingParty({ onStale: (error) => reports.push(error) })
    await login(party)
    host.behave.take.keys = (_request, response) => response.destroy()
    host.clock.now += 24 * 3_600_000
    await expect(login(party)).resolves.toBeDefined()
    await expect.poll(() => reports.map((error) => error.code)).toEqual(['provider_unreachable'])
  })

  test('the key set is read from the address in the metadata', async () => {
    host.behave.metadata = (document) => ({ ...document, jwks_uri: `${host.issuer}/jwk.json?run=4711` })
    await login(host.relyingParty())
    expect(host.calls('keys').map((each) => each.url)).toEqual(['/jwk.json?run=4711'])
  })

  test.each([
    ['status 500', raw(500, 'application/json', '{"keys":[]}')],
    ['a page', raw(200, 'text/html', '{"keys":[]}')],
    ['no list', raw(200, 'application/json', '{"keys":{}}')],
    ['a list', raw(200, 'application/json', '[]')],
    ['a redirect', raw(302, 'application/json', '{"keys":[]}', { location: '/jwk.json?again' })],
  ])('a key set that is %s is an error of the provider', async (_name, take) => {
    host.behave.take.keys = take
    await expect(login(host.relyingParty())).rejects.toMatchObject({ code: 'provider_error' })
  })
})
