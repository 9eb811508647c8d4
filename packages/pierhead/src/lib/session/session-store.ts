import { LoginError } from '../../errors.ts'

/** A stored value with the identifier it was stored under. */
export interface StoredValue {
  readonly id: string
  readonly value: string
}

/**
 * Where sessions live between requests. Values are sealed before they arrive; a store sees identifiers that are already
 * hashes, opaque strings and times. All times are epoch milliseconds of the login's clock. There is no upsert: a value
 * that was deleted can never come back through `replace`.
 *
 * An identifier may begin with a tag in braces, always the same one for values of one subject: a store that is spread over
 * machines keeps what has the same tag on one of them. To every other store it is part of the identifier.
 */
export interface SessionStore {
  /** Adds a value. False: the identifier is taken (also by an expired value that was not swept yet), nothing changed. */
  create(id: string, value: string, entry: { subject: string; expiresAt: number }): Promise<boolean>
  /** The value, or undefined when there is none or it expired. */
  read(id: string): Promise<string | undefined>
  /** Atomic compare-and-swap: stores `next` iff the value still is `previous` and did not expire. */
  replace(id: string, previous: string, next: string, entry: { expiresAt: number }): Promise<boolean>
  /** Removes the value. True only for the one caller that removed it. */
  delete(id: string): Promise<boolean>
  /** Every live value of one subject (a keyed hash of issuer and subject), in no particular order. */
  listBySubject(subject: string): AsyncIterable<StoredValue>
  /** Removes up to `limit` expired values and hands each to exactly one caller. */
  sweep(limit: number): Promise<StoredValue[]>
  /** Adds a job to the durable queue. `due`: not before this time. The same identifier again keeps the first job. */
  enqueue(id: string, value: string, due: number): Promise<void>
  /** Takes up to `limit` due jobs and hides each for `lease` milliseconds from every other caller. */
  claim(limit: number, lease: number): Promise<StoredValue[]>
  /** Removes a job for good. */
  settle(id: string): Promise<void>
  /** Releases what the store opened itself. A client that was passed in stays open. */
  close(): Promise<void>
}

/** What identifiers of a subject's values begin with. */
export function subjectTag(subject: string): string {
  return `{${subject.slice(0, 8)}}`
}

/** What stands in the braces that an identifier begins with. Undefined: it has no tag. */
export function tagOf(id: string): string | undefined {
  const end = id.startsWith('{') ? id.indexOf('}') : -1
  return end > 1 ? id.slice(1, end) : undefined
}

/** A swap that loses this often is not met by chance: the store is broken. */
export const maxSwaps = 200

export function refuseSwaps(): LoginError {
  return new LoginError('store_unavailable', `The session store refused ${maxSwaps} swaps of one session in a row.`)
}
