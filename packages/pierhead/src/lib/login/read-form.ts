import type { IncomingMessage } from 'node:http'
import { LoginError } from '../../errors.ts'

/** A form that login reads is no larger than this; it looks for one short field in it. */
const maxFormBytes = 64 * 1024

/** The fields of a urlencoded body. Throws `invalid_request` over 64 KiB. */
export async function readFormBody(req: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Leaving the loop must not destroy the request: its answer could not be sent.
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    // Without an encoding set, a request gives bytes.
    const part = chunk as Buffer
    bytes += part.length
    if (bytes > maxFormBytes) {
      req.resume()
      throw tooLarge()
    }
    chunks.push(part)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

/** The request with a body that is cut off where it becomes too long, or refused at once by its announced length. */
export function limitForm(request: Request): Request {
  const { headers, body } = request
  const declared = headers.get('transfer-encoding') === null ? headers.get('content-length') : null
  if (declared !== null && !(Number(declared) <= maxFormBytes)) throw tooLarge()
  if (declared !== null || body === null) return request
  let bytes = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > maxFormBytes) throw tooLarge()
      controller.enqueue(chunk)
    },
  })
  // `duplex` is in the fetch standard and not yet in its declarations.
  return new Request(request, { body: body.pipeThrough(limit), duplex: 'half' } as RequestInit)
}

function tooLarge(): LoginError {
  return new LoginError('invalid_request', `The form is larger than ${maxFormBytes} bytes.`)
}
