import { hash } from 'node:crypto'
import { isPierheadError, LoginError, LoginRequiredError, TokenResponseError } from '../../errors.ts'
import type { Provider } from '../oauth/provider.ts'
import { tokensOf } from '../oauth/refused-tokens-error.ts'
import { refreshTokens } from '../oauth/token-request.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { HeldSession } from '../session/session-keeper.ts'
import type { Clock } from './clock.ts'
import type { Events } from './events.ts'
import { withoutTokensOf, type Revocations } from './revocations.ts'
import { identityOf, isSameSet, tokenSetOf, tokenSetsOf, withTokenSet } from './session-content.ts'
import { acquireLease, type TokenLease } from './token-lease.ts'

/** Gives a session's access tokens and refreshes them: once per expiry, however many ask, in however many processes. */
export interface TokenRefresher {
  /** `refused`: a token that a service answered 401 to. If it is still the one held, it is refreshed before its time. */
  accessToken(held: HeldSession, resourceServer: string, refused?: string): Promise<string>
  /** Something of a session that lives in cookies ends within five minutes, and `refreshAhead` would renew it. */
  isDue(held: HeldSession): boolean
  /**
   * For a session that lives in cookies: renews what ends within five minutes, so that the cookies leave with the headers.
   * Waits two seconds at most, once; what comes later is found by the requests after this one. Never throws for the provider.
   */
  refreshAhead(held: HeldSession): Promise<void>
  /** For a session that ended: what was refreshed for it in the last seconds and its cookies may not have. */
  forget(sid: string): TokenSet[]
}

export interface RefresherOptions {
  readonly provider: Provider
  readonly clock: Clock
  readonly events: Events
  readonly revocations: Revocations
}

/** Seconds before expiry at which a token is refreshed. */
const margin = 60
const refreshDeadline = 30_000
/** Callers whose old token still lives wait this long for the new one. */
const patience = 10_000
/** A result is kept for callers that still come with the old refresh token. */
const keepResult = 30_000
/** After a failure nobody asks again for a moment. */
const keepFailure = 1000
/** Seconds before expiry at which tokens of a cookie session are renewed, while headers can still be set. */
const aheadMargin = 300
/** Milliseconds for which a request waits that needs no new token yet. */
const aheadPatience = 2000
/** Milliseconds without such attempts after a failure. */
const aheadPause = 30_000

interface Flight {
  readonly sid: string
  readonly result: Promise<TokenSet>
  /** What nobody but this process and a browser has. */
  readonly landed: TokenSet[]
  /** Monotonic milliseconds. */
  readonly started: number
  /** Monotonic milliseconds; infinite while under way. */
  until: number
  hasFailed: boolean
}

export function createTokenRefresher(options: RefresherOptions): TokenRefresher {
  const { clock } = options
  const flights = new Map<string, Flight>()

  const join = (held: HeldSession, used: TokenSet): Flight => {
    for (const [key, { until, hasFailed }] of flights) {
      if (until + (hasFailed ? aheadPause : 0) <= clock.monotonic()) flights.delete(key)
    }
    const key = flightKey(held, used)
    const known = flights.get(key)
    if (known !== undefined && known.until > clock.monotonic()) return known
    const landed: TokenSet[] = []
    const result = refresh(options, { held, used, landed })
    const started = clock.monotonic()
    const flight: Flight = { sid: held.sid, result, landed, started, until: Infinity, hasFailed: false }
    flights.set(key, flight)
    flight.result.then(
      () => (flight.until = clock.monotonic() + keepResult),
      () => {
        flight.until = clock.monotonic() + keepFailure
        flight.hasFailed = true
      },
    )
    return flight
  }
  const share = (held: HeldSession, used: TokenSet): Promise<TokenSet> => join(held, used).result

  return {
    async accessToken(held, resourceServer, refused) {
      const set = tokenSetOf(held.view.content, resourceServer)
      if (set === undefined) throw missing(resourceServer)
      if (set.accessToken === refused) return (await replaceRefused(options, { held, set, share })).accessToken
      const left = set.expiresAt === undefined ? Infinity : set.expiresAt - clock.now() / 1000
      if (left > margin) return set.accessToken
      if (set.refreshToken === undefined) {
        if (left > 0) return set.accessToken
        throw new LoginRequiredError(
          `The access token for ${resourceServer} has expired and there is no refresh token.`,
        )
      }
      const refreshed = share(held, set).then((next) => adopt(held, set, next))
      return left > 0
        ? firstUsable(refreshed, set, Math.min(patience, left * 1000), clock)
        : (await refreshed).accessToken
    },
    isDue: (held) => !held.shared && tokenSetsOf(held.view.content).some((set) => endsSoon(set, clock.now())),
    async refreshAhead(held) {
      const due = held.shared ? [] : tokenSetsOf(held.view.content).filter((set) => endsSoon(set, clock.now()))
      const renew = (set: TokenSet): Promise<void> => {
        const last = flights.get(flightKey(held, set))
        return renewAhead(clock, { held, set, last, join: () => join(held, set) })
      }
      if (due.length > 0) await Promise.all(due.map(renew))
    },
    forget: (sid) => [...flights.values()].flatMap((flight) => (flight.sid === sid ? flight.landed : [])),
  }
}

