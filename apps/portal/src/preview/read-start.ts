import { isGlobusServiceError } from 'pierhead'
import type { CollectionClient } from 'pierhead/globus'

/** The beginning of a file, and what is known of all of it. */
export interface FileStart {
  readonly bytes: Uint8Array
  /** Bytes of the whole file; undefined when its server did not say. */
  readonly size: number | undefined
  /** There is more than was read. */
  readonly isCut: boolean
  readonly lastModified: string | undefined
}

export interface StartOptions {
  /** Bytes. */
  readonly most: number
  /** Ends the reading; what it throws is the signal's reason. */
  readonly signal?: AbortSignal
}

/** Reads the beginning of a file; no more than that leaves the server. */
export async function readStart(
  files: CollectionClient,
  path: string,
  { most, signal }: StartOptions,
): Promise<FileStart> {
  try {
    const {
      body,
      lastModified,
      range,
      size: length,
    } = await files.get(path, {
      range: { start: 0, end: most - 1 },
      ...(signal === undefined ? {} : { signal }),
    })
    const chunks: Uint8Array[] = []
    let count = 0
    // Leaving the loop closes the connection: a server may send the whole file all the same.
    for await (const chunk of body) {
      chunks.push(chunk)
      count += chunk.byteLength
      if (count >= most) break
    }
    const size = range === undefined ? length : range.total
    const bytes = Buffer.concat(chunks).subarray(0, most)
    return { bytes, size, isCut: size === undefined ? count >= most : size > bytes.byteLength, lastModified }
  } catch (error) {
    signal?.throwIfAborted()
    // Of an empty file there is no first byte.
    if (!isGlobusServiceError(error) || error.status !== 416) throw error
    return { bytes: new Uint8Array(), size: 0, isCut: false, lastModified: undefined }
  }
}

/** The text of these bytes, without half a character at its end; undefined when they are none. */
export function decodeText({ bytes, isCut }: Pick<FileStart, 'bytes' | 'isCut'>): string | undefined {
  if (bytes.includes(0)) return undefined
  const text = new TextDecoder().decode(bytes, { stream: isCut })
  const broken = text.split('\ufffd').length - 1
  return broken > text.length / 20 ? undefined : text
}
