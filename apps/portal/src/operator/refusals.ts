import type { LoginEvent } from 'pierhead'

/** Somebody who was not let in, or something that was refused. */
export interface Refusal {
  /** Epoch milliseconds. */
  readonly at: number
  readonly code: string
  /** UUID of the identity, where one is known. */
  readonly subject: string | undefined
  readonly path: string | undefined
  /** Names the lines of the log that belong to it. */
  readonly request: string | undefined
  readonly message: string
}

/** The latest refusals of this process, for those who run the portal. In memory only: the log keeps them all. */
export interface Refusals {
  add(refusal: Omit<Refusal, 'at'>): void
  /** Takes those events of the login that are refusals. */
  note(event: LoginEvent, request: string | undefined): void
  /** The newest first. */
  list(): readonly Refusal[]
}

const most = 200
const events: ReadonlySet<string> = new Set(['access_refused', 'csrf_refused', 'login_failed', 'session_refused'])

export function createRefusals(now: () => number): Refusals {
  const kept: Refusal[] = []
  const add: Refusals['add'] = (refusal) => {
    kept.unshift({ at: now(), ...refusal })
    kept.length = Math.min(kept.length, most)
  }
  return {
    add,
    note({ event, code = event, message, subject }, request) {
      if (events.has(event)) add({ code, subject, path: undefined, request, message })
    },
    list: () => kept,
  }
}
