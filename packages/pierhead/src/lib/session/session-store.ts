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

/** A swap that loses this often is not met by chance: the store is broken. */
export const maxSwaps = 200

export function refuseSwaps(): LoginError {
  return new LoginError('store_unavailable', `The session store refused ${maxSwaps} swaps of one session in a row.`)
}
