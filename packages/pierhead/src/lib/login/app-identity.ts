import { createProvider } from '../oauth/provider.ts'
import { guardStore } from '../session/guarded-store.ts'
import { createSealer } from '../session/seal.ts'
import type { SessionStore } from '../session/session-store.ts'
import { createAppTokens } from './app-tokens.ts'
import { createBearerGuard, type BearerGuard, type BearerOptions } from './bearer.ts'
import { createCallerTokens } from './caller-tokens.ts'
import { systemClock, type Clock } from './clock.ts'
import { createEvents, stderrLogger, type Logger } from './events.ts'
import { createIntrospect } from './introspections.ts'
import type { TokenSource } from './options.ts'
import { checkIssuer, checkSecrets, checkText } from './settings.ts'
import type { SharedPlace } from './shared-tokens.ts'

/** What `createAppIdentity` needs to know. */
export interface AppIdentityOptions {
  /** Client id of a confidential client or resource server at Globus. */
  readonly clientId: string
  /** Secret of that client. It stays in this process and goes to the issuer alone. */
  readonly clientSecret: string
  /** Default: `GLOBUS_SDK_SERVICE_URL_AUTH` without its last slash, else `https://auth.globus.org`. */
  readonly issuer?: string
  /**
   * Lets all processes of the application use the same tokens: one asks, the others wait. `secrets` as in `createLogin`.
   * Default: each process has its own.
   */
  readonly shared?: { readonly store: SessionStore; readonly secrets: readonly string[] }
  /** Default: warnings and errors as JSON lines on standard error. */
  readonly logger?: Logger
  /** Sends the requests to the issuer. Default: Node's own. */
  readonly fetch?: typeof fetch
  /** Tells the time, for tests. Default: the system's. */
  readonly clock?: Clock
  /** Further origins that a provider's metadata may name. Default: the issuer's own only. */
  readonly endpointOrigins?: readonly string[]
  /** Allows an issuer on http or on this machine although `NODE_ENV` is `production`. For tests of production builds. */
  readonly dangerouslyAllowLocalIssuerInProduction?: boolean
}

/** The application as itself: no person, no browser, no session. */
export interface AppIdentity {
  /**
   * Tokens of the application's own identity, `<client id>@clients.auth.globus.org`, for as many resource servers as the
   * scopes belong to. Nothing is sent until the first is needed; keep the source, it keeps the tokens.
   */
  tokens(scopes: readonly string[]): TokenSource
  /** Checks the tokens of requests to an application that is a resource server itself. Adapters mount it. */
  bearer(options: BearerOptions): BearerGuard
}

/** Prepares an application to act as itself. Nothing is sent yet. Throws a `TypeError` that names a wrong option. */
export function createAppIdentity(options: AppIdentityOptions): AppIdentity {
  const { clock = systemClock, endpointOrigins } = options
  const issuer = checkIssuer(options)
  const clientId = checkText('clientId', options.clientId)
  const events = createEvents(options.logger ?? stderrLogger)
  const provider = createProvider({
    issuer,
    clientId,
    clientSecret: checkText('clientSecret', options.clientSecret),
    // Never sent: who acts as itself sends no browser anywhere.
    redirectUri: issuer,
    fetch: options.fetch ?? fetch,
    now: clock.now,
    ...(endpointOrigins && { endpointOrigins }),
    onStale: (cause) =>
      events.emit({ event: 'provider_stale', level: 'warn', message: cause.message, code: cause.code, cause }),
  })
  const shared = sharedPlace(options.shared, { clientId, now: clock.now })
  const introspect = createIntrospect({ provider, clock })
  const callerTokens = createCallerTokens({ provider, clock })
  return {
    tokens(scopes) {
      if (scopes.length === 0) throw new TypeError('scopes must name at least one scope.')
      return createAppTokens({ provider, clock, shared }, scopes)
    },
    bearer: (bearer) => createBearerGuard({ clientId, issuer, introspect, callerTokens, clock, events }, bearer),
  }
}

function sharedPlace(
  shared: AppIdentityOptions['shared'],
  { clientId, now }: { readonly clientId: string; readonly now: () => number },
): SharedPlace | undefined {
  if (shared === undefined) return undefined
  const secrets = checkSecrets(shared.secrets)
  return {
    store: guardStore(shared.store),
    sealer: createSealer({ secrets, purpose: 'app tokens', context: clientId, now }),
  }
}
