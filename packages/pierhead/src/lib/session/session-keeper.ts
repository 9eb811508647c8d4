import type { CookiePolicy, OutgoingCookie } from './cookies.ts'
import type { SessionLimits, SessionTimes } from './timeouts.ts'

/** Plain JSON, as far as the compiler can say it. */
export type JsonObject = { readonly [key: string]: unknown }

/** What a session holds. The two parts are sealed apart in a cookie session; neither means anything to this layer. */
export interface SessionContent {
  readonly identity: JsonObject
  readonly tokens: JsonObject
}

/** Who is refreshing what; raised by the owner while it works, so that a waiter can tell a slow owner from a dead one. */
export interface Lease {
  readonly owner: string
  readonly counter: number
}

export interface SessionView {
  readonly content: SessionContent
  readonly leases: { readonly [name: string]: Lease }
}

/** `ended`: the session does not exist any more, and nothing was written. */
export type UpdateResult = 'done' | 'unchanged' | 'ended'

/** One session as one request holds it. */
export interface HeldSession {
  /** Public handle: names the session in logs and lists, opens nothing. */
  readonly sid: string
  /** Keyed hash of issuer and subject. */
  readonly subject: string
  readonly times: SessionTimes
  /** Every process that uses the store sees the same session. False: what this process does is seen by its browser only. */
  readonly shared: boolean
  readonly view: SessionView
  /**
   * Applies `change` to the newest state, as often as it takes until nobody else wrote in between. `change` returns the
   * parts to replace, or undefined to leave all as it is; it must have no effects of its own.
   */
  update(change: (view: SessionView) => Partial<SessionView> | undefined): Promise<UpdateResult>
  /** Reads the newest state. False: the session ended. */
  reread(): Promise<boolean>
  /** Ends the session. Its last content goes to the one caller that ended it. */
  end(): Promise<SessionContent | undefined>
  /** Cookies that must reach the browser because of what was done since the last call. */
  takeCookies(): OutgoingCookie[]
}

export interface NewSession {
  readonly subject: string
  /** Epoch milliseconds; the session ends here at the latest. */
  readonly ends: number
  /** What the browser calls itself, for lists of sessions; at most 200 characters. */
  readonly browser: string
}

export type RequestCookies = ReadonlyMap<string, string>

/** Why a cookie or record could not be used, for the log: never its text. */
export type SessionNotice = 'unknown_key' | 'damaged' | 'malformed' | 'mismatch' | 'ended' | 'expired' | 'not_touched'

export interface SessionKeeper {
  /** Undefined: no session. A cookie that is not good is never an error. Throws only when the store cannot be asked. */
  open(cookies: RequestCookies): Promise<HeldSession | undefined>
  /** Whose session these cookies are from, if they are authentic. It may be over. Nothing is asked of the store. */
  recognize(cookies: RequestCookies): { readonly sid: string; readonly subject: string } | undefined
  create(content: SessionContent, entry: NewSession, cookies: RequestCookies): Promise<HeldSession>
  /** Deletes every session cookie that the browser sent. */
  clear(cookies: RequestCookies): OutgoingCookie[]
}

/** What every keeper is made with. */
export interface KeeperOptions {
  readonly policy: CookiePolicy
  readonly limits: SessionLimits
  readonly now: () => number
  readonly rememberBytes: number
  /** Gives undefined, so that a refusal is one line: `return notice(…)`. */
  readonly notice: (notice: SessionNotice) => undefined
}
