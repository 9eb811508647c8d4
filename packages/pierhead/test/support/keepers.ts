import { createCookieSessions } from '../../src/lib/session/cookie-session.ts'
import { createCookiePolicy, type OutgoingCookie } from '../../src/lib/session/cookies.ts'
import { createSealer } from '../../src/lib/session/seal.ts'
import type {
  HeldSession,
  NewSession,
  SessionContent,
  SessionKeeper,
  SessionNotice,
} from '../../src/lib/session/session-keeper.ts'
import type { RecordSealers } from '../../src/lib/session/session-record.ts'
import type { SessionStore } from '../../src/lib/session/session-store.ts'
import { createStoredSessions } from '../../src/lib/session/stored-session.ts'
import { memoryStore } from '../../src/session-store/memory.ts'
import { createTestClock, type TestClock } from './clock.ts'

export const idle = 3600
export const absolute = 4 * 3600
export const firstSecret = 'first-secret-first-secret-first-secret'

export const policy = createCookiePolicy({ clientId: 'app', redirectUri: 'https://portal.example/login' })

export const content: SessionContent = {
  identity: { claims: { sub: 'CANARY-subject', name: 'CANARY-name' }, data: 0 },
  tokens: { 'transfer.api.globus.org': { accessToken: 'CANARY-access', refreshToken: 'CANARY-refresh' } },
}

/** One kind of session keeper with everything around it that a test looks at. */
export interface KeeperRig {
  readonly keeper: SessionKeeper
  readonly clock: TestClock
  readonly store: SessionStore
  readonly sealers: RecordSealers
  readonly notices: SessionNotice[]
  /** The keeper of another process, or of the same one after a change of secrets. */
  readonly again: (options?: { secrets?: readonly string[]; rememberBytes?: number }) => SessionKeeper
  /** A session of someone, with the cookies that their browser holds. */
  readonly begin: (
    more?: Partial<NewSession>,
    what?: SessionContent,
  ) => Promise<{ held: HeldSession; jar: Map<string, string> }>
}

export interface KeeperOptions {
  readonly store?: SessionStore
  readonly rememberBytes?: number
}

export const kinds = { cookie: createCookieRig, stored: createStoredRig } as const

function createCookieRig(options: KeeperOptions = {}): KeeperRig {
  return createKeeperRig('cookie', options)
}

function createStoredRig(options: KeeperOptions = {}): KeeperRig {
  return createKeeperRig('stored', options)
}

function createKeeperRig(
  kind: 'cookie' | 'stored',
  { store: given, rememberBytes = 1_000_000 }: KeeperOptions,
): KeeperRig {
  const clock = createTestClock()
  const store = given ?? memoryStore({ now: () => clock.now() })
  const notices: SessionNotice[] = []
  const sealerFor = (purpose: string, secrets: readonly string[]) =>
    createSealer({ secrets, purpose, context: 'app', now: () => clock.now() })
  const sealersFor = (secrets: readonly string[]): RecordSealers => ({
    content: sealerFor('content', secrets),
    card: sealerFor('card', secrets),
    capsule: sealerFor('capsule', secrets),
  })
  const again: KeeperRig['again'] = ({ secrets = [firstSecret], rememberBytes: bytes = rememberBytes } = {}) => {
    const notice = (each: SessionNotice): undefined => void notices.push(each)
    const common = { policy, limits: { idle, absolute }, now: () => clock.now(), rememberBytes: bytes, notice }
    return kind === 'cookie'
      ? createCookieSessions({
          ...common,
          identitySealer: sealerFor('identity', secrets),
          tokenSealer: sealerFor('tokens', secrets),
        })
      : createStoredSessions({
          ...common,
          store,
          sealers: sealersFor(secrets),
          cookieSealer: sealerFor('ticket', secrets),
        })
  }
  const keeper = again()
  return {
    keeper,
    clock,
    store,
    sealers: sealersFor([firstSecret]),
    notices,
    again,
    async begin(more = {}, what = content) {
      const entry = { subject: 'hashed-subject', ends: clock.now() + absolute * 1000, browser: 'TestBrowser', ...more }
      const held = await keeper.create(what, entry, new Map())
      const jar = new Map<string, string>()
      receive(jar, held.takeCookies())
      return { held, jar }
    },
  }
}

/** What a browser does with cookies that it is sent. */
export function receive(jar: Map<string, string>, cookies: readonly OutgoingCookie[]): void {
  for (const { name, value, maxAge } of cookies) {
    if (maxAge <= 0) jar.delete(name)
    else jar.set(name, value)
  }
}

export const setData = (data: unknown) => (view: { content: SessionContent }) => ({
  content: { ...view.content, identity: { ...view.content.identity, data } },
})

export const dataOf = (held: HeldSession | undefined): unknown => held?.view.content.identity['data']
