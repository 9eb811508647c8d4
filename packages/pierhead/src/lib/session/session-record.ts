import type { Sealer } from './seal.ts'
import type { JsonObject, Lease, SessionContent } from './session-keeper.ts'
import type { SessionTimes } from './timeouts.ts'

const format = '1'
/** Takes the place of a record for the moment between ending a session and deleting it. */
export const endedRecord = '0'

/** Facts about a session that its owner's own pages and an operator may see without the session's cookie. */
export interface SessionCard {
  readonly sid: string
  readonly times: SessionTimes
  readonly browser: string
}

export interface SessionRecord {
  readonly content: SessionContent
  readonly card: SessionCard
  readonly leases: { readonly [name: string]: Lease }
}

export interface RecordSealers {
  /** Opens only with the key in the session's cookie: a stolen database says nothing of what is in it. */
  readonly content: Sealer
  readonly card: Sealer
  /** The live tokens, so that a session can be revoked by someone who does not hold its cookie. */
  readonly capsule: Sealer
}

/**
 * A record is five fields separated by `~`: format, content, card, capsule, leases. The first three sealed fields are
 * rewritten together with whatever they depend on; leases hold nothing secret and are plain JSON.
 */
export function writeRecord(sealers: RecordSealers, key: Uint8Array, record: SessionRecord): string {
  return [
    format,
    sealers.content.seal(JSON.stringify(record.content), key),
    sealers.card.seal(JSON.stringify(record.card)),
    sealers.capsule.seal(JSON.stringify(record.content.tokens)),
    JSON.stringify(record.leases),
  ].join('~')
}

/** Undefined: the record is of another format, sealed with an unknown key, or damaged. */
export function readRecord(sealers: RecordSealers, key: Uint8Array, text: string): SessionRecord | undefined {
  const fields = splitRecord(text)
  if (fields === undefined) return undefined
  const content = sealers.content.open(fields.content, key)
  const card = readCard(sealers, text)
  if ('failure' in content || card === undefined) return undefined
  // Sealed by writeRecord, under keys that nothing else seals with.
  return { content: JSON.parse(content.text) as SessionContent, card, leases: readLeases(fields.leases) }
}

/** The same record with other leases or another card: what is sealed with the cookie's key stays as it is. */
export function replaceFields(
  sealers: RecordSealers,
  text: string,
  change: { card?: SessionCard; leases?: SessionRecord['leases'] },
): string {
  const [version = '', content = '', card = '', capsule = '', ...leases] = text.split('~')
  return [
    version,
    content,
    change.card === undefined ? card : sealers.card.seal(JSON.stringify(change.card)),
    capsule,
    change.leases === undefined ? leases.join('~') : JSON.stringify(change.leases),
  ].join('~')
}

export function readCard(sealers: RecordSealers, text: string): SessionCard | undefined {
  const card = sealers.card.open(splitRecord(text)?.card ?? '')
  // Sealed by writeRecord.
  return 'failure' in card ? undefined : (JSON.parse(card.text) as SessionCard)
}

/** The live tokens of a record. Undefined: not one of ours. */
export function readCapsule(sealers: RecordSealers, text: string): JsonObject | undefined {
  const capsule = sealers.capsule.open(splitRecord(text)?.capsule ?? '')
  // Sealed by writeRecord.
  return 'failure' in capsule ? undefined : (JSON.parse(capsule.text) as JsonObject)
}

function splitRecord(text: string): { content: string; card: string; capsule: string; leases: string } | undefined {
  const [version, content, card, capsule, ...leases] = text.split('~')
  if (version !== format || content === undefined || card === undefined || capsule === undefined) return undefined
  return { content, card, capsule, leases: leases.join('~') }
}

/** Leases are the only part that the database's owner could write; a wrong one delays a refresh and nothing else. */
function readLeases(text: string): SessionRecord['leases'] {
  return Object.fromEntries(
    Object.entries(parseObject(text)).filter((entry): entry is [string, Lease] => isLease(entry[1])),
  )
}

function isLease(value: unknown): value is Lease {
  if (typeof value !== 'object' || value === null || !('owner' in value) || !('counter' in value)) return false
  return typeof value.owner === 'string' && typeof value.counter === 'number'
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
