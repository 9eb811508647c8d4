import { LoginRequiredError, type Clock, type Login, type LoginSession } from 'pierhead'

/** Ends what goes on for long, such as an upload, with the session in which it was begun. */
export interface SessionEnds {
  /**
   * Watches a session for as long as a piece of work takes. `isStillRight` is asked again now and then: what it throws ends the
   * work too.
   */
  watch(session: LoginSession, isStillRight?: () => Promise<unknown>): SessionWatch
}

export interface SessionWatch {
  /** Aborted within two seconds of the session's end, here or elsewhere. Its reason is the error to answer with. */
  readonly signal: AbortSignal
  /** The work is over. */
  stop(): void
}

interface SessionEndsOptions {
  readonly login: Login
  readonly clock: Pick<Clock, 'now' | 'wait'>
  /** Milliseconds for which a right that was looked up counts. */
  readonly period: number
}

interface Watched {
  readonly id: string
  readonly isStillRight: (() => Promise<unknown>) | undefined
  checkedAt: number
  readonly end: (reason: unknown) => void
}

/** Milliseconds between looks at one person's sessions, however much of theirs goes on. */
const step = 1000
/** Looks that may fail in a row: a database that is restarted ends nobody's upload. */
const patience = 15

export function createSessionEnds(options: SessionEndsOptions): SessionEnds {
  const { clock, login } = options
  const people = new Map<string, Set<Watched>>()
  // What ends in this process is known at once. What is replaced by another login of the same browser is found by looking.
  for (const event of ['logout', 'session_ended'] as const)
    login.on(event, ({ sid, subject = '' }) => {
      for (const watched of people.get(subject) ?? []) if (watched.id === sid) watched.end(ended())
    })
  return {
    watch({ claims: { sub }, id }, isStillRight) {
      const controller = new AbortController()
      const own = people.get(sub) ?? new Set()
      const watched = {
        id,
        isStillRight,
        checkedAt: clock.now(),
        end(reason: unknown) {
          own.delete(watched)
          controller.abort(reason)
        },
      }
      own.add(watched)
      if (!people.has(sub)) {
        people.set(sub, own)
        void follow(own, sub, { ...options, forget: () => people.delete(sub) })
      }
      return { signal: controller.signal, stop: () => void own.delete(watched) }
    },
  }
}

const ended = (): LoginRequiredError => new LoginRequiredError('The session has ended.')

/** As long as something of this person goes on. */
async function follow(
  all: Set<Watched>,
  subject: string,
  { clock, forget, login, period }: SessionEndsOptions & { readonly forget: () => void },
): Promise<void> {
  for (let failures = 0; all.size > 0;) {
    await clock.wait(step)
    try {
      const live = await liveSessions(login, subject)
      failures = 0
      for (const watched of all) if (!live.has(watched.id)) watched.end(ended())
    } catch (error) {
      failures += 1
      if (failures >= patience) for (const watched of all) watched.end(error)
    }
    const due = [...all].filter(({ checkedAt }) => checkedAt <= clock.now() - period)
    for (const watched of due) void checkRight(watched, clock.now())
  }
  forget()
}

async function liveSessions(login: Login, subject: string): Promise<Set<string>> {
  const live = new Set<string>()
  for await (const { id } of login.sessions(subject)) live.add(id)
  return live
}

/** Not waited for: whoever is slow to tell holds nobody else up. */
async function checkRight(watched: Watched, now: number): Promise<void> {
  watched.checkedAt = now
  try {
    await watched.isStillRight?.()
  } catch (error) {
    watched.end(error)
  }
}
