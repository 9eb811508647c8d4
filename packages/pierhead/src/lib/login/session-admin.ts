import { listSessions, type ListedSession } from '../session/session-census.ts'
import type { LoginContext } from './context.ts'
import { tokenSetsIn } from './session-content.ts'

/** A session as its owner sees it from another browser. */
export interface SessionInfo {
  /** Public handle, the same as `LoginSession.id`. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Epoch milliseconds, exact to about a minute. */
  readonly seenAt: number
  /** The `User-Agent` at login, at most 200 characters. A stranger's text. */
  readonly browser: string
}

export async function* sessionsOf(context: LoginContext, subject: string): AsyncIterable<SessionInfo> {
  for await (const listed of list(context, subject)) yield describe(listed)
}

/** Ends sessions and revokes what they held. The number counts those that this call ended. */
export async function endSessions(
  context: LoginContext,
  subject: string,
  which: (session: SessionInfo) => boolean = () => true,
): Promise<number> {
  let ended = 0
  for await (const listed of list(context, subject)) {
    if (!which(describe(listed))) continue
    const capsule = await listed.end()
    if (capsule === undefined) continue
    ended += 1
    const message = 'A session was ended from elsewhere.'
    context.events.emit({ event: 'session_ended', level: 'info', message, subject, sid: listed.sid })
    await context.revocations.revoke(tokenSetsIn(capsule))
  }
  return ended
}

/** Under every configured secret: a session keeps the hash of the secret that was first when it was made. */
async function* list(context: LoginContext, subject: string): AsyncIterable<ListedSession> {
  const { store, sealers, settings } = context
  for (const hashed of context.subjectHashes(subject)) {
    yield* listSessions({ store, sealers, now: settings.clock.now }, hashed)
  }
}

function describe({ sid, times, browser }: ListedSession): SessionInfo {
  return { id: sid, createdAt: times.created, seenAt: times.seen, browser }
}
