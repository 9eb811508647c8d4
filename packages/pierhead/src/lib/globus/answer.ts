import { GlobusServiceError } from '../../errors.ts'
import { isJsonObject } from './foreign-text.ts'

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The parsed body; undefined when it is empty or no JSON. */
  readonly json: unknown
  readonly isJson: boolean
}

/** What is read of a `Response`. */
export type Body = Pick<Response, 'ok' | 'status' | 'headers' | 'body'> & Partial<Pick<Response, 'text'>>

/** No error document is near this size. */
const maximumErrorBytes = 1024 * 1024

/**
 * Reads a bounded body.
 *
 * @throws GlobusServiceError `globus_answer_invalid` when it is too large
 */
export async function readAnswer(service: string, response: Body, maximumBytes: number): Promise<Answer> {
  const most = response.ok ? maximumBytes : Math.min(maximumBytes, maximumErrorBytes)
  const text = await readText(service, response, most)
  const json = parse(text)
  return { status: response.status, headers: response.headers, json, isJson: text === '' || json !== undefined }
}

async function readText(service: string, response: Body, most: number): Promise<string> {
  // Far quicker than chunk by chunk. HTTP sees to it that no more comes than was announced.
  if (announcedBytes(response.headers) <= most && response.text) return response.text()
  const chunks: Uint8Array[] = []
  let length = 0
  // Chunks arrive decompressed, so this bounds a compressed bomb too. Leaving the loop closes the connection.
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > most) {
      const message = `The service ${service} sent more than ${most} bytes.`
      throw new GlobusServiceError('globus_answer_invalid', message, { service, status: response.status })
    }
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

/** Infinity when it is not known: a compressed body has any size. */
function announcedBytes(headers: Headers): number {
  const length = headers.get('content-length')
  const isPlain = !headers.has('content-encoding') && !headers.has('transfer-encoding')
  return isPlain && length !== null && /^\d{1,15}$/.test(length) ? Number(length) : Number.POSITIVE_INFINITY
}

function parse(text: string): unknown {
  try {
    const value: unknown = text === '' ? undefined : JSON.parse(text)
    return isJsonObject(value) || Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
