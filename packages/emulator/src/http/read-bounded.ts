/** The body of a request; undefined, with the rest unread, when it is longer than `maximum` bytes. */
export async function readBounded(request: Request, maximum: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > maximum) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** @throws TypeError when the bytes are not UTF-8 */
export const decodeUtf8 = (bytes: Buffer): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes)
