import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigurationError, readConfig } from '../src/config.ts'

const complete = {
  SESSION_SECRET: 'Zk3v9qLw8xT2rB5nY7uC1mE4hJ6pS0aD-g',
  GLOBUS_CLIENT_ID: 'b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3001',
  GLOBUS_CLIENT_SECRET: 'Vr0Y+2fGkq/w8d1n',
  GLOBUS_REDIRECT_URI: 'https://data.example.org/login',
}

function messageFor(environment: Record<string, string>): string {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
  return ''
}

describe('the settings of the portal', () => {
  it('need four variables and have defaults for the rest', () => {
    expect(readConfig(complete)).toEqual({
      port: 8888,
      listen: 'loopback',
      dataFolder: '.pierhead',
      sessionSecrets: [complete.SESSION_SECRET],
      sessionStoreUrl: undefined,
      clientId: complete.GLOBUS_CLIENT_ID,
      clientSecret: complete.GLOBUS_CLIENT_SECRET,
      redirectUri: complete.GLOBUS_REDIRECT_URI,
      environment: 'production',
      issuer: 'https://auth.globus.org',
      services: {},
      revealTokens: false,
      metricsToken: undefined,
      site: {
        name: 'Pierhead Data Portal',
        logo: undefined,
        accent: { light: undefined, dark: undefined },
        welcome: undefined,
        contact: undefined,
        links: [],
      },
      mode: 'both',
      access: undefined,
      admins: { identities: [], groups: [] },
      datasets: [],
      search: undefined,
      origins: expect.any(Array),
    })
  })

  it('S1.27 name everything that is missing at once, each with the way to get it', () => {
    const message = messageFor({ GLOBUS_CLIENT_SECRET: '' })
    for (const name of Object.keys(complete)) expect(message).toContain(`${name} is missing; it must be `)
    expect(message).toContain('openssl rand -base64 48')
    expect(message).toContain('https://app.globus.org/settings/developers')
  })

  it.each([
    ['PORT', '0', 'a port number from 1 to 65535'],
    ['PORT', '65536', 'a port number from 1 to 65535'],
    ['PORT', '80a', 'a port number from 1 to 65535'],
    ['GLOBUS_CLIENT_ID', 'portal', 'the client UUID'],
    ['GLOBUS_REDIRECT_URI', 'http://data.example.org/login', 'https with a path'],
    ['GLOBUS_REDIRECT_URI', 'https://data.example.org/', 'https with a path'],
    ['GLOBUS_REDIRECT_URI', '/login', 'https with a path'],
    ['GLOBUS_SDK_SERVICE_URL_AUTH', 'http://auth.example.org/', 'the https address of that service'],
    ['GLOBUS_SDK_SERVICE_URL_TRANSFER', 'ftp://example.org', 'the https address of that service'],
    ['GLOBUS_SDK_ENVIRONMENT', 'test', 'production (the default) or preview'],
    ['PORTAL_REVEAL_TOKENS', 'yes', '1 to let people see'],
    ['PORTAL_LISTEN', '0.0.0.0', 'loopback (the default'],
    ['PORTAL_MODE', 'data', 'datasets (published datasets only)'],
  ])('refuse %s=%s with what it may be', (name, value, remedy) => {
    const message = messageFor({ ...complete, [name]: value })
    expect(message).toContain(`${name} is "${value}"; it must be `)
    expect(message).toContain(remedy)
    expect(message.split('\n')).toHaveLength(2)
  })

  it('say of a secret only how long it is', () => {
    const message = messageFor({ ...complete, SESSION_SECRET: 'abc123!' })
    expect(message).toContain('SESSION_SECRET has 7 bytes; it must be at least 32 bytes')
    expect(message).not.toContain('abc123!')
  })

  it('take a list of session secrets, the one that seals first', () => {
    const [next, former] = ['mQ8rT1xV5bN3kL7pW0sD4fG6hJ9zC2-a_y', complete.SESSION_SECRET]
    expect(readConfig({ ...complete, SESSION_SECRET: `${next}, ${former}` }).sessionSecrets).toEqual([next, former])
    for (const list of [`${next},`, `,${next}`, `${next},short`])
      expect(messageFor({ ...complete, SESSION_SECRET: list })).toContain('SESSION_SECRET has ')
  })

  it.each([
    'redis://:pass@store:6379/2',
    'rediss://store',
    'postgres://user@store/portal',
    'postgresql://store:5433/x',
  ])('take %s for the address of a shared session store', (url) => {
    expect(readConfig({ ...complete, SESSION_STORE_URL: url }).sessionStoreUrl).toBe(url)
  })

  it.each(['redis:store', 'store:6379', 'mysql://maya:hunter2@store/x', 'postgres:///portal', 'sessions.db'])(
    'refuse %s as the address of a store, and do not repeat what may hold a password',
    (url) => {
      const message = messageFor({ ...complete, SESSION_STORE_URL: url })
      expect(message).toContain(
        `SESSION_STORE_URL has ${url.length} bytes; it must be redis://, rediss:// or postgres://`,
      )
      expect(message).not.toContain(url)
    },
  )

  it('never put a secret into a message, whatever else is wrong', () => {
    const secret = fc.stringMatching(/^[!-~]{12,31}$/)
    fc.assert(
      fc.property(secret, secret, (session, client) => {
        const message = messageFor({ PORT: 'x', SESSION_SECRET: session, GLOBUS_CLIENT_SECRET: client })
        expect(message).not.toContain(session)
        expect(message).not.toContain(client)
      }),
    )
  })

  it('take the issuer from the address of Globus Auth, without its last slash, else from the environment of the SDK', () => {
    const local = { ...complete, GLOBUS_SDK_SERVICE_URL_AUTH: 'http://127.0.0.1:8889/' }
    expect(readConfig(local)).toMatchObject({
      issuer: 'http://127.0.0.1:8889',
      services: { AUTH: 'http://127.0.0.1:8889/' },
    })
    expect(readConfig({ ...complete, GLOBUS_SDK_ENVIRONMENT: 'preview' }).issuer).toBe(
      'https://auth.preview.globus.org',
    )
  })

  it('S1.25 let people see their tokens only when asked to, and never in production', () => {
    const asked = { ...complete, PORTAL_REVEAL_TOKENS: '1' }
    expect(readConfig(asked).revealTokens).toBe(true)
    expect(readConfig({ ...asked, NODE_ENV: 'production' }).revealTokens).toBe(false)
    expect(readConfig({ ...complete, PORTAL_REVEAL_TOKENS: '0' }).revealTokens).toBe(false)
  })
})
