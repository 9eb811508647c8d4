import type { JsonObject } from './session-keeper.ts'
import { endedRecord, readCapsule, readCard, type RecordSealers, type SessionCard } from './session-record.ts'
import { maxSwaps, refuseSwaps, type SessionStore } from './session-store.ts'

export interface CensusOptions {
  readonly store: SessionStore
  readonly sealers: RecordSealers
  readonly now: () => number
}

/** A session as an operator or its owner sees it from another browser. */
export interface ListedSession extends SessionCard {
  /** Ends it; its live tokens go to the one caller that ended it. */
  end(): Promise<JsonObject | undefined>
}

export async function* listSessions(options: CensusOptions, subject: string): AsyncIterable<ListedSession> {
  for await (const { id, value } of options.store.listBySubject(subject)) {
    const card = readCard(options.sealers, value)
    if (card === undefined) continue
    const end = async (): Promise<JsonObject | undefined> => {
      const last = await endRecord(options, id, value)
      return last === undefined ? undefined : readCapsule(options.sealers, last)
    }
    yield { ...card, end }
  }
}

/** Removes expired sessions and hands over the tokens that died with them. The number tells whether more may be waiting. */
export async function sweepSessions(
  options: CensusOptions,
  limit: number,
): Promise<{ swept: number; tokens: JsonObject[] }> {
  const records = await options.store.sweep(limit)
  const capsules = records.map(({ value }) => readCapsule(options.sealers, value))
  return { swept: records.length, tokens: capsules.filter((capsule) => capsule !== undefined) }
}

/**
 * Ends a record and returns its last text to the one caller that ended it. The swap to an ended record comes before the
 * deletion, so that nobody stores a token after its content was read.
 */
export async function endRecord(options: CensusOptions, id: string, text: string): Promise<string | undefined> {
  const { store, now } = options
  let current: string | undefined = text
  for (let attempt = 0; attempt < maxSwaps; attempt += 1) {
    if (await store.replace(id, current, endedRecord, { expiresAt: now() + 60_000 })) {
      await store.delete(id)
      return current
    }
    current = await store.read(id)
    if (current === undefined || current === endedRecord) return undefined
  }
  throw refuseSwaps()
}
