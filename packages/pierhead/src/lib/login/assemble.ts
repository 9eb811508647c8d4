import { createHmac, hkdfSync } from 'node:crypto'
import { createProvider } from '../oauth/provider.ts'
import { createCookieSessions } from '../session/cookie-session.ts'
import { createCookiePolicy, type CookiePolicy } from '../session/cookies.ts'
import { guardStore } from '../session/guarded-store.ts'
import { createSealer, type Sealer } from '../session/seal.ts'
import type { SessionKeeper, SessionNotice } from '../session/session-keeper.ts'
import type { RecordSealers } from '../session/session-record.ts'
import type { SessionStore } from '../session/session-store.ts'
import { createStoredSessions } from '../session/stored-session.ts'
import type { LoginContext } from './context.ts'
import { csrfSecret } from './csrf.ts'
import { createEvents, type Events } from './events.ts'
import type { GroupsReader } from './group-guard.ts'
import { createIntrospect } from './introspections.ts'
import type { LoginOptions } from './options.ts'
import { createPages } from './pages.ts'
import { createRevocations } from './revocations.ts'
import { resolveSettings, type Settings } from './settings.ts'
import { createShortCache } from './short-cache.ts'
import { createTokenRefresher } from './token-refresher.ts'
import { createTransactions } from './transactions.ts'

/** Milliseconds for which an answer of Groups is kept at most, whatever a guard asks for. */
const longestGroups = 300_000

/** What login takes from other parts of the package, which it does not know. */
export interface Outside {
  /** Keeps used states and queued revocations where no session store is configured. */
  readonly processStore: SessionStore
  readonly groups: GroupsReader
}

/** Puts the parts of one login together. The only place that knows all of them. */
export function assemble<Data>(options: LoginOptions<Data>, { processStore, groups }: Outside): LoginContext {
  const settings = resolveSettings(options)
  const events = createEvents(settings.logger)
  const { clock } = settings
  const policy = createCookiePolicy(settings)
  const sessionStore = options.session.store === undefined ? undefined : guardStore(options.session.store)
  const store = sessionStore ?? processStore
  const sealerFor = createSealers(settings, policy)
  const provider = createProvider({
    issuer: settings.issuer,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    redirectUri: settings.redirectUri,
    fetch: options.fetch ?? fetch,
    now: clock.now,
    ...(options.endpointOrigins === undefined ? {} : { endpointOrigins: options.endpointOrigins }),
    onStale: (cause) =>
      events.emit({ event: 'provider_stale', level: 'warn', message: cause.message, code: cause.code, cause }),
  })
  const revocations = createRevocations({ provider, store, clock, events, sealer: sealerFor('revocation') })
  const sealers = { content: sealerFor('content'), card: sealerFor('card'), capsule: sealerFor('capsule') }
  return {
    settings,
    events,
    provider,
    policy,
    store,
    sealers,
    revocations,
    keeper: createKeeper({ settings, policy, events, sealerFor, sealers, store: sessionStore }),
    transactions: createTransactions({ policy, store, sealer: sealerFor('transaction'), now: clock.now }),
    loginRequests: sealerFor('login request'),
    keptForms: sealerFor('kept form'),
    refresher: createTokenRefresher({ provider, clock, events, revocations }),
    introspect: createIntrospect({ provider, clock }),
    groups: { reader: groups, cache: createShortCache(clock.monotonic, longestGroups) },
    pages: createPages(options.pages ?? {}, `'self' ${new URL(settings.issuer).origin}`),
    subjectHashes: createSubjectHashes(settings),
    csrfSecrets: createCsrfSecrets(settings, policy),
    onLogin: options.onLogin,
  }
}

/** One sealer per purpose. The session's cookie name stands for the application: it carries client id and redirect URI. */
function createSealers(settings: Settings, policy: CookiePolicy): (purpose: string) => Sealer {
  const { secrets, clock } = settings
  const context = `${settings.clientId}\n${policy.session}`
  return (purpose) => createSealer({ secrets, purpose, context, now: clock.now })
}

interface KeeperParts {
  readonly settings: Settings
  readonly policy: CookiePolicy
  readonly events: Events
  readonly sealerFor: (purpose: string) => Sealer
  readonly sealers: RecordSealers
  readonly store: SessionStore | undefined
}

function createKeeper({ settings, policy, events, sealerFor, sealers, store }: KeeperParts): SessionKeeper {
  const { limits, clock, rememberBytes } = settings
  const common = { policy, limits, rememberBytes, now: clock.now, notice: createNotice(events) }
  return store === undefined
    ? createCookieSessions({ ...common, identitySealer: sealerFor('identity'), tokenSealer: sealerFor('tokens') })
    : createStoredSessions({ ...common, store, sealers, cookieSealer: sealerFor('ticket') })
}

const notices: { readonly [notice in SessionNotice]: readonly ['info' | 'warn', string] } = {
  unknown_key: [
    'warn',
    'A session was sealed with a secret that is not configured here. Replicas with different secrets?',
  ],
  damaged: ['warn', 'A session did not open: it was changed on the way, or belongs to another application.'],
  malformed: ['info', 'A session cookie is not one of ours.'],
  mismatch: ['warn', 'The two values of a cookie session are of different writes.'],
  ended: ['info', 'A cookie of an ended session came back.'],
  expired: ['info', 'A session has expired.'],
  not_touched: ['warn', 'The session store reads but does not write.'],
}

function createNotice(events: Events): (notice: SessionNotice) => undefined {
  return (notice) => {
    const [level, message] = notices[notice]
    events.emit({ event: 'session_refused', level, code: notice, message })
    return undefined
  }
}

function createCsrfSecrets({ secrets, clientId }: Settings, policy: CookiePolicy): LoginContext['csrfSecrets'] {
  const [first = new Uint8Array(32), ...others] = secrets.map(
    (secret) => new Uint8Array(hkdfSync('sha256', secret, '', `pierhead 1 csrf\n${clientId}\n${policy.session}`, 32)),
  )
  return (sid) => [csrfSecret(first, sid), ...others.map((key) => csrfSecret(key, sid))]
}

/** A database that is stolen does not say whose the sessions are: subjects are hashed with a key from each secret. */
function createSubjectHashes(settings: Settings): LoginContext['subjectHashes'] {
  const [first, ...others] = settings.secrets.map(
    (secret) => new Uint8Array(hkdfSync('sha256', secret, '', 'pierhead 1 subject', 32)),
  )
  const hashWith = (key: Uint8Array, subject: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([settings.issuer, subject]))
      .digest('base64url')
  return (subject) => [hashWith(first ?? new Uint8Array(32), subject), ...others.map((key) => hashWith(key, subject))]
}
