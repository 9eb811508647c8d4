import type * as z from 'zod'
import { decodeUtf8, readBounded } from '../http/read-bounded.ts'

const MAXIMUM_BYTES = 10 * 1024 * 1024
const MAXIMUM_DEPTH = 100

/** Why a body cannot be used. */
export interface BodyProblem {
  /** Where in the document; empty for the document itself. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

export type Body<Document> = { readonly document: Document } | { readonly problems: readonly BodyProblem[] }

/** Reads and checks a JSON document of at most 10 MB, the most that Globus Search takes. */
export async function readJsonBody<Document>(request: Request, schema: z.ZodType<Document>): Promise<Body<Document>> {
  const text = await readText(request)
  if (text === undefined) return problem(`The body is larger than ${MAXIMUM_BYTES} bytes or not UTF-8`)
  if (isTooDeep(text)) return problem(`The document is nested deeper than ${MAXIMUM_DEPTH}`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return problem('The body is not a JSON document')
  }
  const checked = schema.safeParse(value)
  if (checked.success) return { document: checked.data }
  return {
    problems: checked.error.issues.map(({ path, message }) => ({
      path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
      message,
    })),
  }
}

/** Found out before anything walks through the document. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let inText = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') inText = !inText
    else if (inText && character === '\\') at += 1
    else if (!inText && (character === '[' || character === '{')) depth += 1
    else if (!inText && (character === ']' || character === '}')) depth -= 1
    if (depth > MAXIMUM_DEPTH) return true
  }
  return false
}

async function readText(request: Request): Promise<string | undefined> {
  const bytes = await readBounded(request, MAXIMUM_BYTES)
  try {
    return bytes && decodeUtf8(bytes)
  } catch {
    return undefined
  }
}

const problem = (message: string): { readonly problems: readonly BodyProblem[] } => ({
  problems: [{ path: [], message }],
})
