import type * as z from 'zod'
import type { EmulatorContext } from '../context.ts'
import { decodeUtf8, readBounded } from '../http/read-bounded.ts'
import type { Caller } from './caller.ts'
import { badRequest } from './errors.ts'

/** One request to an operation, with all that the operation needs. */
export interface Call {
  readonly request: Request
  readonly context: EmulatorContext
  readonly caller: Caller
  /** What stands in the path where the route has a name. */
  readonly params: Readonly<Record<string, string>>
  /** Empty values are left out: they count as absent. */
  readonly query: URLSearchParams
  readonly requestId: string
  /** The path without the version, as documents name it. */
  readonly resource: string
}

export interface Reply {
  readonly status: number
  readonly document: object | null
  /** `DATA` of the document, ready as text: many items take less room so. */
  readonly data?: readonly Buffer[]
}

export const ok = (document: object): Reply => ({ status: 200, document })

export const reply = (status: number, document: object): Reply => ({ status, document })

interface ResultOptions {
  readonly status?: number
  readonly dataType?: string
  readonly extra?: object
}

/** The document that tells what was done: code, message, request id and resource. */
export function result(call: Call, [code, message]: readonly [string, string], options: ResultOptions = {}): Reply {
  const { status = 200, dataType = 'result', extra } = options
  const about = { request_id: call.requestId, resource: call.resource }
  return reply(status, { DATA_TYPE: dataType, code, message, ...about, ...extra })
}

/** The value of a name in the route's path. */
export function param(call: Call, name: string): string {
  const value = call.params[name]
  if (value === undefined) throw new Error(`The route has no ${name}`)
  return value
}

const MAXIMUM_BYTES = 32 * 1024 * 1024

/** Reads and checks the JSON body. @throws TransferError 400 naming what is wrong */
export async function readBody<Document>(call: Call, schema: z.ZodType<Document>): Promise<Document> {
  const checked = schema.safeParse(await readJson(call.request))
  if (checked.success) return checked.data
  const problems = checked.error.issues.map(({ path, message }) => `${path.join('.') || 'the document'}: ${message}`)
  throw badRequest(`Invalid request document: ${problems.join('; ')}`)
}

async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBounded(request, MAXIMUM_BYTES)
  if (bytes === undefined) throw badRequest(`The document is larger than ${MAXIMUM_BYTES} bytes`)
  try {
    return JSON.parse(decodeUtf8(bytes))
  } catch {
    throw badRequest('The body is not a JSON document')
  }
}
