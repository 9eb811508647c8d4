import { setTimeout as delay } from 'node:timers/promises'
import { isAtHome, type Person } from './crowd.ts'

/** What became of one request of the load. */
export interface Outcome {
  readonly who: 'stranger' | 'person'
  /** `lost`: somebody who was logged in is not, or was sent to log in. `broken`: no answer at all. */
  readonly kind: 'fine' | 'unavailable' | 'lost' | 'broken' | 'other'
  readonly milliseconds: number
  readonly detail: string
}

/** Strangers and people who open pages, steadily. */
export interface Load {
  /** What became of the requests that began while the work was done. */
  during(work: () => Promise<unknown>): Promise<Outcome[]>
  stop(): Promise<void>
}

/** Browsers that are busy at any time. */
const workers = 6
/** Milliseconds that each rests between two pages. */
const pause = 25

export function startLoad(origin: string, people: readonly Person[], globusOrigin: string): Load {
  for (const { visitor } of people) visitor.stopsBefore = globusOrigin
  const records: (Outcome & { readonly begun: number })[] = []
  let next = 0
  const stop = new AbortController()

  const work = async (share: readonly Person[]): Promise<void> => {
    while (!stop.signal.aborted) {
      const person = share[next++ % share.length]
      const begun = performance.now()
      const outcome = person === undefined || next % 4 === 0 ? await openAsStranger(origin) : await open(person, origin)
      records.push({ ...outcome, begun, milliseconds: performance.now() - begun })
      await delay(pause)
    }
  }
  // A person does one thing at a time, so each belongs to one worker.
  const running = Array.from({ length: workers }, (_, worker) =>
    work(people.filter((_each, index) => index % workers === worker)),
  )
  return {
    async during(part) {
      const from = performance.now()
      await part()
      const to = performance.now()
      // Those under way have their answer within the deadlines of nginx and the store.
      await delay(2500)
      return records.filter(({ begun }) => begun >= from && begun <= to)
    },
    async stop() {
      stop.abort()
      await Promise.all(running)
    },
  }
}

type Seen = Omit<Outcome, 'milliseconds'>

async function openAsStranger(origin: string): Promise<Seen> {
  try {
    const answer = await fetch(`${origin}/`, { headers: { accept: 'text/html' } })
    const text = await answer.text()
    const isFine = answer.status === 200 && text.includes('Login to Globus')
    return { who: 'stranger', kind: isFine ? 'fine' : 'other', detail: `${answer.status}` }
  } catch (error) {
    return { who: 'stranger', kind: 'broken', detail: String(error) }
  }
}

async function open({ visitor }: Person, origin: string): Promise<Seen> {
  try {
    await visitor.open(`${origin}/`)
  } catch (error) {
    return { who: 'person', kind: 'broken', detail: String(error) }
  }
  return { who: 'person', kind: kindOf(visitor), detail: `${visitor.status} ${visitor.url}` }
}

function kindOf(visitor: Person['visitor']): Outcome['kind'] {
  if (visitor.status === 503) return 'unavailable'
  if (isAtHome(visitor)) return 'fine'
  return visitor.status === 200 || visitor.trail.length > 1 ? 'lost' : 'other'
}
