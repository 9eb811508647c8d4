import type { IncomingMessage } from 'node:http'
import { readFormBody } from './read-form.ts'

/**
 * The fields of a urlencoded body that a parser of the framework has read already, written so that the same parser reads
 * the same again. Undefined: nothing has been read.
 */
export function fieldsOf(body: unknown): URLSearchParams | undefined {
  if (body === undefined || body === null) return undefined
  if (body instanceof URLSearchParams) return body
  if (typeof body === 'string' || body instanceof Uint8Array) return new URLSearchParams(Buffer.from(body).toString())
  const fields = new URLSearchParams()
  if (typeof body === 'object') for (const [name, value] of Object.entries(body)) addField(fields, name, value)
  return fields
}

/** `a[b]` for nested values, as `qs` reads them; a list of one can only have come from `name[]`. */
function addField(fields: URLSearchParams, name: string, value: unknown): void {
  if (Array.isArray(value)) {
    const plain = value.length > 1 && value.every((entry) => typeof entry === 'string')
    for (const entry of value) addField(fields, plain ? name : `${name}[]`, entry)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, entry] of Object.entries(value)) addField(fields, `${name}[${key}]`, entry)
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    fields.append(name, String(value))
  }
}

/** The fields as a parser without nesting gives them to handlers: a text for each name, a list where it occurs again. */
export function bodyOf(fields: URLSearchParams): Record<string, string | string[]> {
  const names = new Set(fields.keys())
  return Object.fromEntries([...names].map((name) => [name, valueOf(fields.getAll(name))]))
}

function valueOf(values: readonly string[]): string | string[] {
  const [first = ''] = values
  return values.length > 1 ? [...values] : first
}

/**
 * The fields of a form, from what a parser before has left on the request; else from the request itself, and left there for
 * handlers and for parsers that come later.
 */
export async function readParsedForm(
  req: IncomingMessage & { body?: unknown; _body?: boolean },
): Promise<URLSearchParams> {
  const parsed = fieldsOf(req.body)
  // Express 4 gives an empty object where nothing was read.
  if (parsed !== undefined && (parsed.size > 0 || req.readableEnded)) return parsed
  const fields = await readFormBody(req)
  req.body = bodyOf(fields)
  // The mark by which body-parser knows that a body has been read.
  req._body = true
  return fields
}
