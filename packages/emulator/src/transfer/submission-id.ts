import { ok, type Call, type Reply } from './call.ts'

/** `GET /v0.10/submission_id`: a version 1 UUID. It is not kept; any client may make up its own. */
export function submissionId({ context }: Call): Reply {
  const bytes = Buffer.from(context.random(16))
  // 100 ns since 1582-10-15 (RFC 9562 section 5.1); the low bits of the time are random, the node is no machine's.
  const time = (BigInt(context.clock.now()) + 12_219_292_800_000n) * 10_000n + BigInt(bytes.readUInt16BE(0) % 10_000)
  const hex = time.toString(16).padStart(15, '0')
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  bytes[10] = (bytes[10] ?? 0) | 1
  const tail = bytes.toString('hex', 8)
  const value = `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-${tail.slice(0, 4)}-${tail.slice(4)}`
  return ok({ DATA_TYPE: 'submission_id', value })
}
