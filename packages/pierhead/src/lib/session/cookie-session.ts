import { randomBytes } from 'node:crypto'
import { checkChunks, dropStaleChunks, readChunks, writeChunks } from './chunks.ts'
import type { OutgoingCookie } from './cookies.ts'
import { createEndedSessions, type EndedSessions } from './ended-sessions.ts'
import { createRemembered } from './remembered.ts'
import type { Sealer } from './seal.ts'
import type {
  HeldSession,
  JsonObject,
  KeeperOptions,
  NewSession,
  RequestCookies,
  SessionContent,
  SessionKeeper,
  SessionView,
  UpdateResult,
} from './session-keeper.ts'
import { absoluteEnd, isExpired, needsTouch, type SessionTimes } from './timeouts.ts'

export interface CookieSessionOptions extends KeeperOptions {
  readonly identitySealer: Sealer
  readonly tokenSealer: Sealer
}

interface State {
  readonly sid: string
  /** Random for each write and the same in both values: a mix of two writes does not open. */
  readonly write: string
  readonly subject: string
  readonly times: SessionTimes
  readonly content: SessionContent
}

/**
 * Sessions that live in the browser: who it is and the tokens as two sealed values side by side. Nothing is shared
 * between processes, so an ended session is remembered by the process that ended it and by no other.
 */
export function createCookieSessions(options: CookieSessionOptions): SessionKeeper {
  const { policy, limits, now } = options
  const names = [policy.session, `${policy.session}-tokens`]
  const remembered = createRemembered<{ tokens: string; state: State }>(options.rememberBytes)
  const ended = createEndedSessions(now)

  const read = (cookies: RequestCookies): State | undefined => {
    const identity = readChunks(policy.session, cookies)
    const tokens = readChunks(`${policy.session}-tokens`, cookies)
    if (identity === undefined || tokens === undefined) return undefined
    const known = remembered.get(identity)
    if (known?.tokens === tokens) return known.state
    const state = openState(options, identity, tokens)
    if (state !== undefined) remembered.set(identity, { tokens, state }, tokens.length)
    return state
  }

  const forget = (cookies: RequestCookies): void => remembered.delete(readChunks(policy.session, cookies) ?? '')
  const shared = { ...options, names, ended, forget }
  const hold = (state: State, cookies: RequestCookies, unsent: boolean): HeldSession =>
    new CookieSession(shared, cookies, { state, unsent })

  return {
    async open(cookies) {
      const state = read(cookies)
      if (state === undefined) return undefined
      if (isExpired(state.times, limits, now())) return options.notice('expired')
      if (ended.has(state.sid)) return options.notice('ended')
      if (!needsTouch(state.times, limits, now())) return hold(state, cookies, false)
      return hold({ ...state, write: newWrite(), times: { ...state.times, seen: now() } }, cookies, true)
    },
    recognize: (cookies) => read(cookies),
    async create(content: SessionContent, entry: NewSession, cookies: RequestCookies) {
      const times = { created: now(), seen: now(), ends: entry.ends }
      const sid = randomBytes(12).toString('base64url')
      return hold({ sid, write: newWrite(), subject: entry.subject, times, content }, cookies, true)
    },
    clear: (cookies) => dropStaleChunks(names, cookies, []),
  }
}

interface SharedParts extends CookieSessionOptions {
  readonly names: readonly string[]
  readonly ended: EndedSessions
  /** Drops what was opened from these cookies. */
  readonly forget: (cookies: RequestCookies) => void
}

/** A class, because one is made for every request and its accessors would be defined anew for each object literal. */
class CookieSession implements HeldSession {
  readonly shared = false
  readonly #options: SharedParts
  readonly #cookies: RequestCookies
  #state: State
  #unsent: boolean

  constructor(options: SharedParts, cookies: RequestCookies, { state, unsent }: { state: State; unsent: boolean }) {
    this.#options = options
    this.#cookies = cookies
    this.#state = state
    this.#unsent = unsent
    if (unsent) checkChunks(writeState(options, state))
  }

  get sid(): string {
    return this.#state.sid
  }

  get subject(): string {
    return this.#state.subject
  }

  get times(): SessionTimes {
    return this.#state.times
  }

  get view(): SessionView {
    return { content: this.#state.content, leases: {} }
  }

  async update(change: (view: SessionView) => Partial<SessionView> | undefined): Promise<UpdateResult> {
    if (this.#isEnded()) return 'ended'
    const next = change(this.view)?.content
    if (next === undefined) return 'unchanged'
    const updated = { ...this.#state, write: newWrite(), content: next }
    checkChunks(writeState(this.#options, updated))
    this.#state = updated
    this.#unsent = true
    return 'done'
  }

  async reread(): Promise<boolean> {
    return !this.#isEnded()
  }

  async end(): Promise<SessionContent | undefined> {
    this.#unsent = false
    this.#options.forget(this.#cookies)
    const { sid, times, content } = this.#state
    return this.#options.ended.add(sid, absoluteEnd(times, this.#options.limits)) ? content : undefined
  }

  takeCookies(): OutgoingCookie[] {
    if (!this.#unsent || this.#isEnded()) return []
    this.#unsent = false
    const written = writeState(this.#options, this.#state)
    return [...written, ...dropStaleChunks(this.#options.names, this.#cookies, written)]
  }

  #isEnded(): boolean {
    return this.#options.ended.has(this.#state.sid)
  }
}

function newWrite(): string {
  return randomBytes(6).toString('base64url')
}

function writeState(options: CookieSessionOptions, state: State): OutgoingCookie[] {
  const { policy, limits, now } = options
  const { sid, write, subject, times, content } = state
  const maxAge = Math.ceil((absoluteEnd(times, limits) - now()) / 1000)
  const identity = options.identitySealer.seal(
    JSON.stringify({ sid, write, subject, times, identity: content.identity }),
  )
  const tokens = options.tokenSealer.seal(JSON.stringify({ sid, write, tokens: content.tokens }))
  return [...writeChunks(policy.session, identity, maxAge), ...writeChunks(`${policy.session}-tokens`, tokens, maxAge)]
}

/** Both values authentic, of one session and of one write; else no session. */
function openState(options: CookieSessionOptions, identityText: string, tokensText: string): State | undefined {
  const identity = options.identitySealer.open(identityText)
  const tokens = options.tokenSealer.open(tokensText)
  if ('failure' in identity) return options.notice(identity.failure)
  if ('failure' in tokens) return options.notice(tokens.failure)
  // Sealed by writeState above, under a key that nothing else seals with.
  const first = JSON.parse(identity.text) as Omit<State, 'content'> & { identity: JsonObject }
  // Likewise.
  const second = JSON.parse(tokens.text) as { sid: string; write: string; tokens: JsonObject }
  if (first.sid !== second.sid || first.write !== second.write) return options.notice('mismatch')
  const { sid, write, subject, times } = first
  return { sid, write, subject, times, content: { identity: first.identity, tokens: second.tokens } }
}
