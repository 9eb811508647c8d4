import { randomBytes } from 'node:crypto'
import type { Provider } from '../oauth/provider.ts'
import { revokeToken } from '../oauth/revocation.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { Sealer, SealFailure } from '../session/seal.ts'
import type { SessionStore, StoredValue } from '../session/session-store.ts'
import type { Clock } from './clock.ts'
import type { Events } from './events.ts'

/** Tokens that nothing holds any more die at the provider: at once if it answers, else from a durable queue (RFC 7009). */
export interface Revocations {
  /**
   * Revokes every refresh token and every access token. Resolves after at most `deadline` milliseconds: what is not done
   * by then stays queued. Never throws.
   */
  revoke(tokens: readonly TokenSet[], deadline?: number): Promise<void>
  /** Works off what is due. Resolves with the number of jobs that are done. */
  drain(): Promise<number>
  /** Does the same in the background, for a moment at which the provider has just answered. */
  drainSoon(): void
}

interface Job {
  readonly tokens: readonly { readonly token: string; readonly hint: 'access_token' | 'refresh_token' }[]
  readonly attempts: number
  /** Epoch milliseconds after which nobody tries any more: the tokens are dead by then. */
  readonly until: number
}

export interface RevocationOptions {
  readonly provider: Provider
  readonly store: SessionStore
  readonly sealer: Sealer
  readonly clock: Clock
  readonly events: Events
}

const minute = 60_000
const defaultDeadline = 5000
/** Globus forgets an unused refresh token after six months. */
const refreshTokenLifetime = 183 * 24 * 60 * minute
const accessTokenLifetime = 48 * 60 * minute
const batch = 20

export function createRevocations(options: RevocationOptions): Revocations {
  const { store, clock } = options
  const drain = async (): Promise<number> => {
    let done = 0
    for (;;) {
      const jobs = await store.claim(batch, 2 * minute)
      for (const job of jobs) if (await work(options, job)) done += 1
      if (jobs.length < batch) return done
    }
  }
  return {
    drain,
    drainSoon: () => void attempt(options.events, drain),
    async revoke(sets, deadline = defaultDeadline) {
      const job = createJob(sets, clock.now())
      if (job.tokens.length === 0) return
      const id = newJobId()
      const sealed = options.sealer.seal(JSON.stringify(job))
      const queued = await attempt(options.events, () => store.enqueue(id, sealed, clock.now() + minute))
      const left = await revokeAll(options, job, clock.timeout(deadline))
      if (queued && left.length === 0) await attempt(options.events, () => store.settle(id))
    },
  }
}

/**
 * Of the tokens that nothing holds any more, those that nothing of `kept` is either: a provider may give the same refresh
 * token twice.
 */
export function withoutTokensOf(sets: readonly TokenSet[], kept: readonly TokenSet[]): TokenSet[] {
  const live = new Set(kept.flatMap((set) => [set.accessToken, set.refreshToken]))
  return sets.flatMap((set) => {
    const { refreshToken, ...rest } = set
    const refresh = refreshToken === undefined || live.has(refreshToken) ? {} : { refreshToken }
    const expired = live.has(set.accessToken) ? { expiresAt: 0 } : {}
    return [{ ...rest, ...refresh, ...expired }]
  })
}

/** The queue is a safety net. Where it fails, tokens are still revoked at once, if the provider answers. */
async function attempt(events: Events, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (cause) {
    const message = 'The queue of revocations could not be used. Is the session store reachable?'
    events.emit({ event: 'revocation_failed', level: 'error', message, cause })
    return false
  }
}

/** Refresh tokens first: while one lives, it can make new access tokens. */
function createJob(sets: readonly TokenSet[], now: number): Job {
  const isLive = (set: TokenSet): boolean => set.expiresAt === undefined || set.expiresAt * 1000 > now
  const refreshTokens = new Set(sets.flatMap((set) => set.refreshToken ?? []))
  const accessTokens = new Set(sets.filter(isLive).map((set) => set.accessToken))
  const refresh = [...refreshTokens].map((token) => ({ token, hint: 'refresh_token' as const }))
  const access = [...accessTokens].map((token) => ({ token, hint: 'access_token' as const }))
  const until = now + (refresh.length > 0 ? refreshTokenLifetime : accessTokenLifetime)
  return { tokens: [...refresh, ...access], attempts: 0, until }
}

/** The tokens that are not revoked yet. Access tokens wait for the refresh tokens. */
async function revokeAll(options: RevocationOptions, job: Job, signal: AbortSignal): Promise<Job['tokens']> {
  const left: Job['tokens'][number][] = []
  for (const hint of ['refresh_token', 'access_token'] as const) {
    const due = job.tokens.filter((entry) => entry.hint === hint)
    const results = await Promise.allSettled(due.map(({ token }) => revokeToken(options.provider, token, hint, signal)))
    for (const [index, result] of results.entries()) {
      const entry = due[index]
      if (result.status === 'fulfilled' || entry === undefined) continue
      left.push(entry)
      options.events.emit({
        event: 'revocation_failed',
        level: 'warn',
        message: 'A token could not be revoked and stays queued. Is the provider reachable?',
        cause: result.reason,
      })
    }
  }
  return left
}

/** True: the job is over. A job that fails comes back later and later, until its tokens have died by themselves. */
async function work(options: RevocationOptions, { id, value }: StoredValue): Promise<boolean> {
  const { store, clock, sealer } = options
  const opened = sealer.open(value)
  if ('failure' in opened) return passOn(options, { id, value }, opened.failure)
  // Sealed by revoke above or again below.
  const job = JSON.parse(opened.text) as Job
  const left = await revokeAll(options, job, clock.timeout(2 * defaultDeadline))
  if (left.length > 0 && clock.now() < job.until) {
    const attempts = job.attempts + 1
    const due = clock.now() + Math.min(60, 2 ** attempts) * minute
    await store.enqueue(newJobId(), sealer.seal(JSON.stringify({ ...job, tokens: left, attempts })), due)
  }
  await store.settle(id)
  return left.length === 0
}

/** While secrets change, another process may have the one that opens this job. What nobody can open is dropped. */
async function passOn(options: RevocationOptions, { id, value }: StoredValue, code: SealFailure): Promise<boolean> {
  const { store, clock, events } = options
  const message =
    'A queued revocation does not open here. Was a secret removed early, or do replicas have different ones?'
  events.emit({ event: 'revocation_failed', level: 'error', message, code })
  if (code === 'unknown_key') await store.enqueue(newJobId(), value, clock.now() + 60 * minute)
  await store.settle(id)
  return false
}

function newJobId(): string {
  return `revoke:${randomBytes(16).toString('base64url')}`
}
