import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLogin, type LoginOptions } from '../../src/index.ts'
import { resolveSettings } from '../../src/lib/login/settings.ts'
import { loginOptions, secret } from '../support/rig.ts'

type Options = LoginOptions

const issuer = 'http://127.0.0.1:8889'
const resolve = (options: Partial<Options> = {}) => resolveSettings({ ...base, ...options })
const { onLogin: _onLogin, ...base } = loginOptions({ issuer })

afterEach(() => vi.unstubAllEnvs())

describe('options that are refused, with the remedy', () => {
  const secretsOf = (...secrets: unknown[]) => ({ session: { secrets } }) as never // what a caller without types passes
  const cases: Readonly<Record<string, readonly [options: object, message: RegExp]>> = {
    'no client id': [{ clientId: '' }, /^clientId is missing.*Register/],
    'a blank client secret': [{ clientSecret: '  ' }, /^clientSecret is missing/],
    'an environment variable that is not set': [{ clientSecret: undefined }, /^clientSecret is missing/],
    'S1.30 a redirect URI that is not absolute': [{ redirectUri: '/login' }, /^redirectUri is not an absolute URL/],
    'S1.30 a redirect URI on http elsewhere': [
      { redirectUri: 'http://portal.example/login' },
      /must be https.*TLS proxy/,
    ],
    'http on a host that only looks local': [{ redirectUri: 'http://localhost.evil.example/login' }, /must be https/],
    'another scheme': [{ redirectUri: 'ftp://localhost/login' }, /must be https/],
    'a redirect URI without a path': [{ redirectUri: 'https://portal.example/' }, /must have a path/],
    'a redirect URI with a query': [{ redirectUri: 'https://portal.example/login?a=b' }, /no query/],
    'a redirect URI with a fragment': [{ redirectUri: 'https://portal.example/login#a' }, /no query, fragment/],
    'a redirect URI with a user': [{ redirectUri: 'https://user@portal.example/login' }, /user/],
    'S2.9 no scope openid': [{ scopes: ['email'] }, /^scopes must hold "openid"/],
    'no secret at all': [secretsOf(), /^session.secrets is empty.*openssl rand/],
    'a secret that is not set': [secretsOf(undefined), /^A session secret is missing.*openssl rand/],
    'S1.27 S2.3 SEC-42 a short secret': [secretsOf('abc123!'), /published example/],
    'S1.27 SEC-42 the secret that the seed published': [
      secretsOf('32oETzKXQAGaYdkL5gEmGeJJFuYh7EQnp2XdTP1o/Vo='),
      /published example/,
    ],
    'S2.3 SEC-42 a secret of 31 bytes': [secretsOf('0123456789abcdefghijklmnopqrstu'), /has 31 bytes; at least 32/],
    'SEC-42 a secret of few characters': [secretsOf('ab'.repeat(40)), /repeats a few characters/],
    'a weak second secret': [secretsOf(secret, 'short'), /has 5 bytes/],
    'an issuer with a slash at the end': [
      { issuer: 'https://auth.globus.org/' },
      /^issuer must be an address without a slash/,
    ],
    'an issuer that is no address': [{ issuer: 'auth.globus.org' }, /^issuer must be an address/],
    'an issuer with a query': [{ issuer: 'https://auth.globus.org?x' }, /^issuer must be an address/],
    'an issuer on http elsewhere': [{ issuer: 'http://auth.example' }, /^issuer must be https/],
    'a base path with a slash at the end': [{ basePath: '/portal/' }, /^basePath must look like \/portal/],
    'a base path with dots': [{ basePath: '/a/../b' }, /^(?:basePath|redirectUri) must/],
    'a redirect URI outside the base path': [{ basePath: '/portal' }, /must lie below basePath \/portal/],
    'a login path on another site': [{ loginPath: '//evil.example' }, /^loginPath must be a public path/],
    'a logout path outside the base path': [
      { basePath: '/portal', redirectUri: 'https://x.example/portal/login', logoutPath: '/logout' },
      /^logoutPath must be a public path below \/portal/,
    ],
    'an address to come back to on another site': [{ afterLogout: 'https://evil.example/' }, /^afterLogout must/],
    'one path for login and logout': [{ logoutPath: '/login' }, /^logoutPath must not be/],
    'a redirect URI that is the logout path': [
      { redirectUri: 'http://localhost:5000/logout' },
      /^logoutPath must not be/,
    ],
    'no idle time': [{ session: { secrets: [secret], idleTimeout: 0 } }, /^session.idleTimeout must be a positive/],
    'an endless session': [
      { session: { secrets: [secret], absoluteTimeout: Infinity } },
      /^session.absoluteTimeout must/,
    ],
  }

  for (const [what, [options, message]] of Object.entries(cases)) {
    it(`refuses ${what}`, () => {
      expect(() => resolve(options)).toThrow(TypeError)
      expect(() => resolve(options)).toThrow(message)
    })
  }

  it('never show the secret that was refused', () => {
    const text = 'CANARY-1234567890'
    expect(() => resolve(secretsOf(text))).toThrow(/^(?!.*CANARY)/s)
  })

  it.each([
    'http://127.0.0.1:8889',
    'http://localhost:8889',
    'http://[::1]:8889',
    'https://localhost',
    'https://127.0.0.1',
    'https://127.8.9.1',
    'https://auth.localhost',
    'https://localhost.',
    'https://0.0.0.0',
    'https://[::ffff:127.0.0.1]',
  ])('SEC-104 the issuer %s in production', (local) => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(() => resolve({ issuer: local })).toThrow(/NODE_ENV is production and the issuer .* anyone could log in/)
  })
})

describe('options that are accepted', () => {
  it('SEC-104 a local issuer in production when that is said loudly, and a real one', () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(resolve({ dangerouslyAllowLocalIssuerInProduction: true }).issuer).toBe(issuer)
    expect(resolve({ issuer: 'https://auth.globus.org' }).issuer).toBe('https://auth.globus.org')
  })

  it('takes the issuer from GLOBUS_SDK_SERVICE_URL_AUTH, without its slash, else Globus', () => {
    const { issuer: _issuer, ...rest } = loginOptions({})
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', 'http://127.0.0.1:8889/')
    expect(resolveSettings(rest).issuer).toBe('http://127.0.0.1:8889')
    vi.stubEnv('GLOBUS_SDK_SERVICE_URL_AUTH', '')
    expect(resolveSettings(rest).issuer).toBe('https://auth.globus.org')
  })

  it('fills in paths below the base path, and safe times', () => {
    const settings = resolve({ basePath: '/portal', redirectUri: 'https://x.example:8443/portal/login' })
    expect(settings).toMatchObject({
      origin: 'https://x.example:8443',
      callbackPath: '/portal/login',
      loginPath: '/portal/login',
      logoutPath: '/portal/logout',
      afterLogout: '/portal/',
      name: 'x.example:8443',
      refreshTokens: true,
      limits: { idle: 86_400, absolute: 604_800 },
    })
  })

  it('sends nothing and asks nothing when a login is made', async () => {
    const login = createLogin(
      loginOptions({
        issuer,
        fetch: () => {
          throw new Error('asked')
        },
      }),
    )
    expect([login.loginUrl(), login.logoutUrl]).toEqual(['/login', '/logout'])
    await login.close()
  })
})
