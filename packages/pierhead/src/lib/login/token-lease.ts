import { randomBytes } from 'node:crypto'
import { LoginError, LoginRequiredError } from '../../errors.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { HeldSession, Lease, SessionView } from '../session/session-keeper.ts'
import type { Clock } from './clock.ts'
import { isSameSet, tokenSetOf, withTokenSet } from './session-content.ts'

/** The right to refresh one token of one session, held by one process at a time. */
export interface TokenLease {
  /** Stores the new tokens unless somebody else stored newer ones, and gives the lease back. */
  complete(next: TokenSet): Promise<'done' | 'superseded' | 'ended'>
  /** Gives the lease back with the tokens as they are. */
  release(): Promise<void>
}

/** Either the lease, or the tokens that somebody else stored meanwhile. */
export type LeaseOutcome = { readonly lease: TokenLease } | { readonly current: TokenSet }

/** A lease whose counter stood still for a whole term, by the waiter's own clock, belongs to a dead process. */
const term = 5000
const raiseEvery = 1500
const firstPoll = 50
const longestPoll = 400
const longestWait = 40_000

export async function acquireLease(held: HeldSession, used: TokenSet, clock: Clock): Promise<LeaseOutcome> {
  const owner = randomBytes(9).toString('base64url')
  const started = clock.monotonic()
  let seen: { lease: Lease; since: number } | undefined
  for (let poll = firstPoll; clock.monotonic() - started < longestWait; poll = Math.min(longestPoll, poll * 2)) {
    const decision: { current?: TokenSet | undefined } = {}
    const expired = (lease: Lease): boolean => {
      if (seen === undefined || !sameLease(seen.lease, lease)) seen = { lease, since: clock.monotonic() }
      return clock.monotonic() - seen.since >= term
    }
    const result = await held.update((view) => {
      decision.current = tokenSetOf(view.content, used.resourceServer)
      const lease = view.leases[used.resourceServer]
      if (!isSameSet(decision.current, used) || (lease !== undefined && !expired(lease))) return undefined
      return writeLease(view, used.resourceServer, { owner, counter: (lease?.counter ?? 0) + 1 })
    })
    if (result === 'done') return { lease: holdLease(held, used, { owner, clock }) }
    if (result === 'ended' || decision.current === undefined) throw new LoginRequiredError('The session has ended.')
    if (!isSameSet(decision.current, used)) return { current: decision.current }
    await clock.wait(poll)
    if (!(await held.reread())) throw new LoginRequiredError('The session has ended.')
  }
  throw new LoginError('provider_timeout', `Another process is refreshing for more than ${longestWait} ms.`)
}

function holdLease(held: HeldSession, used: TokenSet, holder: { owner: string; clock: Clock }): TokenLease {
  const stop = new AbortController()
  const name = used.resourceServer
  const own = (view: SessionView): boolean => view.leases[name]?.owner === holder.owner
  const raising = keepRaised(held, { name, own, clock: holder.clock, signal: stop.signal })
  return {
    async complete(next) {
      stop.abort()
      await raising
      const result = await held.update((view) => {
        if (!isUnchanged(tokenSetOf(view.content, name), used)) return undefined
        return { content: withTokenSet(view.content, next), ...(own(view) ? dropLease(view, name) : {}) }
      })
      return result === 'unchanged' ? 'superseded' : result
    },
    async release() {
      stop.abort()
      await raising
      await held.update((view) => (own(view) ? dropLease(view, name) : undefined))
    },
  }
}

interface Raising {
  readonly name: string
  readonly own: (view: SessionView) => boolean
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Raises the counter until told to stop or until the lease is somebody else's. A store that fails here only lets it run out. */
async function keepRaised(held: HeldSession, { name, own, clock, signal }: Raising): Promise<void> {
  try {
    for (;;) {
      await clock.wait(raiseEvery, signal)
      const result = await held.update((view) => {
        const lease = view.leases[name]
        return lease === undefined || !own(view)
          ? undefined
          : writeLease(view, name, { owner: lease.owner, counter: lease.counter + 1 })
      })
      if (result !== 'done') return
    }
  } catch {
    return
  }
}

/** Providers that do not rotate leave the refresh token as it is: only the access token tells. A retired one may come back. */
function isUnchanged(current: TokenSet | undefined, used: TokenSet): boolean {
  return current?.refreshToken === undefined ? current?.accessToken === used.accessToken : isSameSet(current, used)
}

function sameLease(left: Lease, right: Lease): boolean {
  return left.owner === right.owner && left.counter === right.counter
}

function writeLease(view: SessionView, name: string, lease: Lease): Partial<SessionView> {
  return { leases: { ...view.leases, [name]: lease } }
}

function dropLease(view: SessionView, name: string): Partial<SessionView> {
  return { leases: Object.fromEntries(Object.entries(view.leases).filter(([other]) => other !== name)) }
}
