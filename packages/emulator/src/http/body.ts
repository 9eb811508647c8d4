import type * as z from 'zod'
import { badRequest, oauthError } from './error-documents.ts'
import { decodeUtf8, readBounded } from './read-bounded.ts'

const MAXIMUM_BYTES = 65_536

/** The parameters of a query or form, each at most once. An empty value counts as absent (RFC 6749 section 3.1). */
export type Parameters = ReadonlyMap<string, string>

/**
 * Reads a form.
 *
 * @throws ApiError `invalid_request` when it is no form, too large, not UTF-8, or names a parameter twice
 */
export async function readForm(request: Request): Promise<Parameters> {
  const mediaType = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  const bytes = await readBytes(request)
  if (mediaType !== 'application/x-www-form-urlencoded') {
    if (bytes.length === 0) return new Map()
    throw oauthError('invalid_request', `The body must be a form, not ${mediaType ?? 'of unknown type'}`)
  }
  const { parameters, duplicates } = singleParameters(new URLSearchParams(readUtf8(bytes)))
  const [duplicate] = duplicates
  if (duplicate !== undefined) throw oauthError('invalid_request', `Parameter ${duplicate} is given more than once`)
  forms.set(request, parameters)
  return parameters
}

/** The form that a request's endpoint has read; empty when it read none. */
export const formOf = (request: Request): Parameters => forms.get(request) ?? new Map()

const forms = new WeakMap<Request, Parameters>()

/**
 * Reads a JSON document.
 *
 * @throws ApiError 400 `BAD_REQUEST` when it is no JSON, too large, or not what is expected, naming the keys
 */
export async function readJson<Document>(request: Request, schema: z.ZodType<Document>): Promise<Document> {
  const text = readUtf8(await readBytes(request))
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw badRequest('The body is not JSON')
  }
  const result = schema.safeParse(document)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the document'}: ${message}`)
  throw badRequest(problems.join('; '))
}

/** Splits a list into what is given once and the names given more than once. */
export function singleParameters(list: URLSearchParams): { parameters: Parameters; duplicates: ReadonlySet<string> } {
  const parameters = new Map<string, string>()
  const seen = new Set<string>()
  const duplicates = new Set<string>()
  for (const [name, value] of list) {
    if (seen.has(name)) duplicates.add(name)
    seen.add(name)
    if (value !== '') parameters.set(name, value)
  }
  return { parameters, duplicates }
}

async function readBytes(request: Request): Promise<Buffer> {
  const bytes = await readBounded(request, MAXIMUM_BYTES)
  if (bytes === undefined) throw oauthError('invalid_request', `The body is larger than ${MAXIMUM_BYTES} bytes`)
  return bytes
}

function readUtf8(bytes: Buffer): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    throw oauthError('invalid_request', 'The body is not UTF-8')
  }
}
