/** What Redis keeps under one key: four lines, so that scripts there can take it apart. */
export interface RedisRecord {
  /** Epoch milliseconds. */
  readonly expiresAt: number
  readonly value: string
}

/** Raised when the lines change: a release that does not know a format takes the record for absent. */
const format = '1'

export function wrapValue(record: { expires: string; subject: string; value: string }): string {
  return `${format}\n${record.expires}\n${encodeURIComponent(record.subject)}\n${record.value}`
}

/** Undefined: there is none, or of a format that this release does not know. */
export function openRecord(reply: unknown): RedisRecord | undefined {
  const text = textOf(reply)
  if (text === undefined || !text.startsWith(`${format}\n`)) return undefined
  const afterExpiry = text.indexOf('\n', format.length + 1)
  const afterSubject = text.indexOf('\n', afterExpiry + 1)
  if (afterExpiry < 0 || afterSubject < 0) return undefined
  return { expiresAt: Number(text.slice(format.length + 1, afterExpiry)), value: text.slice(afterSubject + 1) }
}

/** Clients give text, or bytes when they are set up so. Undefined: neither. */
export function textOf(reply: unknown): string | undefined {
  if (typeof reply === 'string') return reply
  return Buffer.isBuffer(reply) ? reply.toString() : undefined
}
