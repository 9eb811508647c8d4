import type { TransferClient } from 'pierhead/globus'

/** Something that happened to a task. Its words are the service's. */
export interface TaskEvent {
  /** Epoch milliseconds. */
  readonly time: number
  readonly code: string
  readonly isError: boolean
  readonly description: string
  readonly details: string
}

/** How fast a task was at a moment. */
export interface RateSample {
  /** Epoch milliseconds. */
  readonly time: number
  /** Bytes per second. */
  readonly rate: number
}

const most = 200

/** The newest events of a task, newest first. */
export async function readEvents(transfer: TransferClient, id: string): Promise<readonly TaskEvent[]> {
  const { items } = await transfer.task.getEventList(id, { limit: most }).collect(most)
  return items.map(({ time, code, is_error: isError, description, details }) => ({
    time: Date.parse(time),
    code,
    isError,
    description,
    details: typeof details === 'string' ? details : JSON.stringify(details),
  }))
}

/** Rates that progress events tell. Their format is not promised: an event that is not understood tells none. */
export function ratesOf(events: readonly TaskEvent[]): readonly RateSample[] {
  return events
    .filter(({ code }) => code === 'PROGRESS')
    .flatMap(({ time, details }) => {
      const found = /"mbps": *(\d+(?:\.\d+)?)/.exec(details)?.[1]
      return found === undefined ? [] : [{ time, rate: (Number(found) * 1_000_000) / 8 }]
    })
    .toSorted((left, right) => left.time - right.time)
}
