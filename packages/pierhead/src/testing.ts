import type { GlobusClaims } from './lib/login/claims.ts'
import { contextOf, type Login } from './lib/login/login.ts'
import { writeContent } from './lib/login/session-content.ts'
import type { TokenSet } from './lib/oauth/token-set.ts'

export { frozenClock, type FrozenClock } from './lib/testing/frozen-clock.ts'
export { memoryStore, type MemoryStoreOptions } from './session-store/memory.ts'

/** Options of {@link sessionCookie}. */
export interface SessionCookieOptions<Data> {
  /** Claims of the person who is logged in. Default: a person named Test Person, the same at every call. */
  readonly identity?: Partial<GlobusClaims>
  /** What `onLogin` would have given. `onLogin` itself is not called. */
  readonly data?: Data
  /** Tokens of the session. Default: one for each resource server that the login's scopes name, good for two days. */
  readonly tokens?: readonly TokenSet[]
  /** The session ended a second ago, as if nobody had come back in time. */
  readonly expired?: boolean
}

/**
 * The `Cookie` header of a browser that has logged in at this application, without any provider: for tests of an
 * application's own pages. The session lies where those of the login lie, and is read, changed and ended like any other.
 * Its access tokens are words; a service that checks them must be the test's own.
 *
 * @throws TypeError when `login` does not come from `createLogin`
 * @throws LoginError `session_too_large` when the session does not fit into cookies
 */
export async function sessionCookie<Data = undefined>(
  login: Login<Data>,
  options: SessionCookieOptions<Data> = {},
): Promise<string> {
  const context = contextOf(login)
  const { clock, issuer, limits, scopes } = context.settings
  const claims: GlobusClaims = { iss: issuer, ...testPerson, ...options.identity }
  const tokens = options.tokens ?? testTokens(scopes, clock.now())
  const content = writeContent({ claims, data: options.data }, tokens)
  const [subject] = context.subjectHashes(claims.sub)
  const ends = clock.now() + (options.expired === true ? -1000 : limits.absolute * 1000)
  const held = await context.keeper.create(content, { subject, ends, browser: 'a test' }, new Map())
  return held
    .takeCookies()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
}

const testPerson = {
  sub: '7e57ab1e-0000-4000-8000-000000000001',
  name: 'Test Person',
  preferred_username: 'test.person@example.org',
  email: 'test.person@example.org',
  organization: 'Example Organization',
}

function testTokens(scopes: readonly string[], now: number): TokenSet[] {
  const byServer = Map.groupBy(scopes, (scope) => resourceServerOf(scope) ?? 'auth.globus.org')
  return [...byServer].map(([resourceServer, granted]) => ({
    resourceServer,
    scope: granted.join(' '),
    accessToken: `access token of a test for ${resourceServer}`,
    refreshToken: `refresh token of a test for ${resourceServer}`,
    expiresAt: Math.floor(now / 1000) + 172_800,
  }))
}

/** Globus names it in the scope: `urn:globus:auth:scope:SERVER:…` and `https://auth.globus.org/scopes/SERVER/…`. */
function resourceServerOf(scope: string): string | undefined {
  return /^\*?(?:urn:globus:auth:scope:([^:[]+):|https:\/\/[^/]+\/scopes\/([^/]+)\/)/
    .exec(scope)
    ?.slice(1)
    .find(Boolean)
}
