import type { Clock, Login, LoginSession } from 'pierhead'
import type { Globus } from '../globus.ts'
import { PersonWatch, type KnownTask, type TaskUpdate, type Watcher } from './person-watch.ts'

/** Tasks as they go on, for any number of pages of any number of people. */
export interface LiveTasks {
  /**
   * Lines of an event stream, from what was learned since then (epoch milliseconds). It ends with the session, with the portal,
   * or when nobody reads it any more.
   */
  stream(session: LoginSession, wanted: { watched: readonly string[]; since: number }): ReadableStream<Uint8Array>
  /** What is known of a task of this person while pages watch it; undefined where Transfer must be asked. */
  known(subject: string, id: string): KnownTask | undefined
  /** So many streams of this person are open that no more are given. */
  isFull(subject: string): boolean
  /** This person has just submitted or cancelled something. */
  hurry(subject: string): void
}

interface LiveTasksOptions {
  readonly globus: Globus
  readonly login: Login
  readonly clock: Pick<Clock, 'now' | 'wait'>
  /** Ends all streams. */
  readonly closing: AbortSignal
  /** Milliseconds after which a stream ends by itself: whoever reads it comes back, and is asked again for what access needs. */
  readonly longest: number
  /** What is sent of a task. Made once for all who watch it. */
  readonly write: (update: TaskUpdate) => string
}

/** Milliseconds; also the least between two requests for one person. */
const step = 1000
const sessionPeriod = 2
const heartbeatPeriod = 15
/** Streams of one person. A browser needs one for all its windows. */
const mostStreams = 600
/** A reader that is so many messages behind is gone. */
const mostUnread = 200

export function createLiveTasks(options: LiveTasksOptions): LiveTasks {
  const { globus, clock, write, closing } = options
  const people = new Map<string, PersonWatch>()
  const written = new WeakMap<TaskUpdate, Uint8Array>()
  const messageOf = (update: TaskUpdate): Uint8Array => {
    const message = written.get(update) ?? encode(`event: task\nid: ${update.at}\ndata: ${write(update)}\n\n`)
    written.set(update, message)
    return message
  }
  const watchFor = (subject: string): PersonWatch => {
    const known = people.get(subject)
    if (known !== undefined) return known
    const watch = new PersonWatch((session) => globus.transfer(session), clock.now)
    people.set(subject, watch)
    void follow(subject, watch, { ...options, forget: () => people.delete(subject) })
    return watch
  }
  return {
    stream(session, { watched, since }) {
      let watcher: Watcher | undefined
      const watch = watchFor(session.claims.sub)
      return new ReadableStream(
        {
          start(controller) {
            const send = (message: Uint8Array): void => {
              if ((controller.desiredSize ?? 0) < -mostUnread) end()
              else controller.enqueue(message)
            }
            const end = (): void => {
              if (watcher !== undefined && watch.watchers.delete(watcher)) controller.close()
            }
            watcher = {
              session,
              since: clock.now(),
              watched,
              end,
              tell: (update) => send(messageOf(update)),
              trouble: () => send(troubled),
              beat: () => send(heartbeat),
            }
            // Readers learn at once that the stream is there, and how soon to come back after it broke.
            send(encode(`retry: 3000\n\n`))
            if (closing.aborted) controller.close()
            else watch.add(watcher, since)
          },
          cancel: () => void (watcher && watch.watchers.delete(watcher)),
        },
        { highWaterMark: 0 },
      )
    },
    known: (subject, id) => people.get(subject)?.known(id),
    isFull: (subject) => (people.get(subject)?.watchers.size ?? 0) >= mostStreams,
    hurry: (subject) => people.get(subject)?.hurry(),
  }
}

/** As long as somebody watches. */
async function follow(
  subject: string,
  watch: PersonWatch,
  { login, clock, closing, longest, forget }: LiveTasksOptions & { readonly forget: () => void },
): Promise<void> {
  // The first watcher is added after this function has begun.
  await Promise.resolve()
  try {
    for (let count = 1; watch.watchers.size > 0 && !closing.aborted; count += 1) {
      await watch.step()
      if (count % sessionPeriod === 0) await endWithSessions(login, subject, watch)
      for (const watcher of watch.watchers) if (watcher.since <= clock.now() - longest) watcher.end()
      if (count % heartbeatPeriod === 0) for (const watcher of watch.watchers) watcher.beat()
      await clock.wait(step, closing)
    }
  } catch {
    // Stopped, or the session store cannot tell who is still logged in: whoever reads comes back and is asked again.
  } finally {
    forget()
    for (const watcher of watch.watchers) watcher.end()
  }
}

/** Sessions end in other processes too: by logging out there, or everywhere. */
async function endWithSessions(login: Login, subject: string, watch: PersonWatch): Promise<void> {
  const live = new Set<string>()
  for await (const { id } of login.sessions(subject)) live.add(id)
  for (const watcher of watch.watchers) if (!live.has(watcher.session.id)) watcher.end()
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const heartbeat = encode(':\n\n')
const troubled = encode('event: trouble\ndata: {}\n\n')
