import { LoginError } from '../../errors.ts'

const maxFormBytes = 64 * 1024

/** The fields of a urlencoded body. Throws `invalid_request` over 64 KiB. */
export async function readFormBody(body: AsyncIterable<Uint8Array>): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > maxFormBytes) throw new LoginError('invalid_request', `The form is larger than ${maxFormBytes} bytes.`)
    chunks.push(part)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

/** For frameworks that read a body whole and keep it: refuses by the announced length, before anything is read. */
export function checkFormLength(contentLength: string | undefined): void {
  const bytes = Number(contentLength ?? Number.NaN)
  if (bytes <= maxFormBytes) return
  throw new LoginError('invalid_request', `A form must say its length, and that it has at most ${maxFormBytes} bytes.`)
}