function endsSoon({ refreshToken, expiresAt = Infinity }: TokenSet, now: number): boolean {
  return refreshToken !== undefined && expiresAt - now / 1000 <= aheadMargin
}

interface RenewalAhead {
  readonly held: HeldSession
  readonly set: TokenSet
  /** The last attempt of the last half minute. */
  readonly last: Flight | undefined
  readonly join: () => Flight
}

async function renewAhead(clock: Clock, { held, set, last, join }: RenewalAhead): Promise<void> {
  const lives = (set.expiresAt ?? Infinity) > clock.now() / 1000
  if (lives && last?.hasFailed === true) return
  const flight = join()
  const renewed = flight.result.then((next) => adopt(held, set, next)).catch(keep(set))
  const wait = flight.started + (lives ? aheadPatience : patience) - clock.monotonic()
  if (flight.until !== Infinity) await renewed
  else if (wait > 0) await untilLate(renewed, wait, clock)
}

/** What was refreshed in the last 30 s comes back as it is, so that a service that refuses everything costs one refresh. */
async function replaceRefused(
  { revocations }: RefresherOptions,
  {
    held,
    set,
    share,
  }: { held: HeldSession; set: TokenSet; share: (held: HeldSession, used: TokenSet) => Promise<TokenSet> },
): Promise<TokenSet> {
  if (set.refreshToken === undefined) {
    throw new LoginRequiredError(
      `The access token for ${set.resourceServer} was refused, and there is no refresh token.`,
    )
  }
  const next = await share(held, set).then((shared) => adopt(held, set, shared))
  // It may live on at the provider for two days, and no logout would find it. Nobody needs to wait for its end.
  void revocations.revoke(withoutTokensOf([set], [next]))
  return next
}

/** Session, resource server and token: one person's result can never reach another (SEC-49). */
function flightKey(held: HeldSession, used: TokenSet): string {
  return hash('sha256', JSON.stringify([held.sid, used.resourceServer, used.refreshToken]), 'base64url')
}

/** The new token if it comes in time, else the old one, which still lives. The refresh goes on by itself. */
async function firstUsable(refreshed: Promise<TokenSet>, old: TokenSet, wait: number, clock: Clock): Promise<string> {
  return ((await untilLate(refreshed.catch(keep(old)), wait, clock)) ?? old).accessToken
}

/** Undefined: it did not come within so many milliseconds. */
async function untilLate<T>(work: Promise<T>, wait: number, clock: Clock): Promise<T | undefined> {
  const done = new AbortController()
  const late = clock.wait(wait, done.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([work, late])
  } finally {
    done.abort()
  }
}

/** Neither an outage nor a dead refresh token takes away an access token that still lives. */
function keep(old: TokenSet): (error: unknown) => TokenSet {
  return (error) => {
    if (isPierheadError(error)) return old
    throw error
  }
}

interface Refresh {
  readonly held: HeldSession
  readonly used: TokenSet
  readonly landed: TokenSet[]
}

