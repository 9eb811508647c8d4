import { hash, timingSafeEqual } from 'node:crypto'
import { LoginError } from '../../errors.ts'
import { cookieBytes, maxAllCookieBytes, type CookiePolicy, type OutgoingCookie } from '../session/cookies.ts'
import type { Sealer } from '../session/seal.ts'
import type { RequestCookies } from '../session/session-keeper.ts'
import type { SessionStore } from '../session/session-store.ts'

/** One login under way, kept in a sealed cookie of its own, so that any number of tabs can log in side by side. */
export interface Transaction {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly issuer: string
  /** A local path; checked when it was put in. */
  readonly returnTo: string
  /** The requirement that this login is to meet, when a session that exists asked for it. */
  readonly stepUp?: string
  /** Of that requirement, what Globus does not show later: `mfa` and the ids of policies. */
  readonly asked?: readonly string[]
  /** Epoch milliseconds. */
  readonly created: number
}

export interface Transactions {
  /** Cookies that keep a new transaction and drop what is too old or too much. */
  start(transaction: Transaction, cookies: RequestCookies): OutgoingCookie[]
  /**
   * The transaction of a state, once: a second call with the same state throws `login_replayed`, on every process that
   * shares the store. Throws `unknown_login` when this browser has none, `login_expired` after ten minutes.
   */
  take(state: string, cookies: RequestCookies): Promise<Transaction>
  /** Where the login of a state was going, also when it cannot be finished any more. */
  returnTo(state: string, cookies: RequestCookies): string | undefined
  /** Deletes the cookie of a state, if the browser sent one. */
  finish(state: string, cookies: RequestCookies): OutgoingCookie[]
}

const lifetime = 600
const maxUnfinished = 6

export interface TransactionOptions {
  readonly policy: CookiePolicy
  readonly sealer: Sealer
  readonly store: SessionStore
  readonly now: () => number
}

export function createTransactions(options: TransactionOptions): Transactions {
  const { policy, sealer, store, now } = options
  const nameOf = (state: string): string => policy.transactionPrefix + hash('sha256', state, 'base64url').slice(0, 12)
  return {
    start(transaction, cookies) {
      const cookie = {
        name: nameOf(transaction.state),
        value: sealer.seal(JSON.stringify(transaction)),
        maxAge: lifetime,
      }
      return [cookie, ...evict(options, cookies, cookieBytes(cookie.name, cookie.value))]
    },
    async take(state, cookies) {
      const transaction = open(sealer, cookies.get(nameOf(state)))
      if (transaction === undefined || !equal(transaction.state, state)) {
        throw new LoginError('unknown_login', 'This browser has no login under way with the state that came back.')
      }
      if (now() - transaction.created > lifetime * 1000) {
        throw new LoginError('login_expired', `The login was started more than ${lifetime} seconds ago.`)
      }
      const used = `state:${hash('sha256', state, 'base64url')}`
      const expiresAt = transaction.created + 2 * lifetime * 1000
      if (await store.create(used, 'used', { subject: '', expiresAt })) return transaction
      throw new LoginError('login_replayed', 'The state that came back was used before.')
    },
    returnTo: (state, cookies) => open(sealer, cookies.get(nameOf(state)))?.returnTo,
    finish(state, cookies) {
      const name = nameOf(state)
      return cookies.has(name) ? [{ name, value: '', maxAge: 0 }] : []
    },
  }
}

/** Keeps the newest transactions that fit, one fewer than the limit for the one that is being added. */
function evict(options: TransactionOptions, cookies: RequestCookies, added: number): OutgoingCookie[] {
  const { policy, sealer, now } = options
  const own = [...cookies].filter(([name]) => name.startsWith(policy.transactionPrefix))
  const others = [...cookies].filter(([name]) => !name.startsWith(policy.transactionPrefix))
  let room = maxAllCookieBytes - added - others.reduce((sum, [name, value]) => sum + cookieBytes(name, value), 0)
  const newestFirst = own
    .map(([name, value]) => ({ name, bytes: cookieBytes(name, value), created: open(sealer, value)?.created ?? 0 }))
    .toSorted((left, right) => right.created - left.created)
  return newestFirst
    .filter(({ bytes, created }, index) => {
      room -= bytes
      return index >= maxUnfinished - 1 || room < 0 || now() - created > lifetime * 1000
    })
    .map(({ name }) => ({ name, value: '', maxAge: 0 }))
}

function open(sealer: Sealer, cookie: string | undefined): Transaction | undefined {
  const opened = cookie === undefined ? undefined : sealer.open(cookie)
  if (opened === undefined || 'failure' in opened) return undefined
  // Sealed by start above, under a key that nothing else seals with.
  return JSON.parse(opened.text) as Transaction
}

function equal(left: string, right: string): boolean {
  const bytes = Buffer.from(left)
  const other = Buffer.from(right)
  return bytes.length === other.length && timingSafeEqual(bytes, other)
}
