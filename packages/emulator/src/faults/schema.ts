import * as z from 'zod'
import { endpointNames, type FaultRule } from '../faults.ts'
import { malformations } from './malform.ts'

const milliseconds = z.number().min(0).max(600_000)

const fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('answer'),
    status: z.int().min(200).max(599),
    body: z.string().exactOptional(),
    headers: z.record(z.string(), z.string()).exactOptional(),
    retryAfter: z.union([z.number(), z.string()]).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('delay'), milliseconds }),
  z.strictObject({ kind: z.literal('drip'), milliseconds, bytes: z.int().min(1).max(1e6).exactOptional() }),
  z.strictObject({ kind: z.literal('cut'), after: z.int().min(0).max(1e9) }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('lose-answer') }),
  z.strictObject({ kind: z.literal('merge'), document: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal('malformed'), how: z.enum(malformations) }),
  z.strictObject({ kind: z.literal('skew'), seconds: z.number().min(-1e9).max(1e9) }),
])

/** A rule as the control API takes it. */
export const faultRule: z.ZodType<FaultRule> = z.strictObject({
  fault,
  endpoint: z.enum(endpointNames).optional(),
  client: z.guid().optional(),
  identity: z.guid().optional(),
  times: z.union([z.int().min(1).max(10_000), z.literal('always')]).optional(),
})