async function refresh(options: RefresherOptions, { held, used, landed }: Refresh): Promise<TokenSet> {
  try {
    if (!held.shared) return await refreshAlone(options, { held, used, landed })
    const outcome = await acquireLease(held, used, options.clock)
    return 'current' in outcome
      ? outcome.current
      : await refreshUnderLease(options, { held, used, lease: outcome.lease })
  } catch (error) {
    if (isDead(error)) return retire(held, used, error)
    throw error
  }
}

/** Either this sees that the session ended meanwhile, or whoever ends it finds the result among what has landed. */
async function refreshAlone(options: RefresherOptions, { held, used, landed }: Refresh): Promise<TokenSet> {
  const next = await grant(options, held, used)
  landed.push(next)
  if (await held.reread()) return next
  await options.revocations.revoke([next])
  throw new LoginRequiredError('The session has ended.')
}

async function refreshUnderLease(
  options: RefresherOptions,
  { held, used, lease }: { held: HeldSession; used: TokenSet; lease: TokenLease },
): Promise<TokenSet> {
  const next = await grant(options, held, used).catch(async (error: unknown) => {
    await lease.release()
    throw error
  })
  const result = await lease.complete(next)
  if (result === 'done') return next
  const current = result === 'ended' ? undefined : tokenSetOf(held.view.content, used.resourceServer)
  await options.revocations.revoke(withoutTokensOf([next], current === undefined ? [] : [current]))
  if (current === undefined) throw new LoginRequiredError('The session has ended.')
  return current
}

async function grant(options: RefresherOptions, held: HeldSession, used: TokenSet): Promise<TokenSet> {
  const { resourceServer, refreshToken = '' } = used
  const { sub } = identityOf(held.view.content).claims
  const about = { subject: sub, sid: held.sid, resourceServer }
  try {
    const request = { refreshToken, resourceServer, subject: sub }
    const next = await refreshTokens(options.provider, request, options.clock.timeout(refreshDeadline))
    options.events.emit({ event: 'token_refreshed', level: 'info', message: 'A token was refreshed.', ...about })
    if (!held.shared && next.refreshToken !== refreshToken) warnOfRotation(options.events, about)
    return next
  } catch (error) {
    options.events.emit({
      event: 'token_refresh_failed',
      level: 'warn',
      message: 'A token could not be refreshed.',
      ...(isPierheadError(error) ? { code: error.code } : {}),
      ...about,
      cause: error,
    })
    await options.revocations.revoke(tokensOf(error))
    throw error
  }
}

/** The provider says that this refresh token is dead. If nobody used it with success meanwhile, the session forgets it. */
async function retire(held: HeldSession, used: TokenSet, cause: unknown): Promise<TokenSet> {
  const { refreshToken: _dead, ...rest } = used
  await held.reread()
  await held.update((view) => {
    const current = tokenSetOf(view.content, used.resourceServer)
    return isSameSet(current, used) ? { content: withTokenSet(view.content, rest) } : undefined
  })
  const current = tokenSetOf(held.view.content, used.resourceServer)
  if (current?.refreshToken !== undefined) return current
  throw new LoginRequiredError(`The refresh token for ${used.resourceServer} is not valid any more.`, { cause })
}

/** A session that nobody shares takes the result into its own cookies. */
async function adopt(held: HeldSession, used: TokenSet, next: TokenSet): Promise<TokenSet> {
  if (held.shared) return next
  await held.update((view) =>
    tokenSetOf(view.content, used.resourceServer)?.refreshToken === used.refreshToken
      ? { content: withTokenSet(view.content, next) }
      : undefined,
  )
  return next
}

function isDead(error: unknown): boolean {
  return error instanceof TokenResponseError && error.error === 'invalid_grant'
}

function missing(resourceServer: string): LoginError {
  return new LoginError(
    'token_missing',
    `The session has no token for ${resourceServer}: the login asks for none of its scopes.`,
  )
}

function warnOfRotation(events: Events, about: { subject: string; sid: string; resourceServer: string }): void {
  events.emit({
    event: 'token_refreshed',
    level: 'warn',
    message:
      'The provider rotates refresh tokens and sessions live in cookies: parallel requests can lose a token. Use a store.',
    ...about,
  })
}
