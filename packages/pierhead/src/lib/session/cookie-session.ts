import { randomBytes } from 'node:crypto'
import { checkChunks, dropStaleChunks, readChunks, writeChunks } from './chunks.ts'
import type { CookiePolicy, OutgoingCookie } from './cookies.ts'
import { createEndedSessions } from './ended-sessions.ts'
import { createRemembered } from './remembered.ts'
import type { Sealer } from './seal.ts'
import type {
  HeldSession,
  JsonObject,
  NewSession,
  RequestCookies,
  SessionContent,
  SessionKeeper,
  SessionNotice,
  SessionView,
} from './session-keeper.ts'
import { absoluteEnd, isExpired, needsTouch, type SessionLimits, type SessionTimes } from './timeouts.ts'

export interface CookieSessionOptions {
  readonly policy: CookiePolicy
  readonly identitySealer: Sealer
  readonly tokenSealer: Sealer
  readonly limits: SessionLimits
  readonly now: () => number
  readonly rememberBytes: number
  /** Gives undefined, so that a refusal is one line: `return notice(…)`. */
  readonly notice: (notice: SessionNotice) => undefined
}

interface State {
  readonly sid: string
  /** Grows with every change of the content and stands in both values: a mix of two writes does not open. */
  readonly version: number
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

  const hold = (state: State, cookies: RequestCookies, unsent: boolean): HeldSession =>
    holdCookieSession({ ...options, names, ended, cookies, forget: () => forget(cookies) }, state, unsent)

  const forget = (cookies: RequestCookies): void => remembered.delete(readChunks(policy.session, cookies) ?? '')

  return {
    async open(cookies) {
      const state = read(cookies)
      if (state === undefined) return undefined
      if (isExpired(state.times, limits, now())) return options.notice('expired')
      if (ended.has(state.sid)) return options.notice('ended')
      if (!needsTouch(state.times, limits, now())) return hold(state, cookies, false)
      return hold({ ...state, times: { ...state.times, seen: now() } }, cookies, true)
    },
    async create(content: SessionContent, entry: NewSession, cookies: RequestCookies) {
      const times = { created: now(), seen: now(), ends: entry.ends }
      const sid = randomBytes(12).toString('base64url')
      return hold({ sid, version: 1, subject: entry.subject, times, content }, cookies, true)
    },
    clear: (cookies) => dropStaleChunks(names, cookies, []),
  }
}

interface HoldOptions extends CookieSessionOptions {
  readonly names: readonly string[]
  readonly ended: ReturnType<typeof createEndedSessions>
  readonly cookies: RequestCookies
  /** Drops what was opened from these cookies. */
  readonly forget: () => void
}

function holdCookieSession(options: HoldOptions, opened: State, changed: boolean): HeldSession {
  let state = opened
  let unsent = changed
  const view = (): SessionView => ({ content: state.content, leases: {} })
  if (unsent) checkChunks(writeState(options, state))
  return {
    sid: state.sid,
    subject: state.subject,
    times: state.times,
    shared: false,
    get view() {
      return view()
    },
    async update(change) {
      if (options.ended.has(state.sid)) return 'ended'
      const next = change(view())?.content
      if (next === undefined) return 'unchanged'
      const updated = { ...state, version: state.version + 1, content: next }
      checkChunks(writeState(options, updated))
      state = updated
      unsent = true
      return 'done'
    },
    reread: async () => !options.ended.has(state.sid),
    async end() {
      unsent = false
      options.forget()
      return options.ended.add(state.sid, absoluteEnd(state.times, options.limits)) ? state.content : undefined
    },
    takeCookies() {
      if (!unsent || options.ended.has(state.sid)) return []
      unsent = false
      const written = writeState(options, state)
      return [...written, ...dropStaleChunks(options.names, options.cookies, written)]
    },
  }
}

function writeState(options: CookieSessionOptions, state: State): OutgoingCookie[] {
  const { policy, limits, now } = options
  const { sid, version, subject, times, content } = state
  const maxAge = Math.ceil((absoluteEnd(times, limits) - now()) / 1000)
  const identity = options.identitySealer.seal(
    JSON.stringify({ sid, version, subject, times, identity: content.identity }),
  )
  const tokens = options.tokenSealer.seal(JSON.stringify({ sid, version, tokens: content.tokens }))
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
  const second = JSON.parse(tokens.text) as { sid: string; version: number; tokens: JsonObject }
  if (first.sid !== second.sid || first.version !== second.version) return options.notice('mismatch')
  const { sid, version, subject, times } = first
  return { sid, version, subject, times, content: { identity: first.identity, tokens: second.tokens } }
}
