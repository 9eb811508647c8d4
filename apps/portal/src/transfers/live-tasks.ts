import type { Clock, LoginSession } from 'pierhead'
import type { SessionEnds } from '../access/session-ends.ts'
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
  readonly sessionEnds: SessionEnds
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
const heartbeatPeriod = 15
/** Streams of one person. A browser needs one for all its windows. */
const mostStreams = 600
/** A reader that is so many messages behind is gone. */
const mostUnread = 200

export function createLiveTasks(options: LiveTasksOptions): LiveTasks {
  const { globus, clock, sessionEnds, write, closing } = options
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
    void follow(watch, { ...options, forget: () => people.delete(subject) })
    return watch
  }
  return {
    stream(session, { watched, since }) {
      let watcher: Watcher | undefined
      const watch = watchFor(session.claims.sub)
      const ends = sessionEnds.watch(session)
      const leave = (): boolean => {
        ends.stop()
        return watcher !== undefined && watch.watchers.delete(watcher)
      }
      return new ReadableStream(
        {
          start(controller) {
            const send = (message: Uint8Array): void => {
              if ((controller.desiredSize ?? 0) < -mostUnread) end()
              else controller.enqueue(message)
            }
            const end = (): void => void (leave() && controller.close())
            ends.signal.addEventListener('abort', end)
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
            if (!closing.aborted) return watch.add(watcher, since)
            ends.stop()
            controller.close()
          },
          cancel: () => void leave(),
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
  watch: PersonWatch,
  { clock, closing, longest, forget }: LiveTasksOptions & { readonly forget: () => void },
): Promise<void> {
  // The first watcher is added after this function has begun.
  await Promise.resolve()
  try {
    for (let count = 1; watch.watchers.size > 0 && !closing.aborted; count += 1) {
      await watch.step()
      for (const watcher of watch.watchers) if (watcher.since <= clock.now() - longest) watcher.end()
      if (count % heartbeatPeriod === 0) for (const watcher of watch.watchers) watcher.beat()
      await clock.wait(step, closing)
    }
  } catch {
    // Stopped: whoever reads comes back and is asked again.
  } finally {
    forget()
    for (const watcher of watch.watchers) watcher.end()
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const heartbeat = encode(':\n\n')
const troubled = encode('event: trouble\ndata: {}\n\n')
