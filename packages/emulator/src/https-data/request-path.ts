import { decodeName } from '../collections/name-codec.ts'
import type { VirtualPath } from '../collections/virtual-path.ts'
import { readPath } from '../transfer/open-collection.ts'
import { badRequest } from '../transfer/errors.ts'

/** What the path of a request names. */
export interface RequestedFile {
  readonly path: VirtualPath
  /** Whether it ends in a slash, as only directories may. */
  readonly isDirectory: boolean
}

/**
 * Reads the path of an address: each segment is decoded by itself, so that an encoded slash is part of a name, and no file is called so.
 *
 * @throws TransferError 400 for what no file can be called, 403 for what leads outside
 */
export function requestedFile(url: URL): RequestedFile {
  const names = url.pathname.split('/').map(decodeSegment)
  const path = readPath(`/${names.join('/')}`)
  return { path, isDirectory: path.length === 0 || url.pathname.endsWith('/') }
}

function decodeSegment(segment: string): string {
  if (/%(?![0-9a-f]{2})/i.test(segment)) throw badRequest('The path is not percent-encoded')
  // By bytes: names that are no UTF-8 keep theirs.
  const bytes = Buffer.from(
    segment.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16))),
    'latin1',
  )
  const name = decodeName(bytes)
  if (name.includes('/')) throw badRequest('A name holds a slash')
  return name
}

/** The path as an address, encoded. */
export function toPathname(path: VirtualPath): string {
  return `/${path.map(encodeURIComponent).join('/')}`
}
