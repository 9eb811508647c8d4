import type { SessionStore } from '../session/session-store.ts'
import type { GlobusClaims } from './claims.ts'
import type { Clock } from './clock.ts'
import type { Logger } from './events.ts'
import type { Pages } from './pages.ts'

/** How sessions are sealed, where they live, and when they end. */
export interface SessionOptions {
  /**
   * Secrets of at least 32 bytes each: the first seals, all open. To change one, add the new one at the end everywhere,
   * then put it in front everywhere, then remove the old one after the absolute timeout. Make one with
   * `openssl rand -base64 48`.
   */
  readonly secrets: readonly string[]
  /** Where sessions live. Default: in sealed cookies, which no server can list or end for other processes. */
  readonly store?: SessionStore
  /** Seconds without a request after which a session ends. Default 24 hours. */
  readonly idleTimeout?: number
  /** Seconds after login at which a session ends, whatever happens. Default 7 days. */
  readonly absoluteTimeout?: number
  /** Bytes of memory for sessions that were opened before. Default 16 MiB; 0 remembers nothing. */
  readonly rememberBytes?: number
}

/** Gives access tokens of one person. */
export interface TokenSource {
  /**
   * A token for a resource server such as `transfer.api.globus.org`, good for at least a few seconds more. Throws
   * `LoginError` with `token_missing` when the login never asked for one, and `LoginRequiredError` when it is gone for good.
   *
   * `refused`: a service answered 401 to this token. If it is still the one held, it is refreshed, at most once in 30 s;
   * the same token again means that there is none better.
   */
  accessToken(resourceServer: string, options?: { readonly refused?: string }): Promise<string>
}

/** `refuse`: the person is not let in and reads this message. `data`: kept in the session. */
export type LoginDecision<Data> = { readonly refuse: string } | { readonly data: Data } | undefined | void

/** What `createLogin` needs to know. A wrong option is a `TypeError` that names it. */
export interface LoginOptions<Data = undefined> {
  /** Client id of a confidential client ("portal, science gateway or other application you host") at Globus. */
  readonly clientId: string
  /** Secret of that client. It stays in this process and goes to the issuer alone. */
  readonly clientSecret: string
  /** The exact registered string. Public origin and login path come from it, never from a header. */
  readonly redirectUri: string
  /** Must hold `openid`. */
  readonly scopes: readonly string[]
  /** How sessions are sealed, where they live, and when they end. */
  readonly session: SessionOptions
  /** Default: `GLOBUS_SDK_SERVICE_URL_AUTH` without its last slash, else `https://auth.globus.org`. */
  readonly issuer?: string
  /** Ask for refresh tokens (`access_type=offline`). Default true. Without them a session ends with its first token. */
  readonly refreshTokens?: boolean
  /** Path under which the application is public, such as `/portal`. Default: none. */
  readonly basePath?: string
  /** The proxy in front removes `basePath` before requests arrive here. Default false. */
  readonly stripPrefix?: boolean
  /** Public path that starts a login. Default: the path of `redirectUri`, which always finishes it. */
  readonly loginPath?: string
  /** Public path of logout. Default: `basePath` and `/logout`. */
  readonly logoutPath?: string
  /** Public path to come back to from Globus's logout page. Default: `basePath` and `/`. */
  readonly afterLogout?: string
  /** What Globus's logout page calls this application. Default: the public host. */
  readonly name?: string
  /** Called once for every login, before the session exists. May refuse, and may give the session its data. */
  readonly onLogin?: (login: {
    readonly claims: GlobusClaims
    readonly session: TokenSource
  }) => LoginDecision<Data> | Promise<LoginDecision<Data>>
  /** Own pages in place of the plain ones. */
  readonly pages?: Pages
  /** Default: warnings and errors as JSON lines on standard error. */
  readonly logger?: Logger
  /** Sends the requests to the issuer, not those to services. Default: Node's own. */
  readonly fetch?: typeof fetch
  /** Tells the time, for tests. Default: the system's. */
  readonly clock?: Clock
  /** Further origins that a provider's metadata may name. Default: the issuer's own only. */
  readonly endpointOrigins?: readonly string[]
  /** Allows an issuer on http or on this machine although `NODE_ENV` is `production`. For tests of production builds. */
  readonly dangerouslyAllowLocalIssuerInProduction?: boolean
  /** Public paths whose unsafe requests are not checked for cross-site forgery. They must not trust the session. */
  readonly dangerouslySkipCsrf?: readonly string[]
}
